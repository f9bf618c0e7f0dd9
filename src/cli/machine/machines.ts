import { command, declare } from '../shell/command.js';

export const declaration = declare({
  name: 'machines',
  summary: 'State machines of the target, or all about one',
  description:
    'With a name: definition, role, logging, tracing, versions, aliases, tags and the newest executions of one state machine.',
  arguments: [
    { syntax: '[machine]', description: 'state machine: role, name or ARN (default: list all of them)' },
  ],
  examples: [
    { line: 'mbc-flow machines', what: 'on the default target' },
    { line: 'mbc-flow machines import-csv', what: 'all about one' },
    { line: 'mbc-flow machines --target dev -o json', what: 'of another target, for a script' },
  ],
});

export const machines = command(declaration, () => import('./machines.run.js'));
