import { command, declare } from '../shell/command.js';

export const declaration = declare({
  name: 'demo',
  changes: true,
  summary: 'See it work: a sample import on the embedded server, from end to end',
  description:
    'Needs no AWS account, no Docker and no network. Everything stays in the local data directory, including a paused approval for you to answer.',
  examples: [
    { line: 'mbc-flow demo', what: 'imports thirty products, shows them, and leaves an approval to try' },
  ],
});

export const demo = command(declaration, () => import('./demo.run.js'));
