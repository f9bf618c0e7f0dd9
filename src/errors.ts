/** Exit codes of the contract; `docs/cli.md` has the table. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  denied: 4,
  conflict: 5,
  unreachable: 6,
  bug: 70,
  timeout: 124,
  interrupted: 130,
  terminated: 143,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/**
 * The one error that a command may end with on purpose: shown as a short block (what, where, why, what to
 * type next), or as one JSON line under `-o json`.
 */
export class FlowError extends Error {
  readonly exitCode: ExitCode;
  /** Stable name for scripts: `ExecutionNotFound`, `DuplicateHeader`, … */
  readonly code: string;
  /** `file:line:column`, a flag, an ARN. */
  readonly where?: string;
  /** The next command to type, or what to change. */
  readonly hint?: string;
  /** More fields for the JSON form. */
  readonly details?: Record<string, unknown>;
  constructor(
    exitCode: ExitCode,
    code: string,
    message: string,
    more: { where?: string; hint?: string; cause?: unknown; details?: Record<string, unknown> } = {},
  ) {
    super(message, { cause: more.cause });
    this.name = 'FlowError';
    this.exitCode = exitCode;
    this.code = code;
    this.where = more.where;
    this.hint = more.hint;
    this.details = more.details;
  }
}

/** Whether what was thrown is the error of a command, with one of these codes. */
export const failedWith = (error: unknown, ...codes: ExitCode[]): error is FlowError =>
  error instanceof FlowError && codes.includes(error.exitCode);

const worstFirst: ExitCode[] = [70, 6, 4, 5, 3, 2, 1];

/** Of several things done at once: the contract's order, not the largest number. */
export const worstExitCode = (codes: ExitCode[]): ExitCode =>
  worstFirst.find((code) => codes.includes(code)) ??
  codes.find((code) => code !== exitCodes.ok) ??
  exitCodes.ok;
