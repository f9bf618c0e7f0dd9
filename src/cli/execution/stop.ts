import { command, declare } from '../shell/command.js';
import { executionReference } from '../shell/execution-reference.js';
import { duration } from '../shell/flag-values.js';
import { pickOptions } from './pick-options.js';

export const declaration = declare({
  name: 'stop',
  changes: true,
  summary: 'Abort running executions',
  description:
    'What they have done stays done; an aborted execution may be redriven. Asks before it does anything.',
  arguments: [{ syntax: '[execution...]', description: executionReference }],
  options: [
    ...pickOptions,
    {
      flags: '--older-than <duration>',
      description: 'with --machine: running for longer than 30m, 2h, 7d',
      parse: duration,
    },
    { flags: '--chain', description: 'all stuck versions of an entity: its key, or an execution of one' },
    { flags: '--error <name>', description: 'recorded as the error of the abort' },
    { flags: '--cause <text>', description: 'recorded as its cause: who, why' },
  ],
  examples: [
    { line: 'mbc-flow stop @last --cause "wrong file"', what: 'the execution that was started last' },
    { line: "mbc-flow stop --chain 'SAMPLE#t1/A001'", what: 'a chain of versions that wait in vain' },
    { line: 'mbc-flow stop --machine command --older-than 7d', what: 'all of a machine that hang' },
  ],
});

export const stop = command(declaration, () => import('./stop.run.js'));
