import { isObject, type Json } from '../../json/json.js';

/** What a function says of a batch of rows. */
export interface BatchReply {
  totalRows: number;
  succeededRows: number;
  failedRows: number;
  /** Which rows (0-based in the batch) and why; absent where the function does not tell. */
  failures?: { index: number; reason: string }[];
}

/**
 * The reply in a child's output: as it is, or still wrapped as Lambda's and the framework's answers are
 * (`{"Payload": [[reply]]}`). Undefined when there is none to be found.
 */
export function findReply(output: Json | undefined): BatchReply | undefined {
  if (Array.isArray(output)) return output.length === 1 ? findReply(output[0]) : undefined;
  if (!isObject(output)) return undefined;
  const { totalRows, succeededRows, failedRows, failures } = output;
  if (typeof totalRows !== 'number' || typeof succeededRows !== 'number' || typeof failedRows !== 'number') {
    return findReply(output.Payload);
  }
  const told = Array.isArray(failures) ? failures.filter(isObject) : undefined;
  return {
    totalRows,
    succeededRows,
    failedRows,
    ...(told && {
      failures: told.map(({ index, reason }) => ({ index: Number(index), reason: String(reason) })),
    }),
  };
}

/** An answer out of its wrappings: Lambda's `Payload`, the framework's array of arrays. */
export function unwrapped(output: Json): Json {
  if (Array.isArray(output) && output.length === 1) return unwrapped(output[0] ?? null);
  return isObject(output) && output.Payload !== undefined ? unwrapped(output.Payload) : output;
}
