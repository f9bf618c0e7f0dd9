import type { OptionSpec, OptionsOf } from '../shell/command.js';

/** What `trigger stream` and `trigger queue` have in common. */
export const whichFunction =
  "The function is the one that --function names, else the target's in the config, else the one that the account's event source mappings name, else the one that the state machine calls.";

export const sharedOptions = [
  { flags: '--function <name>', description: 'name or ARN of the function' },
  {
    flags: '--filter <json>',
    description: "filter pattern instead of the mapping's (default: the framework's); none delivers all",
  },
  {
    flags: '--machine <machine>',
    description: 'machine whose new executions are reported (default: the one for such records)',
  },
  {
    flags: '--follow',
    description: 'follow the executions until the end; the outcome decides the exit code',
  },
] as const satisfies OptionSpec[];

export type TriggerOptions = OptionsOf<typeof sharedOptions>;
