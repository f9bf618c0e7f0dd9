import type { Run } from '../shell/command.js';
import { answer } from './answer.js';
import type { declaration } from './heartbeat.js';

export const run: Run<typeof declaration> = async (context, [references], options) =>
  await answer(context, references, options, { verb: 'heartbeat' });
