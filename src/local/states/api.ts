import type { Json, JsonObject } from '../../json/json.js';
import * as activities from './activities.js';
import * as aliases from './aliases.js';
import type { StatesContext } from './context.js';
import { validateStateMachineDefinition } from './definitions.js';
import * as executions from './executions.js';
import { getExecutionHistory } from './history.js';
import * as machines from './machines.js';
import * as mapRuns from './map-runs.js';
import { redriveExecution } from './redrive.js';
import { type Input, model, type Operation } from './requests/model.js';
import { readInput } from './requests/read-input.js';
import * as tags from './tags.js';
import * as tasks from './tasks.js';
import { testState } from './test-state/index.js';
import * as versions from './versions.js';

type Perform<O extends Operation> = (
  context: StatesContext,
  input: Input<O>,
  gone: AbortSignal,
) => Promise<JsonObject>;

const operations: { [O in Operation]?: Perform<O> } = {
  CreateActivity: activities.createActivity,
  DeleteActivity: activities.deleteActivity,
  DescribeActivity: activities.describeActivity,
  ListActivities: activities.listActivities,
  GetActivityTask: activities.getActivityTask,
  SendTaskSuccess: tasks.sendTaskSuccess,
  SendTaskFailure: tasks.sendTaskFailure,
  SendTaskHeartbeat: tasks.sendTaskHeartbeat,
  CreateStateMachine: machines.createStateMachine,
  UpdateStateMachine: machines.updateStateMachine,
  DeleteStateMachine: machines.deleteStateMachine,
  DescribeStateMachine: machines.describeStateMachine,
  ListStateMachines: machines.listStateMachines,
  ValidateStateMachineDefinition: validateStateMachineDefinition,
  PublishStateMachineVersion: versions.publishStateMachineVersion,
  DeleteStateMachineVersion: versions.deleteStateMachineVersion,
  ListStateMachineVersions: versions.listStateMachineVersions,
  CreateStateMachineAlias: aliases.createStateMachineAlias,
  UpdateStateMachineAlias: aliases.updateStateMachineAlias,
  DeleteStateMachineAlias: aliases.deleteStateMachineAlias,
  DescribeStateMachineAlias: aliases.describeStateMachineAlias,
  ListStateMachineAliases: aliases.listStateMachineAliases,
  TagResource: tags.tagResource,
  UntagResource: tags.untagResource,
  ListTagsForResource: tags.listTagsForResource,
  StartExecution: executions.startExecution,
  StartSyncExecution: executions.startSyncExecution,
  StopExecution: executions.stopExecution,
  RedriveExecution: redriveExecution,
  DescribeExecution: executions.describeExecution,
  DescribeStateMachineForExecution: executions.describeStateMachineForExecution,
  ListExecutions: executions.listExecutions,
  GetExecutionHistory: getExecutionHistory,
  TestState: testState,
  ListMapRuns: mapRuns.listMapRuns,
  DescribeMapRun: mapRuns.describeMapRun,
  UpdateMapRun: mapRuns.updateMapRun,
};

/** The operations of Step Functions' API, by their names on the wire: each reads its request, then performs it. */
export function statesOperations(
  context: StatesContext,
): Record<string, (input: Json, gone: AbortSignal) => Promise<JsonObject>> {
  const served = <O extends Operation>(name: O, perform: Perform<O>) => [
    name,
    async (input: Json, gone: AbortSignal) =>
      await perform(context, readInput(model[name], input) as Input<O>, gone),
  ];
  return Object.fromEntries(
    Object.entries(operations).map(([name, perform]) =>
      served(name as Operation, perform as Perform<Operation>),
    ),
  );
}
