import * as sdk from '@aws-sdk/client-sfn';
import type { Json, JsonObject } from '../src/json/json.js';
import { type Answer, answerOf } from '../test/conformance/answers.js';
import type { RecordedEvent } from '../test/conformance/record.js';
import type { CallCase, ExecutionCase } from './cases/index.js';
import { MissingOperation } from './clients.js';
import type { Kind } from './journal.js';
import { createMachine } from './provide.js';
import { call, filled, type Side, tagList } from './side.js';

/** What an execution left behind, as the service told it. */
export interface Performed {
  history: RecordedEvent[];
  /** DescribeExecution, or StartSyncExecution. */
  answer: Json;
  mapRuns: Json[];
}

/** How long an execution of a case is waited for. */
const PATIENCE_MS = 120_000;

const plain = (value: unknown): Json => {
  const { $metadata: _, ...members } = value as JsonObject;
  return JSON.parse(JSON.stringify(members)) as Json;
};

/** Runs a case; `suffix` tells its tries apart. */
export async function perform(side: Side, one: ExecutionCase, suffix: string): Promise<Performed> {
  const { sfn } = side.clients;
  const { id, type = 'STANDARD', input = '{}', stop } = one;
  const stateMachineArn = await createMachine(side, id + suffix, one.definition, { type });
  if (type === 'EXPRESS') {
    const asked = { stateMachineArn, name: 'first', input };
    const answer = await call(side, 'states.StartSyncExecution', () =>
      sfn.send(new sdk.StartSyncExecutionCommand(asked)),
    );
    return { history: [], answer: plain(answer), mapRuns: [] };
  }
  const executionArn = await begun(side, stateMachineArn, input);
  if (stop) {
    for (let asked = 0; asked < 60 && (await history(side, executionArn)).length < 2; asked++)
      await pause(500);
    await call(side, 'states.StopExecution', () =>
      sfn.send(new sdk.StopExecutionCommand({ executionArn, ...stop })),
    );
  }
  const answer = plain(await ended(side, executionArn));
  const events = await history(side, executionArn);
  const mapRuns = events.some(({ type }) => type === 'MapRunStarted')
    ? await mapRunsOf(side, executionArn)
    : [];
  return { history: events, answer, mapRuns };
}

async function begun(side: Side, stateMachineArn: string, input: string): Promise<string> {
  const { executionArn = '' } = await call(side, 'states.StartExecution', () =>
    side.clients.sfn.send(new sdk.StartExecutionCommand({ stateMachineArn, name: 'first', input })),
  );
  return executionArn;
}

async function ended(side: Side, executionArn: string): Promise<sdk.DescribeExecutionCommandOutput> {
  const began = Date.now();
  for (let wait = 100; ; wait = Math.min(wait * 1.5, 2_000)) {
    const found = await call(side, 'states.DescribeExecution', () =>
      side.clients.sfn.send(new sdk.DescribeExecutionCommand({ executionArn })),
    );
    if (found.status !== 'RUNNING') return found;
    // What is compared then tells that it goes on.
    if (Date.now() - began > PATIENCE_MS) return found;
    await pause(wait);
  }
}

async function history(side: Side, executionArn: string): Promise<RecordedEvent[]> {
  const found: sdk.HistoryEvent[] = [];
  await call(side, 'states.GetExecutionHistory', async () => {
    for await (const { events = [] } of sdk.paginateGetExecutionHistory(
      { client: side.clients.sfn },
      { executionArn },
    ))
      found.push(...events);
  });
  return JSON.parse(JSON.stringify(found)) as RecordedEvent[];
}

async function mapRunsOf(side: Side, executionArn: string): Promise<Json[]> {
  const { sfn } = side.clients;
  const { mapRuns = [] } = await call(side, 'states.ListMapRuns', () =>
    sfn.send(new sdk.ListMapRunsCommand({ executionArn })),
  );
  const found: Json[] = [];
  for (const { mapRunArn } of mapRuns)
    for (let asked = 0; ; asked++) {
      const answer = await call(side, 'states.DescribeMapRun', () =>
        sfn.send(new sdk.DescribeMapRunCommand({ mapRunArn })),
      );
      // It is counted up after the execution has gone on.
      if (answer.status !== 'RUNNING' || asked === 20) {
        found.push(plain(answer));
        break;
      }
      await pause(500);
    }
  return found;
}

const MAKES: Record<string, Kind> = { CreateStateMachine: 'state machine', CreateActivity: 'activity' };

type Commands = Record<string, new (input: JsonObject) => unknown>;

/** The answers of a case's calls, in order; undefined: the endpoint does not have the operation. */
export async function performCalls(
  side: Side,
  one: CallCase,
  suffix: string,
): Promise<(Answer | undefined)[]> {
  const names: Record<string, string> = {};
  if (one.machine) {
    names.machine = await createMachine(side, one.id + suffix, one.machine);
    names.execution = await begun(side, names.machine, '{}');
    await ended(side, names.execution);
  }
  const answers: (Answer | undefined)[] = [];
  for (const { operation, input } of one.calls) {
    const Command = (sdk as unknown as Commands)[`${operation}Command`];
    if (!Command) throw new Error(`The SDK has no ${operation}`);
    const asked = filled(side, input, names) as JsonObject;
    const kind = MAKES[operation];
    const made = kind && { kind, name: String(asked.name) };
    if (made) {
      // Whatever comes of it, it can be found.
      side.note(made);
      asked.tags = tagList(side);
    }
    const answer = await answered(side, operation, new Command(asked) as sdk.ListActivitiesCommand);
    if (made && !answer) side.note({ ...made, made: false });
    answers.push(answer);
  }
  return answers;
}

async function answered(
  side: Side,
  operation: string,
  command: sdk.ListActivitiesCommand,
): Promise<Answer | undefined> {
  side.signal.throwIfAborted();
  let missing = false;
  const answer = await answerOf(async () => {
    try {
      return await side.missing.call(`states.${operation}`, () => side.clients.sfn.send(command));
    } catch (error) {
      missing = error instanceof MissingOperation;
      throw error;
    }
  });
  if (missing) return undefined;
  return plain(answer) as Answer;
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
