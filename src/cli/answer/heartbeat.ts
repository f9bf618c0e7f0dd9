import type { Command } from '../shell/command.js';
import { requestReference } from '../shell/execution-reference.js';
import { answer } from './answer.js';
import { choosing, forcing, many, tokenFromStdin } from './options.js';

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
