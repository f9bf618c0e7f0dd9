import type { HistoryEvent } from '../../asl/engine/history-event.js';
import type { ExecutionStatus } from '../../asl/engine/protocol.js';
import type {
  ExecutionDescription,
  ExecutionSummary,
  MapRunDescription,
  StateTrial,
  SyncExecution,
  TriedState,
} from './executions.js';
import type {
  MachineAlias,
  MachineVersion,
  StateMachineDescription,
  StateMachineSummary,
} from './machines.js';

export interface StepFunctionsGateway {
  listStateMachines(): AsyncIterable<StateMachineSummary>;
  describeStateMachine(arn: string): Promise<StateMachineDescription>;
  describeStateMachineForExecution(executionArn: string): Promise<StateMachineDescription>;
  /** Versions, the newest first. */
  listVersions(stateMachineArn: string): AsyncIterable<MachineVersion>;
  listAliases(stateMachineArn: string): AsyncIterable<{ aliasArn: string; creationDate: Date }>;
  describeAlias(aliasArn: string): Promise<MachineAlias>;
  tags(stateMachineArn: string): Promise<Record<string, string>>;
  updateDefinition(stateMachineArn: string, definition: string): Promise<void>;
  /** A STANDARD one. Gives its ARN. */
  createStateMachine(machine: { name: string; definition: string; roleArn: string }): Promise<string>;
  startExecution(start: {
    stateMachineArn: string;
    name?: string;
    input: string;
  }): Promise<{ executionArn: string; startDate: Date }>;
  /** EXPRESS only: answers when it has ended, whatever its outcome. */
  startSyncExecution(start: {
    stateMachineArn: string;
    name?: string;
    input: string;
  }): Promise<SyncExecution>;
  /** Calls what the state calls, unless there is a mock. */
  testState(trial: StateTrial): Promise<TriedState>;
  redriveExecution(executionArn: string): Promise<{ redriveDate: Date }>;
  stopExecution(executionArn: string, why?: { error?: string; cause?: string }): Promise<{ stopDate: Date }>;
  /**
   * Answers a paused task. All three: FlowError 5 when its token is dead (answered, timed out, stopped), 2 when it is
   * no token. No error's text holds the token.
   */
  sendTaskSuccess(answer: { taskToken: string; output: string }): Promise<void>;
  sendTaskFailure(answer: { taskToken: string; error?: string; cause?: string }): Promise<void>;
  sendTaskHeartbeat(taskToken: string): Promise<void>;
  describeExecution(executionArn: string): Promise<ExecutionDescription>;
  /** Newest first. */
  listExecutions(filter: {
    stateMachineArn?: string;
    mapRunArn?: string;
    status?: ExecutionStatus;
    /** No more than so many are needed: spares large pages. */
    atMost?: number;
  }): AsyncIterable<ExecutionSummary>;
  /** Pages in the order asked for; ascending unless `reverse`. A page is what one API call gave. */
  historyPages(
    executionArn: string,
    options?: {
      reverse?: boolean;
      includeExecutionData?: boolean;
      pageSize?: number;
      /** Task tokens are needed; else they are struck out. */
      tokens?: boolean;
    },
  ): AsyncIterable<HistoryEvent[]>;
  listMapRuns(executionArn: string): AsyncIterable<{ mapRunArn: string; startDate: Date; stopDate?: Date }>;
  describeMapRun(mapRunArn: string): Promise<MapRunDescription>;
}
