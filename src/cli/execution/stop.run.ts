import type { StopResult } from '../../operations/execution/stop-executions.js';
import { stopExecution } from '../../operations/execution/stop-executions.js';
import { oneLine } from '../../views/text/safe-text.js';
import { stopChainOf } from '../answer/command-chain.js';
import type { Run } from '../shell/command.js';
import { wouldChange } from '../shell/dry-run.js';
import { type Done, eachExecution, failureDocument } from './each-execution.js';
import { namesOf, pickExecutions } from './pick-executions.js';
import type { declaration } from './stop.js';

export const run: Run<typeof declaration> = async (context, [executions], options) => {
  const why = { error: options.error as string | undefined, cause: options.cause as string | undefined };
  if (options.chain === true) {
    return await stopChainOf(context, [executions ?? []].flat(), options, why);
  }
  const target = await context.connect({ changes: true });
  const { error: _, ...picks } = options;
  const arns = await pickExecutions(target, [executions ?? []].flat(), picks, {
    statuses: ['RUNNING'],
    now: context.clock.now(),
    example: 'mbc-flow stop @last',
  });
  const change = `stop ${arns.length === 1 ? '' : `${arns.length} executions: `}${namesOf(arns)}`;
  if (context.dryRun) return await wouldChange(context, target, change, { executions: arns });
  await target.confirm(change, { ask: true, several: arns.length > 1 });
  const documents: object[] = [];
  const tell = (done: Done<StopResult>): void => {
    if ('error' in done) {
      documents.push(failureDocument(done.executionArn, done.error));
      context.err.notice(`${done.executionArn}: ${oneLine(done.error.message)}`);
    } else {
      const { executionArn, stopDate } = done.result;
      documents.push({ executionArn, status: 'ABORTED', stopDate: stopDate.toISOString() });
      context.out.line(`stopped ${executionArn}`);
    }
    if (context.output === 'ndjson') context.out.json(documents.at(-1));
  };
  const act = (arn: string) => stopExecution(target.gateways.states, arn, why, target.flagsForHints);
  const print = (): void => {
    if (context.output === 'json') context.out.json({ executions: documents });
  };
  const code = await eachExecution(context, arns, act, tell, print);
  print();
  return code;
};
