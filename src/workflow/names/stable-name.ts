/**
 * Name of what a command starts, by which it is found again: a word for people, and a digest of all that makes it what
 * it is. At most 80 characters of those that AWS allows in names and logs.
 * @param attempt 1, or more where the same is wanted again
 */
export function stableName(word: string, otherwise: string, digest: string, attempt: number): string {
  const readable = word
    .replace(/[^0-9A-Za-z_-]+/g, '-')
    .replace(/^[-_]+|[-_]+$/g, '')
    .slice(0, 50);
  const name = `${readable || otherwise}-${digest.slice(0, 16)}`;
  return attempt === 1 ? name : `${name}-${attempt}`;
}

/**
 * Names of a batch's executions, in order.
 * @param number 1, or more where one goes on with what never ran
 */
export function shareName(batch: string, index: number, number = 1): string {
  const name = `${batch}-${String(index + 1).padStart(4, '0')}`;
  return number === 1 ? name : `${name}-${number}`;
}

const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A ULID: the time, and 80 bits of a digest instead of chance, by which the record of the same is found. */
export function stableUlid(now: number, digest: string): string {
  let time = '';
  for (let rest = now; time.length < 10; rest = Math.floor(rest / 32)) time = letters[rest % 32] + time;
  return time + ulidEnd(digest);
}

/** What the ULIDs of the same digest end with. */
export function ulidEnd(digest: string): string {
  let bits = BigInt(`0x${digest.slice(0, 20)}`);
  let text = '';
  for (; text.length < 16; bits >>= 5n) text = letters[Number(bits & 31n)] + text;
  return text;
}
