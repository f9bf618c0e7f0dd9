import { choosing, forcing, many, tokenFromStdin } from './answer-options.js';
import { answer } from './answering.js';
import type { Command } from './command.js';
import { requestReference } from './execution-reference.js';

export const heartbeat: Command = {
  name: 'heartbeat',
  changes: true,
  summary: 'Keep a paused step alive: its heartbeat timeout begins anew',
  arguments: [{ syntax: '[reference...]', description: requestReference }],
  options: [...many, ...choosing, tokenFromStdin, forcing],
  examples: [{ line: 'mbc-flow heartbeat r-1', what: 'one request' }],
  async run(context, [references], options) {
    return await answer(context, [references ?? []].flat(), options, { verb: 'heartbeat' });
  },
};
