import { jsonOf, type Value } from '../../asl/data/value.js';
import { isObject, type JsonObject } from '../../json/json.js';
import type { ExecutionRow } from '../runtime/execution-tables.js';

/** A Task's call of a service, taken apart. */
export interface ServiceCall {
  execution: ExecutionRow;
  taskId: number;
  stateName: string;
  /** `lambda`, `aws-sdk:s3`. */
  service: string;
  /** `invoke`, `getObject`. */
  action: string;
  pattern: 'call' | 'sync' | 'sync:2' | 'waitForTaskToken';
  /** Its parameters as the Task has them, for who passes them on unread. */
  given: Value;
  signal: AbortSignal;
}

/** The parameters, read. */
export function parametersOf({ given }: Pick<ServiceCall, 'given'>): JsonObject {
  const json = jsonOf(given);
  return isObject(json) ? json : {};
}

/** Calls the service and answers with the result, JSON text. @throws TaskFailure */
export type Service = (call: ServiceCall) => Promise<string>;

/** The Task fails, with error and cause as AWS records them. */
export class TaskFailure extends Error {
  constructor(
    readonly error: string,
    cause: string,
  ) {
    super(cause);
    this.name = 'TaskFailure';
  }
}

const resourcePattern =
  /^arn:[^:]+:states:[^:]*:[^:]*:(aws-sdk:[^:]+|[^:]+):([^:.]+)(?:\.(sync(?::2)?|waitForTaskToken))?$/;

/** What a Task's `Resource` names; undefined for the ARN of a function. */
export function parseResource(
  resource: string,
): Pick<ServiceCall, 'service' | 'action' | 'pattern'> | undefined {
  const [, service, action, pattern = 'call'] = resourcePattern.exec(resource) ?? [];
  if (service === undefined || action === undefined) return undefined;
  return { service, action, pattern: pattern as ServiceCall['pattern'] };
}
