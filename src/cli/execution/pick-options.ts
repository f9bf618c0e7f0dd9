import type { OptionSpec, OptionsOf } from '../shell/command.js';
import { count, since } from '../shell/input/flag-values.js';

/** How commands in bulk pick executions, besides by name. */
export const pickOptions = [
  { flags: '--machine <name>', description: 'all matching executions of this state machine' },
  {
    flags: '--since <time>',
    description: 'with --machine: started since 30m, 2h, 7d ago, or a date',
    parse: since,
  },
  { flags: '--match <text>', description: 'with --machine: whose input contains this text' },
  { flags: '--limit <number>', description: 'maximum number of executions', default: '1000', parse: count },
] as const satisfies OptionSpec[];

export type PickOptions = OptionsOf<typeof pickOptions>;
