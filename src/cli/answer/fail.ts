import type { Command } from '../shell/command.js';
import { requestReference } from '../shell/execution-reference.js';
import { answer } from './answer.js';
import { choosing, forcing, many, textOption, tokenFromStdin } from './options.js';

export const fail: Command = {
  name: 'fail',
  changes: true,
  summary: 'Fail any paused step: its Retry and Catch decide what then',
  arguments: [{ syntax: '[reference...]', description: requestReference }],
  options: [
    { flags: '--error <name>', description: 'the error that Retry and Catch see' },
    { flags: '--cause <text>', description: 'why' },
    ...many,
    ...choosing,
    tokenFromStdin,
    forcing,
  ],
  examples: [
    { line: 'mbc-flow fail r-1 --error Cancelled --cause "customer left"', what: 'one request' },
    { line: 'mbc-flow fail @last --error Cancelled', what: 'the one paused step of an execution' },
  ],
  async run(context, [references], options) {
    const decision = {
      verb: 'fail',
      error: textOption(options.error),
      cause: textOption(options.cause),
    } as const;
    return await answer(context, [references ?? []].flat(), options, decision);
  },
};
