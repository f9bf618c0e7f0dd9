import { command, declare } from '../shell/command.js';
import { executionReference } from '../shell/execution-reference.js';

export const declaration = declare({
  name: 'open',
  summary: 'Open an execution in the AWS console',
  description: 'Prints the URL, and in a terminal opens it in the browser.',
  arguments: [{ syntax: '<execution>', description: executionReference }],
  options: [{ flags: '--print', description: 'only print the URL' }],
  examples: [
    { line: 'mbc-flow open @last', what: 'in the browser' },
    { line: 'mbc-flow open @last --print', what: 'the URL, to share it' },
  ],
});

export const open = command(declaration, () => import('./open.run.js'));
