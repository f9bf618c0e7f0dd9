import { command, declare } from '../shell/command.js';

export const declaration = declare({
  name: 'top',
  summary: 'The operator’s desk: executions, paused steps, imports and machines on one screen',
  description:
    'Lists that stay fresh, and keys that act: Enter opens what is chosen, Esc goes back, / filters, ? shows every key. It makes at most 50 calls a minute by itself and says how old each list is. Every change asks as the commands do; on a protected target type its name.',
  arguments: [{ syntax: '[machine]', description: 'only this state machine: role, name or ARN' }],
  options: [
    {
      flags: '--plain',
      description: 'no screen: the lists in words, then a line a change, for a screen reader or a pipe',
    },
  ],
  examples: [
    { line: 'mbc-flow top', what: 'all state machines of the target' },
    { line: 'mbc-flow top import-csv', what: 'one state machine' },
    { line: 'mbc-flow top --target prod', what: 'another target' },
  ],
});

export const top = command(declaration, () => import('./top.run.js'));
