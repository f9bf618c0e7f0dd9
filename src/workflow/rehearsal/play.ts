import type { StateMachine } from '../../asl/definition.js';
import type { HistoryEvent } from '../../asl/engine/history-event.js';
import type { Evaluate } from '../../asl/engine/map-item.js';
import type {
  Effect,
  Env,
  ExecutionSpec,
  ExecutionStatus,
  Step,
  Stimulus,
} from '../../asl/engine/protocol.js';
import { createExecution, type Execution } from '../../asl/engine/transition.js';
import { moved } from '../trial/imagined-execution.js';
import type { MapRunReply, Reply, TaskCall } from './reply.js';
import { createPlaces, isScheduled, type Place } from './step-place.js';

export interface MapRunCall {
  place: Place;
  effect: Extract<Effect, { type: 'StartMapRun' | 'RedriveMapRun' }>;
  at: number;
}

/** The world of an execution that is played. Undefined: nobody knows what it would say. */
export interface PlayWorld {
  /** Where it answers at once, nothing is waited for. */
  reply(call: TaskCall): readonly Reply[] | undefined | Promise<readonly Reply[] | undefined>;
  /** How long it is known that nothing comes to a call that is not answered, in milliseconds; otherwise never. */
  silence?(call: TaskCall): number;
  mapRun(call: MapRunCall): Promise<MapRunReply | undefined>;
  hasActivity(arn: string): boolean;
  evaluate: Evaluate;
  env: Env;
  /** When it was stopped from outside, while it waited for what never came: milliseconds since its start. */
  stopped?: Stopped;
  /** Milliseconds between each of its ends without success and the redrive after it. */
  redrives?: readonly number[];
}

export interface Stopped {
  after: number;
  error?: string;
  cause?: string;
}

export interface Played {
  /** RUNNING: it waits for something that never comes, or an answer is missing. */
  status: ExecutionStatus;
  output?: string;
  error?: string;
  cause?: string;
  events: HistoryEvent[];
  /** The place of each event, in their order. */
  places: (Place | undefined)[];
  /** What was asked and nobody knew, or what never answers and is waited for: here it stopped. */
  missing?: TaskCall | MapRunCall;
  /** Epoch milliseconds of its own time. */
  stoppedAt: number;
}

/** Plays whose timers or replies never end are stopped here; AWS allows 25,000 events. */
const MOST_STIMULI = 100_000;

/** Milliseconds by which recorded times and timers may differ. */
const SLACK = 1_000;

type Unplaced = Stimulus extends infer S ? (S extends Stimulus ? Omit<S, 'at'> : never) : never;

/**
 * Runs an execution to its end on virtual time: Wait states, retries and timeouts take none, and what it asks the
 * world is answered by `world`. Throws what `world.evaluate` throws.
 */
export async function play(spec: ExecutionSpec, machine: StateMachine, world: PlayWorld): Promise<Played> {
  const player = new Player(createExecution(spec, machine, world.env), spec.startDate, world);
  await player.move({ type: 'Start' });
  await toItsEnd(player);
  for (const after of world.redrives ?? []) {
    if (!(await player.redrive(after))) break;
    await toItsEnd(player);
  }
  return player.played();
}

async function toItsEnd(player: Player): Promise<void> {
  for (let count = 0; count < MOST_STIMULI; count++) {
    const next = player.next();
    // A promise for each step would cost more than the step.
    if (next instanceof Promise) await next;
    else if (!next) return;
  }
}

class Player {
  private readonly events: HistoryEvent[] = [];
  private readonly places: (Place | undefined)[] = [];
  private readonly placeOf = createPlaces();
  private readonly timers = new Map<number, number>();
  /** What the world is going to say. */
  private readonly coming: { at: number; stimulus: Unplaced }[] = [];
  /** Asked, and nothing of what the world is going to say ends it. */
  private readonly open = new Map<number, TaskCall>();
  private missing: Played['missing'];
  private readonly stopAt: number;

  constructor(
    private readonly execution: Execution,
    private now: number,
    private readonly world: PlayWorld,
  ) {
    this.stopAt = world.stopped ? now + world.stopped.after : Number.POSITIVE_INFINITY;
  }

  /** What is due next; false where the execution has ended or nothing will come. */
  next(): boolean | Promise<void> {
    if (this.execution.status !== 'RUNNING' || this.missing) return false;
    const [reply] = this.coming;
    const timer = this.firstTimer();
    const due = Math.min(reply?.at ?? Number.POSITIVE_INFINITY, timer?.at ?? Number.POSITIVE_INFINITY);
    if (due > this.stopAt && this.waiting().length > 0) return this.stop() ?? false;
    if (reply && (!timer || reply.at <= timer.at)) {
      this.coming.shift();
      this.now = Math.max(this.now, reply.at);
      return this.move(reply.stimulus) ?? true;
    }
    if (!timer) {
      [this.missing] = this.waiting();
      return false;
    }
    const { timerId } = timer;
    this.timers.delete(timerId);
    this.now = Math.max(this.now, timer.at);
    const fired = this.execution.timers.get(timerId);
    const task = fired && 'task' in fired ? fired.task : undefined;
    // Whoever answers later was alive.
    if (fired?.of === 'heartbeat' && task && this.answers(task.taskId))
      return this.move({ type: 'TaskHeartbeat', taskId: task.taskId }) ?? true;
    if (task ?? fired?.of === 'execution') this.missing = this.unknownSince(task?.taskId);
    if (this.missing) return false;
    return this.move({ type: 'TimerFired', timerId }) ?? true;
  }

  /** Of equals, the one that was set first. */
  private firstTimer(): { timerId: number; at: number } | undefined {
    let first: { timerId: number; at: number } | undefined;
    for (const [timerId, at] of this.timers)
      if (!first || at < first.at || (at === first.at && timerId < first.timerId)) first = { timerId, at };
    return first;
  }

  /** What is waited for and never comes. */
  private waiting(): TaskCall[] {
    const { tasks } = this.execution;
    return [...this.open].flatMap(([taskId, call]) => (tasks.has(taskId) ? call : []));
  }

  private answers(taskId: number): boolean {
    return this.coming.some(
      ({ stimulus }) =>
        (stimulus.type === 'TaskSucceeded' || stimulus.type === 'TaskFailed') && stimulus.taskId === taskId,
    );
  }

  /** Of those (or of this one) that are waited for, one that may have been answered by now for all that is known. */
  private unknownSince(taskId: number | undefined): TaskCall | undefined {
    const only = taskId === undefined ? undefined : this.open.get(taskId);
    const { silence = () => Number.POSITIVE_INFINITY } = this.world;
    return (taskId === undefined ? this.waiting() : only ? [only] : []).find(
      (call) => this.now - call.at > silence(call) + SLACK,
    );
  }

  /** As it was stopped; it never waits for the same again. */
  private stop(): Promise<void> | undefined {
    const { error, cause } = this.world.stopped ?? {};
    this.now = Math.max(this.now, this.stopAt);
    return this.move({ type: 'Stop', error, cause });
  }

  /** Answers false where there is nothing to redrive. */
  async redrive(after: number): Promise<boolean> {
    const { status } = this.execution;
    if (this.missing || status === 'RUNNING' || status === 'SUCCEEDED') return false;
    this.coming.length = 0;
    this.timers.clear();
    this.open.clear();
    this.now += after;
    await this.move({ type: 'Redrive' });
    return true;
  }

  /** Undefined where all of it is done. */
  move(stimulus: Unplaced): Promise<void> | undefined {
    const step = moved(this.execution, { ...stimulus, at: this.now } as Stimulus, this.world.evaluate);
    return step instanceof Promise ? step.then((one) => this.take(one)) : this.take(step);
  }

  private take({ events, effects }: Step): Promise<void> | undefined {
    const begun: Place[] = [];
    for (const event of events) {
      const place = this.placeOf(event);
      this.events.push(event);
      this.places.push(place);
      if (place && isScheduled(event.type)) begun.push(place);
    }
    return this.performAll(effects, begun, 0);
  }

  private performAll(effects: readonly Effect[], begun: Place[], from: number): Promise<void> | undefined {
    for (let index = from; index < effects.length; index++) {
      const waiting = this.perform(effects[index] as Effect, begun);
      if (waiting) return waiting.then(() => this.performAll(effects, begun, index + 1));
    }
    return undefined;
  }

  private perform(effect: Effect, begun: Place[]): Promise<void> | undefined {
    switch (effect.type) {
      case 'SetTimer':
        this.timers.set(effect.timerId, effect.at);
        return undefined;
      case 'CancelTimer':
        this.timers.delete(effect.timerId);
        return undefined;
      case 'FindActivity':
        return this.move({
          type: 'Evaluated',
          evaluationId: effect.evaluationId,
          answers: [{ value: this.world.hasActivity(effect.activityArn) }],
        });
      case 'InvokeTask':
        return this.ask(effect, begun.shift());
      case 'StartMapRun':
      case 'RedriveMapRun':
        return this.askMapRun(effect, begun.shift());
      default:
        return undefined;
    }
  }

  private ask(
    { taskId, resource, parameters, taskToken }: Extract<Effect, { type: 'InvokeTask' }>,
    place: Place | undefined,
  ): Promise<void> | undefined {
    if (!place || this.missing) return undefined;
    const call: TaskCall = { place, resource, parameters, taskToken, at: this.now };
    const replies = this.world.reply(call);
    if (replies instanceof Promise) return replies.then((all) => this.replied(taskId, call, all));
    this.replied(taskId, call, replies);
    return undefined;
  }

  private replied(taskId: number, call: TaskCall, replies: readonly Reply[] | undefined): void {
    if (!replies) this.missing = call;
    if (!replies?.some(({ what }) => what.type === 'TaskSucceeded' || what.type === 'TaskFailed'))
      this.open.set(taskId, call);
    for (const { after, what } of replies ?? []) this.expect(this.now + after, { ...what, taskId });
  }

  private async askMapRun(effect: MapRunCall['effect'], place: Place | undefined): Promise<void> {
    if (!place || this.missing) return;
    const call = { place, effect, at: this.now };
    const reply = await this.world.mapRun(call);
    if (!reply) {
      this.missing = call;
      return;
    }
    const { after, ...what } = reply;
    this.expect(this.now + after, { ...what, taskId: effect.taskId });
  }

  /** In the order of time; of equals, first come first. */
  private expect(at: number, stimulus: Unplaced): void {
    const place = this.coming.findIndex((other) => other.at > at);
    if (place < 0) this.coming.push({ at, stimulus });
    else this.coming.splice(place, 0, { at, stimulus });
  }

  played(): Played {
    const { status, output, error, cause } = this.execution;
    const { events, places, missing } = this;
    return { status, output, error, cause, events, places, missing, stoppedAt: this.now };
  }
}
