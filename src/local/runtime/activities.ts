import { writtenOf } from '../../asl/data/value.js';
import type { Effect, Stimulus } from '../../asl/engine/protocol.js';
import type { Clock } from '../clock.js';
import type { ExecutionRow } from './execution-tables.js';
import type { Executions } from './executions.js';
import type { TaskReference } from './tokens.js';

type InvokeTask = Extract<Effect, { type: 'InvokeTask' }>;

export interface ActivityTask extends TaskReference {
  /** JSON text. */
  input: string;
}

interface Worker {
  give(task: ActivityTask | undefined): void;
}
interface Queue {
  tasks: Map<ActivityTask, () => void>;
  workers: Set<Worker>;
}

/** Brings the tasks of activities together with the workers that poll for them, first come, first served. */
export class Activities {
  private readonly queues = new Map<string, Queue>();

  constructor(
    private readonly executions: Executions,
    private readonly clock: Clock,
  ) {}

  /** Offers a scheduled task until a worker takes it or `signal` says that nobody waits for it any more. */
  schedule(task: InvokeTask, execution: ExecutionRow, signal: AbortSignal): Promise<Stimulus | undefined> {
    const queue = this.queue(task.resource);
    const offer: ActivityTask = {
      executionId: execution.id,
      taskId: task.taskId,
      input: writtenOf(task.parameters),
    };
    return new Promise((resolve) => {
      const settle = (): void => {
        queue.tasks.delete(offer);
        resolve(undefined);
      };
      queue.tasks.set(offer, settle);
      signal.addEventListener('abort', settle, { once: true });
      this.match(queue);
    });
  }

  /** The next task of the activity, its start committed; undefined once `signal` has ended the poll. */
  async poll(
    activityArn: string,
    workerName: string | undefined,
    signal: AbortSignal,
  ): Promise<ActivityTask | undefined> {
    const queue = this.queue(activityArn);
    while (!signal.aborted) {
      const task = await new Promise<ActivityTask | undefined>((resolve) => {
        const worker: Worker = {
          give(given) {
            queue.workers.delete(worker);
            resolve(given);
          },
        };
        queue.workers.add(worker);
        signal.addEventListener('abort', () => worker.give(undefined), { once: true });
        this.match(queue);
      });
      const started = (taskId: number): Stimulus => ({
        type: 'TaskStarted',
        at: this.clock.now(),
        taskId,
        workerName,
      });
      // It may have timed out meanwhile: then the next one.
      if (task && (await this.executions.answer(task, started))) return task;
    }
    return undefined;
  }

  private match(queue: Queue): void {
    for (const worker of queue.workers) {
      const [next] = queue.tasks;
      if (!next) return;
      const [task, settle] = next;
      settle();
      worker.give(task);
    }
  }

  private queue(arn: string): Queue {
    let queue = this.queues.get(arn);
    if (!queue) {
      queue = { tasks: new Map(), workers: new Set() };
      this.queues.set(arn, queue);
    }
    return queue;
  }
}
