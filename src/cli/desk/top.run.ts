import { type ExitCode, exitCodes } from '../../errors.js';
import type { Run } from '../shell/command.js';
import { plainDesk } from './plain-desk.js';
import { screenDesk } from './screen-desk.js';
import type { declaration } from './top.js';

export const run: Run<typeof declaration> = async (context, [machine], options): Promise<ExitCode> => {
  const target = await context.connect({ changes: true });
  const stateMachineArn = machine === undefined ? undefined : await target.machineArn(machine);
  if (options.plain || !context.screen || !context.terminal.stdinIsTTY)
    return await plainDesk(context, target, stateMachineArn);
  await screenDesk(context, target, context.screen(), stateMachineArn);
  if (target.carried())
    context.err.notice(
      'The local server ends with this screen. Running executions are saved on disk and pause. Continue them with mbc-flow dev',
    );
  return context.signal.reason === 'SIGTERM' ? exitCodes.terminated : exitCodes.ok;
};
