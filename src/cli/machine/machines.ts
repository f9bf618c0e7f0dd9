import { command, declare } from '../shell/command.js';

export const declaration = declare({
  name: 'machines',
  summary: 'State machines of the target',
  examples: [
    { line: 'mbc-flow machines', what: 'on the default target' },
    { line: 'mbc-flow machines --target dev -o json', what: 'of another target, for a script' },
  ],
});

export const machines = command(declaration, () => import('./machines.run.js'));
