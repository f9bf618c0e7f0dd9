import { command, declare } from '../shell/command.js';
import { requestReference } from '../shell/execution-reference.js';
import { choosing, forcing, many, tokenFromStdin } from './options.js';

export const declaration = declare({
  name: 'fail',
  changes: true,
  summary: 'Fail any paused step; its Retry and Catch apply',
  arguments: [{ syntax: '[reference...]', description: requestReference }],
  options: [
    { flags: '--error <name>', description: 'error name for Retry and Catch to match' },
    { flags: '--cause <text>', description: 'cause to record' },
    ...many,
    ...choosing,
    tokenFromStdin,
    forcing,
  ],
  examples: [
    { line: 'mbc-flow fail r-1 --error Cancelled --cause "customer left"', what: 'one request' },
    { line: 'mbc-flow fail @last --error Cancelled', what: 'the one paused step of an execution' },
  ],
});

export const fail = command(declaration, () => import('./fail.run.js'));
