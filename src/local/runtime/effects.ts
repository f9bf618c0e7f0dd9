import type { QueryAnswer } from '../../asl/data/jsonata-query.js';
import type { Effect, Stimulus } from '../../asl/engine/protocol.js';
import { isOpen } from '../../asl/engine/transition.js';
import { isActivity } from '../arns.js';
import type { Clock } from '../clock.js';
import type { Store } from '../store/port.js';
import type { InvokeTask, LiveExecution, Performers } from './live-execution.js';
import { activity } from './machine-tables.js';

/** Who takes what comes back. */
interface Driver {
  deliver(live: LiveExecution, stimulus: Stimulus): Promise<boolean>;
  /** Something that nobody awaits has failed. */
  failed(live: LiveExecution, error: unknown): void;
}

/** Performs the effects of committed steps: timers, invocations, evaluations, map runs. */
export class Effects {
  performers: Performers | undefined;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly driver: Driver,
  ) {}

  perform(live: LiveExecution, effect: Effect): void {
    try {
      this.performed(live, effect);
    } catch (error) {
      this.driver.failed(live, error);
    }
  }

  private performed(live: LiveExecution, effect: Effect): void {
    switch (effect.type) {
      case 'InvokeTask':
        this.invoke(live, effect);
        break;
      case 'CancelTask':
        live.invocations.get(effect.taskId)?.abort();
        live.invocations.delete(effect.taskId);
        this.performers?.cancel(live, effect.taskId);
        break;
      case 'SetTimer':
        live.timers.set(
          effect.timerId,
          this.clock.at(effect.at, () => {
            live.timers.delete(effect.timerId);
            this.settle(
              live,
              this.driver.deliver(live, {
                type: 'TimerFired',
                timerId: effect.timerId,
                at: this.clock.now(),
              }),
            );
          }),
        );
        break;
      case 'CancelTimer':
        live.timers.get(effect.timerId)?.();
        live.timers.delete(effect.timerId);
        break;
      case 'Evaluate':
        if (this.performers) this.answerOf(live, effect, this.performers.evaluate(effect.evaluation));
        break;
      case 'FindActivity': {
        const value = this.store.read((db) => activity(db, effect.activityArn) !== undefined);
        this.answerOf(live, effect, Promise.resolve([{ value }]));
        break;
      }
      case 'StartMapRun':
      case 'RedriveMapRun':
        if (this.performers)
          this.settle(live, this.performers.startMapRun(live, effect).finally(this.clock.hold()));
        break;
      case 'StopMapRun':
        this.performers?.stopMapRun(effect.mapRunArn);
        break;
      case 'EndExecution':
        break;
    }
  }

  private invoke(live: LiveExecution, effect: InvokeTask): void {
    if (!this.performers) return;
    const abort = new AbortController();
    live.invocations.set(effect.taskId, abort);
    const invoked = this.performers.invoke(effect, live.row, abort.signal).then(async (stimulus) => {
      if (abort.signal.aborted) return;
      live.invocations.delete(effect.taskId);
      if (stimulus) await this.driver.deliver(live, stimulus);
      if (stimulus?.type === 'TaskSubmitted') this.performers?.submitted(live, effect.taskId);
    });
    // An activity's worker is outside; any other invocation takes the time that it takes.
    this.settle(live, isActivity(effect.resource) ? invoked : invoked.finally(this.clock.hold()));
    this.leaveToOthers(live, effect);
  }

  /** Time is not skipped while a token or an activity waits: its answer may come at any moment. */
  leaveToOthers(live: LiveExecution, task: Pick<InvokeTask, 'taskId' | 'resource' | 'taskToken'>): void {
    if (live.outside.has(task.taskId) || !(task.taskToken !== undefined || isActivity(task.resource))) return;
    live.outside.set(task.taskId, this.clock.hold('outside'));
  }

  private answerOf(
    live: LiveExecution,
    { evaluationId }: { evaluationId: number },
    asked: Promise<QueryAnswer[]>,
  ): void {
    const answered = asked.then(async (answers) => {
      await this.driver.deliver(live, { type: 'Evaluated', at: this.clock.now(), evaluationId, answers });
    });
    this.settle(live, answered.finally(this.clock.hold()));
  }

  private settle(live: LiveExecution, work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      this.driver.failed(live, error);
    });
  }

  /** The clock is no longer held by tasks that wait no more. */
  letGoOfClosed(live: LiveExecution): void {
    for (const [taskId, letGo] of live.outside) {
      if (isOpen(live.execution, taskId)) continue;
      live.outside.delete(taskId);
      letGo();
    }
  }

  /** What is under way is let go; it is performed again at the next start. */
  release(live: LiveExecution): void {
    for (const abort of live.invocations.values()) abort.abort();
    for (const cancel of live.timers.values()) cancel();
    for (const letGo of live.outside.values()) letGo();
    live.invocations.clear();
    live.timers.clear();
    live.outside.clear();
  }
}
