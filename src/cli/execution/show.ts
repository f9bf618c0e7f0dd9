import { command, declare } from '../shell/command.js';
import { executionReference } from '../shell/execution-reference.js';

export const declaration = declare({
  name: 'show',
  aliases: ['status', 'describe'],
  summary: 'Show the status of an execution, why it failed and what to do next',
  description:
    'Shows status, timing, states, what it waits for, the decoded cause of a failure, map runs, input and output. Task tokens are never shown.',
  arguments: [{ syntax: '[execution]', description: executionReference }],
  options: [
    {
      flags: '--history <file>',
      description:
        'read a saved history (the output of `aws stepfunctions get-execution-history`, or log lines) instead; - for stdin',
    },
  ],
  examples: [
    { line: 'mbc-flow show @last', what: 'the execution started last' },
    { line: 'mbc-flow show @last -o json', what: 'the same for a script' },
    { line: 'mbc-flow show --history history.json', what: 'a saved history, without calling AWS' },
  ],
});

export const show = command(declaration, () => import('./show.run.js'));
