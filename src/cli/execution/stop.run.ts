import { stopExecution } from '../../operations/execution/stop-executions.js';
import { namesOf, stoppedDocument } from '../../views/execution/stop-redrive-documents.js';
import { stopChainOf } from '../answer/command-chain.js';
import type { Run } from '../shell/command.js';
import { wouldChange } from '../shell/dry-run.js';
import { actOnEach } from './each-execution.js';
import { picked } from './pick-executions.js';
import type { declaration } from './stop.js';

export const run: Run<typeof declaration> = async (context, [executions], options) => {
  const { error, cause, chain, ...picks } = options;
  const why = { error, cause };
  if (chain) return await stopChainOf(context, executions, options, why);
  const target = await context.connect({ changes: true });
  const arns = await picked(context, target, executions, picks, {
    statuses: ['RUNNING'],
    example: 'mbc-flow stop @last',
  });
  const several = arns.length > 1;
  const change = `stop ${several ? `${arns.length} executions: ` : ''}${namesOf(arns)}`;
  if (context.dryRun) return await wouldChange(context, target, change, { executions: arns });
  await target.confirm(change, { ask: true, several });
  const stop = (arn: string) => stopExecution(target.gateways.states, arn, why, target.flagsForHints);
  const { code } = await actOnEach(context, arns, stop, {
    name: 'executions',
    document: stoppedDocument,
    lines: (executionArn) => [`stopped ${executionArn}`],
  });
  return code;
};
