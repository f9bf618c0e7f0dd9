import { command, declare } from '../shell/command.js';
import { requestReference } from '../shell/execution-reference.js';
import { choosing, forcing, many, tokenFromStdin } from './options.js';

export const declaration = declare({
  name: 'heartbeat',
  changes: true,
  summary: 'Keep a paused step alive by restarting its heartbeat timeout',
  arguments: [{ syntax: '[reference...]', description: requestReference }],
  options: [...many, ...choosing, tokenFromStdin, forcing],
  examples: [{ line: 'mbc-flow heartbeat r-1', what: 'one request' }],
});

export const heartbeat = command(declaration, () => import('./heartbeat.run.js'));
