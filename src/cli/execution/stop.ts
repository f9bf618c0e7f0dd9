import type { StopResult } from '../../operations/execution/stop-executions.js';
import { oneLine } from '../../views/text/safe-text.js';
import type { Command } from '../shell/command.js';
import { wouldChange } from '../shell/dry-run.js';
import { executionReference } from '../shell/execution-reference.js';
import { type Done, eachExecution, failureDocument } from './each-execution.js';
import { namesOf, pickExecutions, pickOptions } from './pick-executions.js';

export const stop: Command = {
  name: 'stop',
  changes: true,
  summary: 'Abort running executions',
  description:
    'What they have done stays done; an aborted execution may be redriven. Asks before it does anything.',
  arguments: [{ syntax: '[execution...]', description: executionReference }],
  options: [
    ...pickOptions.filter(({ flags }) => !flags.startsWith('--error')),
    { flags: '--older-than <duration>', description: 'of those: that run for longer: 30m, 2h, 7d' },
    { flags: '--chain', description: 'all stuck versions of an entity: its key, or an execution of one' },
    { flags: '--error <name>', description: 'recorded as the error of the abort' },
    { flags: '--cause <text>', description: 'recorded as its cause: who, why' },
  ],
  examples: [
    { line: 'mbc-flow stop @last --cause "wrong file"', what: 'the execution that was started last' },
    { line: "mbc-flow stop --chain 'SAMPLE#t1/A001'", what: 'a chain of versions that wait in vain' },
    { line: 'mbc-flow stop --machine command --older-than 7d', what: 'all of a machine that hang' },
  ],
  async run(context, [executions], options) {
    const why = { error: options.error as string | undefined, cause: options.cause as string | undefined };
    if (options.chain === true) {
      const { stopChainOf } = await import('../answer/command-chain.js');
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
    const { stopExecution } = await import('../../operations/execution/stop-executions.js');
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
  },
};
