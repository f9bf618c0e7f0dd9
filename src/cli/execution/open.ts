import { command, declare } from '../shell/command.js';
import { executionReference } from '../shell/execution-reference.js';

export const declaration = declare({
  name: 'open',
  summary: 'Open an execution in the browser: in the AWS console, or on local in the mbc-flow UI',
  description:
    'Prints the URL, and in a terminal opens it in the browser. If no mbc-flow UI is running for the target, it serves one until Ctrl-C.',
  arguments: [{ syntax: '<execution>', description: executionReference }],
  options: [
    { flags: '--ui', description: 'in the mbc-flow UI, on any target' },
    { flags: '--print', description: 'only print the URL' },
  ],
  examples: [
    { line: 'mbc-flow open @last', what: 'in the browser' },
    { line: 'mbc-flow open @last --ui', what: 'in the mbc-flow UI' },
    { line: 'mbc-flow open @last --print', what: 'the URL, to share it' },
  ],
});

export const open = command(declaration, () => import('./open.run.js'));
