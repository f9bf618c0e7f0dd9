import { choosingInMachine } from '../answer/options.js';
import { command, declare, type OptionSpec } from '../shell/command.js';
import { duration } from '../shell/input/flag-values.js';
import { notifyOptions } from '../shell/notify-options.js';

export const pendingOptions = [
  ...choosingInMachine,
  {
    flags: '--older-than <duration>',
    description: 'only steps that have waited longer: 30m, 2h, 1d',
    parse: duration,
  },
  { flags: '--stuck', description: 'only commands that nothing will resume, with what blocks them' },
  { flags: '--watch', description: 'refresh until Ctrl-C' },
  ...notifyOptions,
  { flags: '--reveal-token', description: 'show the task tokens too: on a terminal, or with --yes' },
] as const satisfies OptionSpec[];

export const declaration = declare({
  name: 'pending',
  summary: 'Paused steps waiting for an answer, with age, deadline and owner',
  description:
    'Read from the histories of the running executions alone, in Maps, branches and map runs too. With --stuck only commands that wait for a predecessor in vain, as chains; --stuck and --older-than end with 1 when they find something. --bell, --desktop and --notify tell of each step found; with --watch of those that come later.',
  arguments: [
    { syntax: '[machine]', description: 'state machine: role, name or ARN (default: all of them)' },
  ],
  options: pendingOptions,
  examples: [
    { line: 'mbc-flow pending', what: 'all of the target' },
    { line: 'mbc-flow pending command --stuck', what: 'chains of versions that wait in vain' },
    { line: 'mbc-flow pending --older-than 1d -q', what: 'for cron: exit 1 when something waits that long' },
    {
      line: "mbc-flow pending --older-than 1d -q --notify 'cat >> waiting.ndjson'",
      what: 'for cron: each such step, as JSON, to a command',
    },
    { line: 'mbc-flow pending --watch --desktop', what: 'told on the desktop when somebody has to answer' },
  ],
});

export const pending = command(declaration, () => import('./pending.run.js'));
