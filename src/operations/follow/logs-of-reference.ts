import { exitCodes, failedWith } from '../../errors.js';
import type { Gateways, StateMachineDescription } from '../../ports/aws.js';
import { isExpress, machineOfExecution } from '../../workflow/names/arn.js';
import { findLogs, firstLineAt, type LogSource } from './find-logs.js';
import { createEventReader } from './new-events.js';
import type { TailOptions } from './tail-logs.js';

const TEN_MINUTES = 600_000;

interface Target {
  gateways: Pick<Gateways, 'states' | 'functions' | 'logs'>;
  machineArn(reference: string): Promise<string>;
  executionArn(reference: string): Promise<string>;
}

/** Where the lines of a machine or an execution are, and since when. `now`: epoch milliseconds. */
export async function logsOf(
  target: Target,
  reference: string,
  now: number,
): Promise<Pick<TailOptions, 'sources' | 'since' | 'executionArn' | 'newEvents'>> {
  const { states, functions } = target.gateways;
  const machine = await machineMeant(target, reference);
  if (machine) return { sources: await findLogs(functions, machine), since: now - TEN_MINUTES };
  const executionArn = await target.executionArn(reference);
  const found = await logsOfExecution(target.gateways, executionArn, now);
  return isExpress(executionArn) ? found : { ...found, newEvents: createEventReader(states, executionArn) };
}

/** The log groups that tell of an execution, and when it started (epoch milliseconds). */
export async function logsOfExecution(
  { states, functions, logs }: Pick<Gateways, 'states' | 'functions' | 'logs'>,
  executionArn: string,
  now: number,
): Promise<{ sources: LogSource[]; executionArn: string; since: number }> {
  const started = isExpress(executionArn)
    ? undefined
    : (await states.describeExecution(executionArn)).startDate;
  const sources = await findLogs(
    functions,
    await states.describeStateMachine(machineOfExecution(executionArn)),
  );
  const since = started?.getTime() ?? (await firstLineAt(logs, sources, executionArn));
  return { sources, executionArn, since: since ?? now - TEN_MINUTES };
}

/** Undefined when an execution is meant. */
async function machineMeant(target: Target, reference: string): Promise<StateMachineDescription | undefined> {
  if (/^@|:(execution|express):|^https?:/.test(reference)) return undefined;
  try {
    return await target.gateways.states.describeStateMachine(await target.machineArn(reference));
  } catch (error) {
    if (!isNotFound(error)) throw error;
    try {
      await target.executionArn(reference);
      return undefined;
    } catch (other) {
      // Neither: what there is of machines is the better hint.
      throw isNotFound(other) && !reference.includes('@') ? error : other;
    }
  }
}

const isNotFound = (error: unknown): boolean => failedWith(error, exitCodes.notFound);
