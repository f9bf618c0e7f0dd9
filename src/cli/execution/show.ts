import { command, declare } from '../shell/command.js';
import { executionReference } from '../shell/execution-reference.js';

export const declaration = declare({
  name: 'show',
  aliases: ['status', 'describe'],
  summary: 'One page about an execution: where it stands, why it failed, what to type next',
  description:
    'Shows status, timing, the states that ran, what it waits for, the decoded cause of a failure, map runs, input and output. Task tokens are never shown.',
  arguments: [{ syntax: '[execution]', description: executionReference }],
  options: [
    {
      flags: '--history <file>',
      description:
        'read a saved history (what `aws stepfunctions get-execution-history` prints, or log lines) instead; - is stdin',
    },
  ],
  examples: [
    { line: 'mbc-flow show @last', what: 'the execution that was started last' },
    { line: 'mbc-flow show @last -o json', what: 'the same for a script' },
    { line: 'mbc-flow show --history history.json', what: 'a saved history, without calling anyone' },
  ],
});

export const show = command(declaration, () => import('./show.run.js'));
