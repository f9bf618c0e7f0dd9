import { exitCodes, type FlowError, failedWith } from '../../errors.js';

/** The error says that a policy lacks an action, and not that there are no credentials. */
const isDenied = (error: unknown): error is FlowError =>
  failedWith(error, exitCodes.denied) && error.code !== 'Credentials';

/** What a read gives that not every role may do; undefined to one that may not. */
export async function allowed<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isDenied(error)) return undefined;
    throw error;
  }
}

/** Reads of several things, of which a role may see some. */
export function allowedAmong() {
  let refused: FlowError | undefined;
  let some = false;
  return {
    async read<T>(one: () => Promise<T>): Promise<T | undefined> {
      try {
        const value = await one();
        some = true;
        return value;
      } catch (error) {
        if (!isDenied(error)) throw error;
        refused ??= error;
        return undefined;
      }
    },
    /** @throws FlowError 4 where all were refused */
    check(): void {
      if (refused && !some) throw refused;
    },
  };
}

/** What is looked for besides may be absent, for whatever reason but that the role may not look. */
export const unlessDenied = (error: unknown): undefined => {
  if (isDenied(error)) throw error;
};

/** What is not there is no error; anything else is one. */
export function unlessNotFound(error: unknown): undefined {
  if (!failedWith(error, exitCodes.notFound)) throw error;
}
