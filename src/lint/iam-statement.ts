/** A statement of an IAM policy. */
export interface Statement {
  effect: 'Allow' | 'Deny';
  actions: string[];
  /** Those that are known; others may be anything. */
  resources: string[];
}
