import type { OptionSpec, OptionsOf } from '../shell/command.js';

/** How commands in bulk pick executions, besides by name. */
export const pickOptions = [
  { flags: '--machine <name>', description: 'all fitting ones of this state machine' },
  { flags: '--since <time>', description: 'of those: started since 30m, 2h, 7d ago, or a date' },
  { flags: '--match <text>', description: 'of those: whose input has this text in it' },
  { flags: '--error <name>', description: 'of those: that failed with this error' },
  { flags: '--limit <number>', description: 'at most so many', default: '1000' },
] as const satisfies OptionSpec[];

export type PickOptions = OptionsOf<typeof pickOptions>;
