import type { Gateways } from '../aws/gateways.js';
import { exitCodes, FlowError } from '../errors.js';
import { executionParts } from '../workflow/arn.js';
import { linesOfExecution } from './find-logs.js';
import { type ShownExecution, showSavedExecution } from './show-execution.js';

/**
 * The same page about an EXPRESS execution, from the vended lines of its machine's log group.
 * @throws FlowError 2 that says what to enable where the machine logs too little, 3 where there are no lines
 */
export async function showExpressExecution(
  { states, logs }: Pick<Gateways, 'states' | 'logs'>,
  executionArn: string,
): Promise<ShownExecution> {
  const { stateMachineArn = '' } = executionParts(executionArn);
  const { logGroupArn, logLevel, name } = await states.describeStateMachine(stateMachineArn);
  const logGroup = /:log-group:([^:]+)/.exec(logGroupArn ?? '')?.[1];
  const enable = 'set its loggingConfiguration: level ALL, includeExecutionData true, and a log group';
  if (logGroup === undefined || logLevel === 'OFF') {
    throw new FlowError(
      exitCodes.usage,
      'ExpressExecution',
      `${name} is EXPRESS and logs nothing: AWS keeps no history of its executions that could be read`,
      { where: executionArn, hint: enable },
    );
  }
  const lines: string[] = [];
  for await (const page of logs.filterPages({ logGroup, filterPattern: linesOfExecution(executionArn) }))
    lines.push(...page.map(({ message }) => message));
  if (lines.length > 0) return showSavedExecution(lines.join('\n'), logGroup);
  throw new FlowError(
    exitCodes.notFound,
    'ExecutionNotFound',
    `${logGroup} has no lines of this execution (yet)`,
    {
      where: executionArn,
      hint: logLevel === 'ALL' ? 'lines come some seconds late' : `it logs ${logLevel} only: ${enable}`,
    },
  );
}
