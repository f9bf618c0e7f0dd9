import { command, declare } from '../shell/command.js';
import { port } from '../shell/input/flag-values.js';

export const declaration = declare({
  name: 'ui',
  changes: true,
  summary: 'The mbc-flow UI: executions, paused steps, imports and machines in the browser',
  description:
    'Serves a page from this machine, for any target, until Ctrl-C. The link holds a token and is printed in a terminal only. Every change asks on the page as the commands do; on a protected target type its name there.',
  options: [
    {
      flags: '--port <port>',
      description: 'port on 127.0.0.1; 0 takes a free one (default: that of the last time, if it is free)',
      parse: port,
    },
    { flags: '--read-only', description: 'refuse every change, whatever the page asks for' },
    { flags: '--no-open', description: 'print the link, and do not open it in the browser' },
  ],
  examples: [
    { line: 'mbc-flow ui', what: 'the local target' },
    { line: 'mbc-flow ui --target prod --read-only', what: 'another target, only to look at' },
  ],
});

export const ui = command(declaration, () => import('./ui.run.js'));
