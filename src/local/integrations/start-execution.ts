import { randomUUID } from 'node:crypto';
import type { Stimulus } from '../../asl/engine/protocol.js';
import { openTasks } from '../../asl/engine/transition.js';
import type { Json, JsonObject } from '../../json/json.js';
import { jsonText, parseOwn } from '../../json/lossless.js';
import type { Clock } from '../clock.js';
import { AwsError } from '../ports.js';
import { type ExecutionRow, executionByTask, type ParentTask } from '../runtime/execution-tables.js';
import type { Executions } from '../runtime/executions.js';
import type { LiveExecution } from '../runtime/live-execution.js';
import { redrivability } from '../runtime/redrivability.js';
import type { Store } from '../store/port.js';
import { parametersOf, type ServiceCall, TaskFailure } from './call.js';
import { optimisedFailure } from './errors.js';
import { sdkMetadata } from './sdk-metadata.js';
import { traitsOf } from './services.js';

/** The API's StartExecution, for an execution that belongs to a Task. @throws AwsError */
export type StartExecution = (input: JsonObject, parent: ParentTask) => Promise<unknown>;

const traits = traitsOf('states');

/**
 * `states:startExecution`. The execution's row names the Task that started it, so a call that is repeated after a
 * crash starts no second one, and a `.sync` Task hears of its end however often the process dies in between.
 */
export class StartedExecutions {
  constructor(
    readonly store: Store,
    readonly clock: Clock,
    readonly executions: Executions,
    private readonly startExecution: StartExecution,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  async start(call: ServiceCall): Promise<string> {
    const sync = call.pattern === 'sync' || call.pattern === 'sync:2';
    const parent: ParentTask = { executionId: call.execution.id, taskId: call.taskId, sync };
    const { Input, Name, StateMachineArn } = parametersOf(call);
    if (!this.startedBy(parent)) {
      const input: JsonObject = {
        ...(StateMachineArn !== undefined && { stateMachineArn: StateMachineArn }),
        ...(Name !== undefined && { name: Name }),
        // Nothing and null are alike.
        ...(Input != null && { input: typeof Input === 'string' ? Input : jsonText(Input) }),
      };
      await this.startExecution(input, parent).catch((error: unknown) => {
        throw error instanceof AwsError ? refusal(error) : error;
      });
    }
    const row = this.startedBy(parent);
    if (!row)
      throw new TaskFailure('StepFunctions.ExecutionAlreadyExistsException', 'Execution Already Exists');
    const requestId = randomUUID();
    const headers = {
      'Content-Type': 'application/x-amz-json-1.0',
      'x-amzn-RequestId': requestId,
    };
    return JSON.stringify({
      ExecutionArn: row.arn,
      ...sdkMetadata(headers, 200, requestId),
      StartDate: row.start_date,
    });
  }

  /** See `Performers.childEnding`. */
  childEnding(row: ExecutionRow): { after: () => void } | undefined {
    return row.parent_task?.endsWith('.sync') ? { after: () => this.tell(row) } : undefined;
  }

  /** The Task's call was answered, and that is durable: what it started may have ended meanwhile. */
  submitted(parent: LiveExecution, taskId: number): void {
    const row = this.startedBy({ executionId: parent.row.id, taskId, sync: true });
    if (row && row.status !== 'RUNNING') this.tell(row);
  }

  /** After a start: ends that nobody was told of. */
  recover(): void {
    for (const live of [...this.executions.live.values()]) {
      for (const { taskId, resource, submitted } of openTasks(live.execution)) {
        if (submitted && /\.sync(:2)?$/.test(resource)) this.submitted(live, taskId);
      }
    }
  }

  /** Nobody waits for the Task any more: an execution that it followed is stopped. */
  cancel(parent: ExecutionRow, taskId: number): void {
    const row = this.startedBy({ executionId: parent.id, taskId, sync: true });
    if (row?.status === 'RUNNING') this.executions.stop(row.id).catch(this.onFailure);
  }

  private startedBy(parent: ParentTask): ExecutionRow | undefined {
    return this.store.read((db) => executionByTask(db, parent));
  }

  private tell(row: ExecutionRow): void {
    const [executionId, taskId] = (row.parent_task ?? '').split('.').map(Number);
    const parent = this.executions.live.get(executionId ?? 0);
    const task = parent && openTasks(parent.execution).find((open) => open.taskId === taskId);
    if (!parent || !task?.submitted) return;
    const at = this.clock.now();
    const stimulus: Stimulus =
      row.status === 'SUCCEEDED'
        ? {
            type: 'TaskSucceeded',
            at,
            taskId: task.taskId,
            output: jsonText(this.description(row, task.resource.endsWith(':2'))),
          }
        : {
            type: 'TaskFailed',
            at,
            taskId: task.taskId,
            error: 'States.TaskFailed',
            cause: jsonText(this.description(row, false)),
          };
    this.executions.deliver(parent, stimulus).catch(this.onFailure);
  }

  /** As DescribeExecution tells it, in the SDK's names; `parsed`: input and output as JSON instead of text. */
  private description(row: ExecutionRow, parsed: boolean): JsonObject {
    const data = (text: string): Json => (parsed ? parseOwn(text) : text);
    const { redriveStatus, redriveStatusReason } = redrivability(this, row);
    return {
      ...(row.cause !== null && { Cause: row.cause }),
      ...(row.error !== null && { Error: row.error }),
      ExecutionArn: row.arn,
      Input: data(row.input),
      InputDetails: { Included: true },
      Name: row.name,
      ...(row.output !== null && { Output: data(row.output), OutputDetails: { Included: true } }),
      RedriveCount: row.redrive_count,
      RedriveStatus: redriveStatus,
      ...(redriveStatusReason !== undefined && { RedriveStatusReason: redriveStatusReason }),
      StartDate: row.start_date,
      StateMachineArn: row.machine_arn,
      Status: row.status,
      ...(row.stop_date !== null && { StopDate: row.stop_date }),
    };
  }
}

function refusal({ code, message, statusCode }: AwsError): TaskFailure {
  return optimisedFailure(traits, { code, message, statusCode, requestId: randomUUID() });
}
