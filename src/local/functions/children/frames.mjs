// @ts-check
// The channel between the server and a function's process: a line of JSON a message, over a pipe of its own. A
// function may write whatever it likes to it; what is no message of ours is passed over. Plain JavaScript, since both
// sides use it, and nothing turns TypeScript into it in the child.

/** No message is longer: an answer of Lambda's 6 MB, every character of it escaped. */
const MOST_CHARACTERS = 64 << 20;

/**
 * Cuts a stream into lines. Give it chunks in order.
 * @param {(line: string) => void} online
 * @param {number} most a line that grows beyond this is given in pieces
 * @returns {{ push(text: string): void, end(): void }}
 */
export function lineSplitter(online, most = MOST_CHARACTERS) {
  let kept = '';
  return {
    push(text) {
      let begin = 0;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', begin)) {
        online((kept + text.slice(begin, end)).replace(/\r$/, ''));
        kept = '';
        begin = end + 1;
      }
      kept += text.slice(begin);
      while (kept.length > most) {
        online(kept.slice(0, most));
        kept = kept.slice(most);
      }
    },
    end() {
      if (kept !== '') online(kept);
      kept = '';
    },
  };
}

/**
 * The message of a line; undefined for anything else.
 * @param {string} line
 * @returns {Record<string, unknown> | undefined}
 */
export function messageOf(line) {
  try {
    const value = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
