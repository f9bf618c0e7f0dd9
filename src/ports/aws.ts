import type { FunctionGateway } from './aws/functions.js';
import type { LogsGateway } from './aws/logs.js';
import type { AlarmGateway, MetricsGateway } from './aws/metrics.js';
import type { ObjectGateway } from './aws/objects.js';
import type { StepFunctionsGateway } from './aws/states.js';
import type { TableGateway } from './aws/tables.js';

/**
 * What operations know of AWS: plain data in AWS's own field names, dates as Date. Each call may throw
 * FlowError (not found 3, denied 4, conflict 5, unreachable 6); paging and retries stay behind the gateway.
 */

export type * from './aws/executions.js';
export type * from './aws/functions.js';
export type * from './aws/logs.js';
export type * from './aws/machines.js';
export type * from './aws/metrics.js';
export type * from './aws/objects.js';
export type * from './aws/states.js';
export type * from './aws/tables.js';

export interface IdentityGateway {
  callerIdentity(): Promise<{ account: string; arn: string }>;
}

export interface PermissionGateway {
  /** The actions that a role or user may not do, by IAM's policy simulator. */
  refused(principalArn: string, actions: string[], resourceArns?: string[]): Promise<string[]>;
}

/** Queues are looked at, and never consumed. */
export interface QueueGateway {
  /** FlowError 3: there is no such queue. The numbers are approximate. */
  describe(url: string): Promise<{ waiting: number; inFlight: number; deadLetterArn?: string }>;
  /** URL of a queue by its ARN. */
  url(arn: string): Promise<string>;
  /** Bodies of messages that wait, which stay there. Each look counts as a delivery: for dead letters only. */
  peek(url: string, atMost: number): Promise<string[]>;
}

/** The services of one target. Each getter makes (and loads) its client at first use. */
export interface Gateways {
  readonly states: StepFunctionsGateway;
  readonly objects: ObjectGateway;
  readonly identity: IdentityGateway;
  readonly functions: FunctionGateway;
  readonly logs: LogsGateway;
  readonly tables: TableGateway;
  readonly queues: QueueGateway;
  readonly permissions: PermissionGateway;
  readonly alarms: AlarmGateway;
  readonly metrics: MetricsGateway;
}
