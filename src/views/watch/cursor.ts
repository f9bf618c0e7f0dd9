/**
 * Where a key moves the cursor of a list; undefined for a key that does not move it.
 * @param at -1: nothing is chosen yet, and the keys that go up begin at its end
 * @param page rows that are seen at once
 */
export function movedBy(key: string, at: number, length: number, page: number): number | undefined {
  const to = (index: number): number => Math.max(0, Math.min(length - 1, index));
  const from = at < 0 ? length : at;
  switch (key) {
    case 'up':
    case 'k':
      return to(from - 1);
    case 'down':
    case 'j':
      return to(at + 1);
    case 'pageup':
      return to(from - page);
    case 'pagedown':
      return to(at + page);
    case 'home':
    case 'g':
      return 0;
    case 'end':
    case 'G':
      return to(length - 1);
    default:
      return undefined;
  }
}
