export interface Diagnostic {
  code: string;
  message: string;
  /** `/States/Name/Field`; absent where AWS gives none. */
  location?: string;
}

/** The rules of one validation run: what AWS refuses, and what AWS takes and we do not run yet. */
export interface Findings {
  type: 'STANDARD' | 'EXPRESS';
  errors: Diagnostic[];
  unsupported: Diagnostic[];
  labels: Set<string>;
}
