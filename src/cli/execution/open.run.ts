import { exitCodes, FlowError } from '../../errors.js';
import { consoleUrl } from '../../workflow/names/console-url.js';
import type { Run } from '../shell/command.js';
import { browse } from './browse.js';
import type { declaration } from './open.js';

export const run: Run<typeof declaration> = async (context, [execution], options) => {
  const target = await context.connect({ changes: false });
  const executionArn = /^arn:[^:]*:states:[^:]*:[^:]*:(stateMachine|mapRun):/.test(execution)
    ? execution
    : await target.executionArn(execution);
  if (target.loopback) {
    throw new FlowError(exitCodes.usage, 'NoConsole', `the target ${target.name} has no console`, {
      where: executionArn,
      hint: `mbc-flow graph ${executionArn}${target.flagsForHints}`,
    });
  }
  const url = consoleUrl(executionArn);
  context.out.document({ executionArn, url }, [url]);
  if (context.out.forPeople && context.terminal.stdoutIsTTY && !options.print) await browse(context, url);
  return exitCodes.ok;
};
