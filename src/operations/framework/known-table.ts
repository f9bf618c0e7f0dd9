import { exitCodes, FlowError } from '../../errors.js';

/** Name of one of the framework's tables; undefined where nothing says it, and so there is no app with tables. */
export function knownTable(name: () => string): string | undefined {
  try {
    return name();
  } catch (error) {
    if (error instanceof FlowError) return undefined;
    throw error;
  }
}

/** A table that is not there, or whose service is not. */
export const isMissing = ({ exitCode }: FlowError): boolean =>
  exitCode === exitCodes.unreachable || exitCode === exitCodes.notFound;
