import { exitCodes, FlowError } from '../../errors.js';
import { consoleUrl, uiPath } from '../../workflow/names/console-url.js';
import { serveUntilLeft } from '../console/serve.js';
import type { Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import { exitCodeOf, leavingBy } from '../shell/interruption.js';
import type { Target } from '../shell/target.js';
import type { declaration } from './open.js';
import { browse } from './open-browser.js';

export const run: Run<typeof declaration> = async (context, [execution], { ui = false, print = false }) => {
  const link = await context.linkToConsole();
  const inBrowser = context.out.forPeople && context.terminal.stdoutIsTTY && !print;
  const serves = link === undefined && inBrowser;
  const target = await context.connect({ changes: serves, takeOver: false });
  const executionArn = /^arn:[^:]*:states:[^:]*:[^:]*:(stateMachine|mapRun):/.test(execution)
    ? execution
    : await target.executionArn(execution);
  const path = uiPath(executionArn);
  if (!ui && !target.loopback)
    return await openUrl(context, executionArn, consoleUrl(executionArn), inBrowser);
  if (link) {
    const [url, shown] = [link.address + path, link.link(path)];
    context.out.document({ executionArn, url }, [context.terminal.stdoutIsTTY ? shown : url]);
    if (inBrowser) await link.open(path);
    return exitCodes.ok;
  }
  if (!serves) throw notServed(target, executionArn);
  await serveUntilLeft(context, target, { readOnly: false, open: true, path });
  return exitCodeOf(leavingBy(context.signal));
};

async function openUrl(context: Context, executionArn: string, url: string, inBrowser: boolean) {
  context.out.document({ executionArn, url }, [url]);
  if (inBrowser) await browse(context, url);
  return exitCodes.ok;
}

const notServed = ({ name, flagsForHints }: Target, where: string): FlowError =>
  new FlowError(exitCodes.unreachable, 'NoConsole', `no mbc-flow UI is running for the target ${name}`, {
    where,
    hint: `mbc-flow ui${flagsForHints}`,
  });
