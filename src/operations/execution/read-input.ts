import { commandVersion } from '../../framework/command/version-chain.js';
import type { ExecutionSummary, StepFunctionsGateway } from '../../ports/aws.js';
import { readPauses } from '../../workflow/definition/pauses.js';
import { detailsOf, textOf } from '../../workflow/history/event-details.js';
import type { KnownExecutions } from '../find/known-executions.js';
import { type DefinedMachine, sleepIn } from '../find/sleep-in-history.js';
import { allowed } from '../pace/unless-denied.js';

type States = Pick<StepFunctionsGateway, 'describeStateMachine' | 'historyPages' | 'describeExecution'>;

/** Of so many running executions whose inputs are read, it is worth a call more to know what else they tell. */
const MANY = 20;
/** Of a short history the newest events reach back to the first, which has the input. */
const NEWEST = 20;
/** So many long ones are read twice, until no more are taken for short. */
const MOST_LONG = 5;

/**
 * Reads inputs of a machine's executions: from their histories, of which AWS gives twice as many a second; where a role
 * may not read these, as they are described. Of many that run, the same call tells `known` which of them sleep.
 */
export function createInputReader(
  states: States,
  stateMachineArn: string,
  known: KnownExecutions | undefined,
): (execution: ExecutionSummary) => Promise<string> {
  let running = 0;
  let long = 0;
  let defined: Promise<DefinedMachine | undefined> | undefined;
  const define = async (): Promise<DefinedMachine | undefined> => {
    const description = await allowed(() => states.describeStateMachine(stateMachineArn));
    if (!description) return undefined;
    const pauses = readPauses(description.definition);
    return pauses.here ? { pauses, description } : undefined;
  };
  const fromNewest = async (execution: ExecutionSummary): Promise<string | undefined> => {
    if (!known || execution.status !== 'RUNNING' || ++running <= MANY || long >= MOST_LONG) return undefined;
    defined ??= define();
    const machine = await defined;
    if (!machine) return undefined;
    for await (const page of states.historyPages(execution.executionArn, {
      reverse: true,
      pageSize: NEWEST,
    })) {
      const events = page.toReversed();
      const [started] = events;
      if (started?.id !== 1) {
        long++;
        return undefined;
      }
      const input = textOf(detailsOf(started).input);
      const asleep = sleepIn(events, machine);
      // A chain of commands is told by those that run, asleep or not.
      if (asleep && !commandVersion(input)) known.noteSteps(execution, { requestIds: [], asleep });
      return input;
    }
    return undefined;
  };
  const fromFirst = async ({ executionArn }: ExecutionSummary): Promise<string | undefined> => {
    for await (const [started] of states.historyPages(executionArn, { pageSize: 1 }))
      return started && textOf(detailsOf(started).input);
    return undefined;
  };
  return async (execution) =>
    (await allowed(async () => (await fromNewest(execution)) ?? (await fromFirst(execution)))) ??
    (await states.describeExecution(execution.executionArn)).input ??
    '';
}
