import type { JsonObject } from '../../asl/json.js';
import type { Clock } from '../clock.js';
import type { Executions } from '../runtime/executions.js';
import type { Tokens } from '../runtime/tokens.js';
import type { Store } from '../store/port.js';
import * as executions from './executions.js';
import * as machines from './machines.js';
import * as tasks from './tasks.js';

export interface StatesContext {
  store: Store;
  clock: Clock;
  executions: Executions;
  tokens: Tokens;
}

type Operation = (context: StatesContext, input: JsonObject) => Promise<JsonObject>;

/** The operations of Step Functions' API that the server has, by their names on the wire. */
export const statesOperations: Record<string, Operation> = {
  CreateStateMachine: machines.createStateMachine,
  UpdateStateMachine: machines.updateStateMachine,
  DeleteStateMachine: machines.deleteStateMachine,
  DescribeStateMachine: machines.describeStateMachine,
  ListStateMachines: machines.listStateMachines,
  StartExecution: executions.startExecution,
  StopExecution: executions.stopExecution,
  DescribeExecution: executions.describeExecution,
  DescribeStateMachineForExecution: executions.describeStateMachineForExecution,
  ListExecutions: executions.listExecutions,
  GetExecutionHistory: executions.getExecutionHistory,
  ListMapRuns: executions.listMapRuns,
  DescribeMapRun: executions.describeMapRun,
  SendTaskSuccess: tasks.sendTaskSuccess,
  SendTaskFailure: tasks.sendTaskFailure,
  SendTaskHeartbeat: tasks.sendTaskHeartbeat,
};
