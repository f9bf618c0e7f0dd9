import { jsonOf } from '../../asl/data/value.js';
import type { StateMachine } from '../../asl/definition.js';
import type { HistoryEvent } from '../../asl/engine/history-event.js';
import type { Evaluate } from '../../asl/engine/map-item.js';
import type { Effect, Env, ExecutionSpec, ExecutionStatus, Stimulus } from '../../asl/engine/protocol.js';
import { createExecution, type Execution } from '../../asl/engine/transition.js';
import { moved } from '../trial/interpret.js';
import { createPlaces, isScheduled, type Place } from './place.js';
import type { MapRunReply, Reply, TaskCall } from './reply.js';

export interface MapRunCall {
  place: Place;
  effect: Extract<Effect, { type: 'StartMapRun' | 'RedriveMapRun' }>;
  at: number;
}

/** The world of an execution that is played. Undefined: nobody knows what it would say. */
export interface PlayWorld {
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
  for (let count = 0; count < MOST_STIMULI && (await player.next()); count++);
  for (const after of world.redrives ?? []) {
    if (!(await player.redrive(after))) break;
    for (let count = 0; count < MOST_STIMULI && (await player.next()); count++);
  }
  return player.played();
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
  async next(): Promise<boolean> {
    if (this.execution.status !== 'RUNNING' || this.missing) return false;
    const [reply] = this.coming;
    const [timer] = [...this.timers].sort(([a, x], [b, y]) => x - y || a - b);
    const due = Math.min(reply?.at ?? Number.POSITIVE_INFINITY, timer?.[1] ?? Number.POSITIVE_INFINITY);
    if (due > this.stopAt && this.waiting().length > 0) return await this.stop();
    if (reply && (!timer || reply.at <= timer[1])) {
      this.coming.shift();
      this.now = Math.max(this.now, reply.at);
      await this.move(reply.stimulus);
      return true;
    }
    if (!timer) {
      [this.missing] = this.waiting();
      return false;
    }
    this.timers.delete(timer[0]);
    this.now = Math.max(this.now, timer[1]);
    const fired = this.execution.timers.get(timer[0]);
    const task = fired && 'task' in fired ? fired.task : undefined;
    if (fired?.of === 'heartbeat' && task && this.answers(task.taskId)) {
      // Whoever answers later was alive.
      await this.move({ type: 'TaskHeartbeat', taskId: task.taskId });
      return true;
    }
    if (task ?? fired?.of === 'execution') this.missing = this.unknownSince(task?.taskId);
    if (this.missing) return false;
    await this.move({ type: 'TimerFired', timerId: timer[0] });
    return true;
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
  private async stop(): Promise<boolean> {
    const { error, cause } = this.world.stopped ?? {};
    this.now = Math.max(this.now, this.stopAt);
    await this.move({ type: 'Stop', error, cause });
    return false;
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

  async move(stimulus: Unplaced): Promise<void> {
    const step = await moved(this.execution, { ...stimulus, at: this.now } as Stimulus, this.world.evaluate);
    const begun: Place[] = [];
    for (const event of step.events) {
      const place = this.placeOf(event);
      this.events.push(event);
      this.places.push(place);
      if (place && isScheduled(event.type)) begun.push(place);
    }
    for (const effect of step.effects) await this.perform(effect, begun);
  }

  private async perform(effect: Effect, begun: Place[]): Promise<void> {
    switch (effect.type) {
      case 'SetTimer':
        this.timers.set(effect.timerId, effect.at);
        return;
      case 'CancelTimer':
        this.timers.delete(effect.timerId);
        return;
      case 'FindActivity':
        await this.move({
          type: 'Evaluated',
          evaluationId: effect.evaluationId,
          answers: [{ value: this.world.hasActivity(effect.activityArn) }],
        });
        return;
      case 'InvokeTask':
        await this.ask(effect, begun.shift());
        return;
      case 'StartMapRun':
      case 'RedriveMapRun':
        await this.askMapRun(effect, begun.shift());
        return;
    }
  }

  private async ask(
    { taskId, resource, parameters, taskToken }: Extract<Effect, { type: 'InvokeTask' }>,
    place: Place | undefined,
  ): Promise<void> {
    if (!place || this.missing) return;
    const call = { place, resource, parameters: jsonOf(parameters), taskToken, at: this.now };
    const replies = await this.world.reply(call);
    if (!replies) this.missing = call;
    if (!replies?.some(({ what }) => /^Task(Succeeded|Failed)$/.test(what.type))) this.open.set(taskId, call);
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
    this.coming.splice(place < 0 ? this.coming.length : place, 0, { at, stimulus });
  }

  played(): Played {
    const { status, output, error, cause } = this.execution;
    const { events, places, missing } = this;
    return { status, output, error, cause, events, places, missing, stoppedAt: this.now };
  }
}
