import type { OptionSpec } from './command.js';

/** How people are told of what happens while they look elsewhere. */
export const notifyOptions = [
  { flags: '--bell', description: "ring the terminal's bell" },
  { flags: '--desktop', description: 'notification of the desktop, where the terminal can (OSC 9, OSC 777)' },
  {
    flags: '--notify <command>',
    description: 'run this command, once for each event, with the event as JSON on its standard input',
  },
] as const satisfies OptionSpec[];
