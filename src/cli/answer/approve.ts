import type { Command } from '../shell/command.js';
import { requestReference } from '../shell/execution-reference.js';
import { answer } from './answer.js';
import { choosing, forcing, many, readAnswer, textOption } from './options.js';

export const approve: Command = {
  name: 'approve',
  changes: true,
  summary: 'Answer an approval with yes, by its request id: no database, no token needed',
  description:
    'Finds the paused step in the histories of the running executions, brings the answer into the form that its state needs, shows what will happen, asks, sends, and reads from the history that it did.',
  arguments: [{ syntax: '[requestId...]', description: requestReference }],
  options: [
    { flags: '--comment <text>', description: 'goes along with the answer' },
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
  async run(context, [requestIds], options) {
    const decision = {
      verb: 'approve',
      comment: textOption(options.comment),
      answer: await readAnswer(context, options.answer),
    } as const;
    return await answer(context, [requestIds ?? []].flat(), options, decision);
  },
};
