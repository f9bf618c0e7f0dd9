import { exitCodes, FlowError } from '../../errors.js';
import type { FunctionGateway, LogsGateway, StateMachineDescription } from '../../ports/aws.js';
import { functionNames, plainName } from '../../workflow/definition/function-names.js';
import { logGroupName } from '../../workflow/names/arn.js';

/** A log group that tells of a machine's executions. */
export interface LogSource {
  group: string;
  kind: 'machine' | 'function';
}

/** The machine's own log group, as its configuration names it, and those of the functions that it calls. */
export async function findLogs(
  functions: Pick<FunctionGateway, 'logGroup'>,
  machine: Pick<StateMachineDescription, 'logGroupArn' | 'logLevel' | 'definition' | 'name'>,
): Promise<LogSource[]> {
  const sources: LogSource[] = [];
  const own = ownLogGroup(machine);
  if (own !== undefined) sources.push({ group: own, kind: 'machine' });
  for (const name of functionNames(machine.definition)) {
    const group = await logGroupOf(functions, name);
    if (!sources.some((source) => source.group === group)) sources.push({ group, kind: 'function' });
  }
  if (sources.length > 0) return sources;
  throw new FlowError(exitCodes.notFound, 'NoLogs', `${machine.name} logs nothing, and calls no function`, {
    hint: 'set its loggingConfiguration: level ALL, includeExecutionData true, a log group under /aws/vendedlogs/states/',
  });
}

/** The group that a machine's configuration names; undefined where it logs nothing, as without a level. */
export function ownLogGroup({
  logGroupArn,
  logLevel,
}: Pick<StateMachineDescription, 'logGroupArn' | 'logLevel'>): string | undefined {
  return (logLevel ?? 'OFF') === 'OFF' ? undefined : logGroupName(logGroupArn);
}

/** The filter pattern of an execution's vended lines. */
export const linesOfExecution = (executionArn: string): string => `{ $.execution_arn = "${executionArn}" }`;

/** Epoch milliseconds of an execution's first vended line; undefined where there is none. */
export async function firstLineAt(
  logs: Pick<LogsGateway, 'filterPages'>,
  sources: LogSource[],
  executionArn: string,
): Promise<number | undefined> {
  const logGroup = sources.find(({ kind }) => kind === 'machine')?.group;
  if (logGroup === undefined) return undefined;
  for await (const [first] of logs.filterPages({ logGroup, filterPattern: linesOfExecution(executionArn) }))
    if (first) return first.timestamp;
  return undefined;
}

/** As the function's configuration says; where that may not be read, where Lambda writes by default. */
export async function logGroupOf(
  functions: Pick<FunctionGateway, 'logGroup'>,
  name: string,
): Promise<string> {
  try {
    return await functions.logGroup(name);
  } catch (error) {
    if (!(error instanceof FlowError)) throw error;
    return `/aws/lambda/${plainName(name)}`;
  }
}
