import { movedBy } from '../watch/cursor.js';

/** Lines between the head of the screen and its foot, as far as nothing is told there. */
export const roomIn = ({ rows }: { rows: number }): number => Math.max(1, rows - 3);

/** The first line of a text that a key leads to; undefined for a key that does not scroll. */
export function scrolledBy(key: string, top: number, length: number, room: number): number | undefined {
  const last = Math.max(0, length - room);
  return movedBy(key === ' ' ? 'pagedown' : key, Math.min(top, last), last + 1, room);
}
