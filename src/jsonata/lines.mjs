// @ts-check
const NEWLINE = 10;

/**
 * Puts lines together from the chunks of a pipe. JSON text has no newline of its own, so a line is a message.
 * @param {(line: string) => void} take
 * @returns {(chunk: Buffer) => void}
 */
export function lineReader(take) {
  /** @type {Buffer[]} */
  let open = [];
  return (chunk) => {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      const line = Buffer.concat([...open, chunk.subarray(from, at)]).toString();
      open = [];
      from = at + 1;
      take(line);
    }
    if (from < chunk.length) open.push(chunk.subarray(from));
  };
}
