import { command, declare } from '../shell/command.js';
import { executionReference } from '../shell/execution-reference.js';
import { duration } from '../shell/input/flag-values.js';
import { pickOptions } from './pick-options.js';

export const declaration = declare({
  name: 'stop',
  changes: true,
  summary: 'Abort running executions',
  description: 'Asks first. What has already run is not undone; an aborted execution can be redriven.',
  arguments: [{ syntax: '[execution...]', description: executionReference }],
  options: [
    ...pickOptions,
    {
      flags: '--older-than <duration>',
      description: 'with --machine: running for longer than 30m, 2h, 7d',
      parse: duration,
    },
    {
      flags: '--chain',
      description: 'all stuck versions of an entity, named by its key or by an execution of one',
    },
    { flags: '--error <name>', description: 'error name to record' },
    { flags: '--cause <text>', description: 'cause to record: who, why' },
  ],
  examples: [
    { line: 'mbc-flow stop @last --cause "wrong file"', what: 'the execution started last' },
    { line: "mbc-flow stop --chain 'SAMPLE#t1/A001'", what: 'the stuck versions of an entity' },
    {
      line: 'mbc-flow stop --machine command --older-than 7d',
      what: 'all executions of a state machine older than 7 days',
    },
  ],
});

export const stop = command(declaration, () => import('./stop.run.js'));
