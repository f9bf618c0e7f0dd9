/** Lines between the head of the screen and its foot, as far as nothing is told there. */
export const roomIn = ({ rows }: { rows: number }): number => Math.max(1, rows - 3);

/** The first line of a text that a key leads to; undefined for a key that does not scroll. */
export function scrolledBy(key: string, top: number, length: number, room: number): number | undefined {
  const last = Math.max(0, length - room);
  const to = (line: number): number => Math.max(0, Math.min(last, line));
  switch (key) {
    case 'up':
    case 'k':
      return to(top - 1);
    case 'down':
    case 'j':
      return to(top + 1);
    case 'pageup':
      return to(top - room);
    case 'pagedown':
    case ' ':
      return to(top + room);
    case 'home':
    case 'g':
      return 0;
    case 'end':
    case 'G':
      return last;
    default:
      return undefined;
  }
}
