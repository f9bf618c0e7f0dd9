/** How a row is drawn; `waiting` and `retrying` are running states that are shown differently. */
export type Look =
  | 'running'
  | 'waiting'
  | 'retrying'
  | 'succeeded'
  | 'caught'
  | 'failed'
  | 'aborted'
  | 'plain';

/** How the status of a whole execution is drawn. */
export const statusLook: Record<string, Look> = {
  RUNNING: 'running',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  TIMED_OUT: 'failed',
  ABORTED: 'aborted',
  PENDING_REDRIVE: 'waiting',
};
