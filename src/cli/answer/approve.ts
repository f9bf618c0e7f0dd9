import { command, declare } from '../shell/command.js';
import { requestReference } from '../shell/execution-reference.js';
import { choosing, forcing, many } from './options.js';

export const declaration = declare({
  name: 'approve',
  changes: true,
  summary: 'Approve a request by its id, without looking up its task token',
  description:
    'Finds the paused step in the histories of the running executions, brings the answer into the form that its state needs, shows what will happen, asks, sends, and reads from the history that it did.',
  arguments: [{ syntax: '[requestId...]', description: requestReference }],
  options: [
    { flags: '--comment <text>', description: 'comment to send with the answer' },
    {
      flags: '--answer <json>',
      description: 'instead of {"approved":true,…}: JSON text, @file, or - for stdin',
    },
    ...many,
    ...choosing,
    forcing,
  ],
  examples: [
    { line: 'mbc-flow approve r-1', what: 'one request' },
    { line: 'mbc-flow approve --from ids.txt', what: 'many; the same line goes on where it was broken off' },
    { line: 'mbc-flow approve --all --match department=sales', what: 'all that fit, after a count' },
  ],
});

export const approve = command(declaration, () => import('./approve.run.js'));
