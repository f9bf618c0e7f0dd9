import type { HistoryEvent } from '../asl/engine/history-event.js';
import { exitCodes, FlowError } from '../errors.js';
import type { Json, JsonObject } from '../json/json.js';
import type { LocalServer } from '../local/index.js';
import type {
  ExecutionDescription,
  ExecutionSummary,
  StateMachineDescription,
  StateMachineSummary,
  StepFunctionsGateway,
} from '../ports/aws.js';

/** What tests ask of Step Functions. */
export type TestedStates = Pick<
  StepFunctionsGateway,
  | 'listStateMachines'
  | 'describeStateMachine'
  | 'describeStateMachineForExecution'
  | 'listExecutions'
  | 'describeExecution'
  | 'historyPages'
  | 'sendTaskSuccess'
  | 'sendTaskFailure'
  | 'sendTaskHeartbeat'
>;

export type Ask = (operation: string, input: JsonObject) => Promise<JsonObject>;

const exitCodeOf = (code: string): 2 | 3 | 5 =>
  /DoesNotExist|NotFound/.test(code) ? exitCodes.notFound : /^TaskTimedOut$/.test(code) ? 5 : exitCodes.usage;

/** Step Functions' API of a server in this process; its errors are FlowErrors, as those of the SDK's gateway. */
export function askOf({ operations }: Pick<LocalServer, 'operations'>): Ask {
  const { signal } = new AbortController();
  return async (operation, input) => {
    try {
      return (await operations[operation]?.(input, signal)) ?? {};
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      if (typeof code !== 'string') throw error;
      throw new FlowError(exitCodeOf(code), code, message);
    }
  };
}

/** The same gateway as the SDK's, without wire and SDK. */
export function statesInProcess(ask: Ask): TestedStates {
  async function* pages(operation: string, input: JsonObject): AsyncGenerator<JsonObject> {
    for (let next: Json | undefined; ; ) {
      const page = await ask(operation, { ...input, ...(next !== undefined && { nextToken: next }) });
      yield page;
      next = page.nextToken;
      if (next === undefined || next === null) return;
    }
  }
  return {
    async *listStateMachines() {
      for await (const { stateMachines } of pages('ListStateMachines', {}))
        for (const one of stateMachines as JsonObject[]) yield dated<StateMachineSummary>(one);
    },
    describeStateMachine: async (stateMachineArn) =>
      dated<StateMachineDescription>(await ask('DescribeStateMachine', { stateMachineArn })),
    describeStateMachineForExecution: async (executionArn) =>
      dated<StateMachineDescription>(await ask('DescribeStateMachineForExecution', { executionArn })),
    async *listExecutions({ stateMachineArn, mapRunArn, status }) {
      const filter = {
        ...(stateMachineArn !== undefined && { stateMachineArn }),
        ...(mapRunArn !== undefined && { mapRunArn }),
        ...(status !== undefined && { statusFilter: status }),
      };
      for await (const { executions } of pages('ListExecutions', filter))
        for (const one of executions as JsonObject[]) yield dated<ExecutionSummary>(one);
    },
    describeExecution: async (executionArn) =>
      dated<ExecutionDescription>(await ask('DescribeExecution', { executionArn })),
    async *historyPages(executionArn, { reverse = false, pageSize = 1000 } = {}) {
      const input = { executionArn, reverseOrder: reverse, maxResults: pageSize };
      for await (const { events } of pages('GetExecutionHistory', input))
        yield (events as JsonObject[]).map(
          (event) => ({ ...event, timestamp: milliseconds(event.timestamp) }) as unknown as HistoryEvent,
        );
    },
    sendTaskSuccess: async (answer) => void (await ask('SendTaskSuccess', answer)),
    sendTaskFailure: async ({ taskToken, error, cause }) =>
      void (await ask('SendTaskFailure', {
        taskToken,
        ...(error !== undefined && { error }),
        ...(cause !== undefined && { cause }),
      })),
    sendTaskHeartbeat: async (taskToken) => void (await ask('SendTaskHeartbeat', { taskToken })),
  };
}

/** On the wire, times are seconds. */
const milliseconds = (seconds: Json | undefined): number => Math.round(Number(seconds) * 1000);

function dated<T>(value: JsonObject): T {
  const dates = Object.entries(value).filter(([name]) => name.endsWith('Date'));
  return {
    ...value,
    ...Object.fromEntries(dates.map(([name, at]) => [name, new Date(milliseconds(at))])),
  } as T;
}
