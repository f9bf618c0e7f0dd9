/** What the framework says of a job. */
export interface JobState {
  status: string;
  message?: string;
  total?: number;
  succeeded?: number;
  failed?: number;
}

/** From a record, or from what the machine's last step says. */
export function jobState(value: Record<string, unknown>): JobState | undefined {
  const result = (typeof value.result === 'object' && value.result) || value;
  const { message, total, succeeded, failed } = result as Record<string, unknown>;
  if (typeof value.status !== 'string') return undefined;
  const count = (number: unknown): number | undefined => (typeof number === 'number' ? number : undefined);
  return {
    status: value.status,
    ...(typeof message === 'string' && { message }),
    total: count(total),
    succeeded: count(succeeded),
    failed: count(failed),
  };
}
