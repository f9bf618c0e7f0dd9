/** Of the executions that ended; undefined where none did. */
export function successRate(counts: {
  succeeded: number;
  failed: number;
  timedOut: number;
  aborted: number;
}): number | undefined {
  const { succeeded, failed, timedOut, aborted } = counts;
  const ended = succeeded + failed + timedOut + aborted;
  return ended === 0 ? undefined : succeeded / ended;
}
