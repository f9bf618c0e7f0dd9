import { isObject, type Json } from '../../json/json.js';
import type { Quota, QuotaOf } from '../http/throttle.js';
import { startTarget } from '../runtime/start-execution.js';
import type { Store } from '../store/port.js';

/** AWS's quotas per account and region, of the regions that are not among its largest; what is not named has `others`. */
const quotas: Record<string, Quota> = {
  StartExecution: [800, 150],
  RedriveExecution: [800, 150],
  StopExecution: [500, 25],
  DescribeExecution: [250, 10],
  GetExecutionHistory: [400, 20],
  ListExecutions: [100, 2],
  DescribeMapRun: [200, 1],
  DescribeStateMachine: [200, 20],
  ListStateMachines: [100, 5],
  DescribeStateMachineForExecution: [200, 1],
  DescribeStateMachineAlias: [200, 1],
  DescribeActivity: [200, 1],
  ListActivities: [100, 10],
  GetActivityTask: [1500, 300],
  SendTaskSuccess: [1500, 300],
  SendTaskFailure: [1500, 300],
  SendTaskHeartbeat: [1500, 300],
  TagResource: [200, 1],
  UntagResource: [200, 1],
  TestState: [50, 10],
};
const others: Quota = [100, 1];
const expressStarts: Quota = [6000, 6000];

export function statesQuotas(store: Store): QuotaOf {
  return (operation, input) => {
    // Only concurrency limits synchronous executions.
    if (operation === 'StartSyncExecution') return undefined;
    if (operation === 'StartExecution' && isExpress(store, input as Json))
      return { bucket: 'StartExecution EXPRESS', quota: expressStarts };
    return { bucket: operation, quota: quotas[operation] ?? others };
  };
}

function isExpress(store: Store, input: Json): boolean {
  const arn = isObject(input) ? input.stateMachineArn : undefined;
  if (typeof arn !== 'string') return false;
  try {
    return store.read((db) => startTarget(db, arn)).machine.type === 'EXPRESS';
  } catch {
    // There is no such machine: the request itself says so.
    return false;
  }
}
