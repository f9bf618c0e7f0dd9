import type { Terminal } from './context.js';

/** NO_COLOR beats FORCE_COLOR, both beat the terminal; `--no-color` beats all. */
export function colorWanted(env: Record<string, string | undefined>, isTTY: boolean, flag: boolean): boolean {
  if (!flag || (env.NO_COLOR ?? '') !== '') return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  return isTTY && env.TERM !== 'dumb';
}

interface Streams {
  env: Record<string, string | undefined>;
  stdin: { isTTY?: boolean };
  stdout: { isTTY?: boolean; columns?: number; rows?: number };
  stderr: { isTTY?: boolean; columns?: number };
}

export function readTerminal(
  streams: Streams,
  { color: colorFlag, utc }: { color: boolean; utc: boolean },
): Terminal {
  const { stdout, stderr, env } = streams;
  const stdoutIsTTY = stdout.isTTY === true;
  const stderrIsTTY = stderr.isTTY === true;
  return {
    utc,
    stdoutIsTTY,
    stderrIsTTY,
    // Opened by those that ask only.
    get stdinIsTTY() {
      return streams.stdin.isTTY === true;
    },
    columns: stdout.columns || stderr.columns || Number(env.COLUMNS) || 80,
    rows: stdout.rows || Number(env.LINES) || 24,
    color: colorWanted(env, stdoutIsTTY, colorFlag),
    errorColor: colorWanted(env, stderrIsTTY, colorFlag),
  };
}
