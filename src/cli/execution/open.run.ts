import { spawn } from 'node:child_process';
import { exitCodes, FlowError } from '../../errors.js';
import { consoleUrl } from '../../workflow/names/console-url.js';
import type { Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
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

/** The system's own way to open an address; where there is none, the printed address has to do. */
async function browse({ env }: Context, url: string): Promise<void> {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler', url]
        : [env.BROWSER || 'xdg-open', url];
  await new Promise<void>((resolve) => {
    const child = spawn(command ?? 'xdg-open', args, { stdio: 'ignore', detached: true });
    child.once('error', () => resolve());
    child.once('spawn', () => {
      child.unref();
      resolve();
    });
  });
}
