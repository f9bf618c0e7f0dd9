import { exitCodes } from '../../errors.js';
import type { Run } from '../shell/command.js';
import { exitCodeOf, leavingBy } from '../shell/interruption.js';
import { serveUntilLeft } from './serve.js';
import type { declaration } from './ui.js';

export const run: Run<typeof declaration> = async (context, _args, { port, readOnly = false, open }) => {
  const target = await context.connect({ changes: !readOnly, takeOver: false });
  if (context.dryRun) {
    context.out.document({ dryRun: true, target: target.name, readOnly }, [
      `Would serve the mbc-flow UI for ${await target.describe()}; nothing was started`,
    ]);
    return exitCodes.ok;
  }
  await serveUntilLeft(context, target, { port, readOnly, open });
  if (target.carried()) context.err.notice('Stopped. What was running goes on at the next start.');
  return exitCodeOf(leavingBy(context.signal));
};
