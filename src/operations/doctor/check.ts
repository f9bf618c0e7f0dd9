import { exitCodes, FlowError } from '../../errors.js';
import type { Gateways } from '../../ports/aws.js';

/** What became of one check. `unchecked`: the target does not tell. */
export interface Check {
  check: string;
  status: 'ok' | 'warning' | 'fault' | 'unchecked';
  message: string;
  /** What to type or to change. */
  hint?: string;
}

/** The target, as far as it is examined. */
export interface Examined {
  gateways: Gateways;
  flagsForHints: string;
  /** A server on this machine. */
  loopback?: boolean;
  /** What the names of its machines begin with. */
  prefix?: string;
  machineArn(role: string): Promise<string>;
  machineReason(role: string): string;
  uploadBucket(): Promise<string>;
  now(): number;
}

export const ok = (check: string, message: string): Check => ({ check, status: 'ok', message });

/** Runs a check; what it cannot find out is a finding too, never an end. */
export async function* told<T>(
  check: string,
  run: () => Promise<{ value?: T; found: Check[] }>,
): AsyncGenerator<Check, T | undefined> {
  try {
    const { value, found } = await run();
    yield* found;
    return value;
  } catch (error) {
    if (!(error instanceof FlowError) || error.exitCode === exitCodes.bug) throw error;
    yield { check, ...statusOf(error), message: error.message, hint: error.hint };
    return undefined;
  }
}

function statusOf({ exitCode, code }: FlowError): Pick<Check, 'status'> {
  // A local stand-in has not all services; who may not look at one learns nothing about it.
  if (/UnknownOperation|NotImplemented|InvalidAction|MethodNotAllowed|UnsupportedOperation/.test(code))
    return { status: 'unchecked' };
  if (code === 'Credentials') return { status: 'fault' };
  if (exitCode === exitCodes.denied || exitCode === exitCodes.usage) return { status: 'unchecked' };
  return { status: exitCode === exitCodes.notFound ? 'warning' : 'fault' };
}
