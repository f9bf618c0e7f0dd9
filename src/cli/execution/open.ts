import { command, declare } from '../shell/command.js';
import { executionReference } from '../shell/execution-reference.js';

export const declaration = declare({
  name: 'open',
  summary: "The AWS console's page about an execution",
  description: 'Opens it in a browser on a terminal, and prints its address.',
  arguments: [{ syntax: '<execution>', description: executionReference }],
  options: [{ flags: '--print', description: 'only print the address' }],
  examples: [
    { line: 'mbc-flow open @last', what: 'in a browser' },
    { line: 'mbc-flow open @last --print', what: 'the address, to send to somebody' },
  ],
});

export const open = command(declaration, () => import('./open.run.js'));
