import { styleCode } from './safe-text.js';
import type { Look } from './status-look.js';

/** What begins a style, and what ends it. */
const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  magenta: [35, 39],
  cyan: [36, 39],
  gray: [90, 39],
} as const;

export type Ink = Record<keyof typeof codes, (text: string) => string>;

const inkOf = (styled: (text: string, begin: number, end: number) => string): Ink =>
  Object.fromEntries(
    Object.entries(codes).map(([name, [begin, end]]) => [name, (text: string) => styled(text, begin, end)]),
  ) as Ink;

const coloured = inkOf((text, begin, end) =>
  text === '' ? '' : `${styleCode(begin)}${text}${styleCode(end)}`,
);
const plain = inkOf((text) => text);

/** Colours, or none at all: the same calls either way. */
export const paint = (color: boolean): Ink => (color ? coloured : plain);

/** Told apart by shape as well as by colour. */
export const glyphs: Record<Look, string> = {
  running: '▸',
  waiting: '◦',
  retrying: '↻',
  succeeded: '✔',
  caught: '!',
  failed: '✖',
  aborted: '⊘',
  plain: ' ',
};

export const colors = {
  running: 'cyan',
  waiting: 'yellow',
  retrying: 'yellow',
  succeeded: 'green',
  caught: 'yellow',
  failed: 'red',
  aborted: 'magenta',
  plain: 'gray',
} as const satisfies Record<Look, string>;
