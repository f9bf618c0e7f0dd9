import type { Run } from '../shell/command.js';
import { answer } from './answer.js';
import type { declaration } from './heartbeat.js';

export const run: Run<typeof declaration> = async (context, [references], options) => {
  return await answer(context, [references ?? []].flat(), options, { verb: 'heartbeat' });
};
