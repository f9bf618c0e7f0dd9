import { Chalk, type ChalkInstance } from 'chalk';
import type { Look } from './state-rows.js';

/** Colours, or none at all: the same calls either way. */
export const paint = (color: boolean): ChalkInstance => new Chalk({ level: color ? 1 : 0 });

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

/** How the status of a whole execution is drawn. */
export const statusLook: Record<string, Look> = {
  RUNNING: 'running',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  TIMED_OUT: 'failed',
  ABORTED: 'aborted',
  PENDING_REDRIVE: 'waiting',
};
