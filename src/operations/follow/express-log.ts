import { exitCodes, FlowError } from '../../errors.js';
import type {
  Gateways,
  LogEvent,
  LogsGateway,
  StateMachineDescription,
  StepFunctionsGateway,
} from '../../ports/aws.js';
import { readSavedHistory, type SavedHistory } from '../../workflow/history/saved-history.js';
import { machineOfExecution } from '../../workflow/names/arn.js';
import { linesOfExecution, ownLogGroup } from './find-logs.js';

/** Where an EXPRESS execution tells what it does: AWS keeps no history of it. */
export interface ExpressLog {
  group: string;
  /** False where only failures are logged: success then looks like silence. */
  complete: boolean;
  /** The commands that make its machine log everything. */
  enable: string;
}

/** @throws FlowError 2 that says what to enable where the machine logs nothing */
export async function findExpressLog(
  states: Pick<StepFunctionsGateway, 'describeStateMachine'>,
  executionArn: string,
): Promise<ExpressLog> {
  const machine = await states.describeStateMachine(machineOfExecution(executionArn));
  const group = ownLogGroup(machine);
  const enable = commandsToEnable(machine);
  if (group !== undefined) return { group, complete: machine.logLevel === 'ALL', enable };
  throw new FlowError(
    exitCodes.usage,
    'ExpressExecution',
    `${machine.name} is EXPRESS and logs nothing: AWS keeps no history of its executions that could be read`,
    { where: executionArn, hint: enable },
  );
}

/**
 * The history of an EXPRESS execution as far as it was logged.
 * @throws FlowError 2 that says what to enable where its machine logs nothing, 3 where there are no lines of it
 */
export async function readExpressLog(
  { states, logs }: Pick<Gateways, 'states' | 'logs'>,
  executionArn: string,
  now: number,
): Promise<SavedHistory> {
  const log = await findExpressLog(states, executionArn);
  const lines = await linesOf(logs, log, executionArn, now);
  if (lines.length === 0) throw noLines(log, executionArn);
  return historyOf(lines);
}

/** What lines of one execution tell. */
export const historyOf = (lines: { message: string }[]): SavedHistory =>
  readSavedHistory(lines.map(({ message }) => message).join('\n'), 'log');

/** An EXPRESS execution takes five minutes at most: its lines are that near to each other. */
export const RECENT_MILLISECONDS = 10 * 60_000;

/** All lines of an execution that are there. A log group may be huge: its newest part is looked at first. */
export async function linesOf(
  logs: Pick<LogsGateway, 'filterPages'>,
  { group, complete }: ExpressLog,
  executionArn: string,
  now: number,
): Promise<LogEvent[]> {
  const recent = await readLines(logs, group, executionArn, now - RECENT_MILLISECONDS);
  const whole = complete && recent.some(({ message }) => message.includes('"ExecutionStarted"'));
  return whole ? recent : await readLines(logs, group, executionArn, 0);
}

/** Those since a time: epoch milliseconds. */
export async function readLines(
  logs: Pick<LogsGateway, 'filterPages'>,
  logGroup: string,
  executionArn: string,
  startTime: number,
): Promise<LogEvent[]> {
  const lines: LogEvent[] = [];
  const filterPattern = linesOfExecution(executionArn);
  for await (const page of logs.filterPages({ logGroup, startTime, filterPattern }))
    for (const line of page) lines.push(line);
  return lines;
}

/** What to tell where the log has no lines of an execution. */
export function noLines({ group, complete, enable }: ExpressLog, executionArn: string): FlowError {
  return new FlowError(
    exitCodes.notFound,
    'ExecutionNotFound',
    `${group} has no lines of this execution${complete ? ' (yet)' : '; only failures are logged there'}`,
    { where: executionArn, hint: complete ? 'lines come some seconds late' : enable },
  );
}

function commandsToEnable(machine: StateMachineDescription): string {
  const { stateMachineArn, name, logGroupArn } = machine;
  const [, partition, , region, account] = stateMachineArn.split(':');
  const group = `/aws/vendedlogs/states/${name}-Logs`;
  const configuration = {
    level: 'ALL',
    includeExecutionData: true,
    destinations: [
      {
        cloudWatchLogsLogGroup: {
          logGroupArn: logGroupArn ?? `arn:${partition}:logs:${region}:${account}:log-group:${group}:*`,
        },
      },
    ],
  };
  return [
    ...(logGroupArn === undefined
      ? [`aws logs create-log-group --region ${region} --log-group-name ${group}`]
      : []),
    `aws stepfunctions update-state-machine --region ${region} --state-machine-arn ${stateMachineArn} --logging-configuration '${JSON.stringify(configuration)}'`,
  ].join(' && ');
}
