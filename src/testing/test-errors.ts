import type { FlowTestError } from './types.js';

interface Fault {
  code?: string;
  message: string;
  where?: string;
  hint?: string;
}

/** An error of the server's side as one of the test's: a test runner's realm has an `Error` of its own. */
export function inThisRealm(error: unknown): Error {
  if (error instanceof Error && error.name === 'FlowTestError') return error;
  const { code = 'Failed', message, where, hint } = error as Fault;
  const lines = [
    where === undefined ? message : `${where}: ${message}`,
    ...(hint === undefined ? [] : [`hint: ${hint}`]),
  ];
  const more = { name: 'FlowTestError', code, where, hint };
  return Object.assign(new Error(lines.join('\n')), more) satisfies FlowTestError;
}

export const misused = (where: string, message: string, hint: string): Error =>
  inThisRealm({ code: 'BadOption', message, where, hint });
