import type { Command } from './command.js';
import { dev } from './dev.js';
import { list } from './list.js';
import { machines } from './machines.js';
import { show } from './show.js';
import { start } from './start.js';
import { watch } from './watch.js';

/** Every command, in the order of the help. */
export const commands: Command[] = [watch, show, list, start, machines, dev];
