import { command, declare } from '../shell/command.js';
import { executionReference } from '../shell/execution-reference.js';
import { pickOptions } from './pick-options.js';

export const declaration = declare({
  name: 'redrive',
  changes: ({ plan }) => plan !== true,
  summary: 'Continue failed executions where they failed',
  description:
    'Uses the original input and definition; steps that succeeded do not run again. Possible for 14 days after the execution ended. To use a changed definition or input, see rerun.',
  arguments: [{ syntax: '[execution...]', description: executionReference }],
  options: [
    { flags: '--plan', description: 'only report whether a redrive is possible, and what would run again' },
    {
      flags: '--failed',
      description: 'with --machine: FAILED, TIMED_OUT and ABORTED executions (the default)',
    },
    ...pickOptions,
    { flags: '--error <name>', description: 'with --machine: that failed with this error' },
    { flags: '--follow', description: 'follow until the end; the outcome decides the exit code' },
  ],
  examples: [
    { line: 'mbc-flow redrive @last --plan', what: 'what would happen' },
    { line: 'mbc-flow redrive @last --follow', what: 'continue where it failed, and follow until the end' },
    { line: 'mbc-flow redrive --machine command --failed --since 1d', what: "all of yesterday's failures" },
  ],
});

export const redrive = command(declaration, () => import('./redrive.run.js'));
