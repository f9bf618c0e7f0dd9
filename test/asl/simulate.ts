import { parseDefinition } from '../../src/asl/definition.js';
import type { Effect, Env, ExecutionSpec, Step, Stimulus } from '../../src/asl/execution.js';
import type { HistoryEvent } from '../../src/asl/history-event.js';
import type { Json } from '../../src/asl/json.js';
import { createExecution, type Execution, transition } from '../../src/asl/transition.js';

export const env: Env = {
  taskToken: (taskId) => `token-${taskId}`,
  mapRunArn: (taskId, label) =>
    `arn:aws:states:ap-northeast-1:101010101010:mapRun:machine/${label ?? 'map'}:${taskId}`,
  random: (n) => ((n * 7919 + 500) % 1000) / 1000,
};

export function specOf(input: Json, more: Partial<ExecutionSpec> = {}): ExecutionSpec {
  return {
    executionArn: 'arn:aws:states:ap-northeast-1:101010101010:execution:machine:run',
    name: 'run',
    roleArn: 'arn:aws:iam::101010101010:role/role',
    stateMachineArn: 'arn:aws:states:ap-northeast-1:101010101010:stateMachine:machine',
    stateMachineName: 'machine',
    type: 'STANDARD',
    startDate: 0,
    input: JSON.stringify(input),
    ...more,
  };
}

/** A stimulus without its moment; the simulation knows the time. */
export type Unplaced = Stimulus extends infer S ? (S extends Stimulus ? Omit<S, 'at'> : never) : never;
type Invoke = Extract<Effect, { type: 'InvokeTask' | 'StartMapRun' }>;

/** What the outside answers to an effect, at once; nothing: only timers go on. */
export type Answer = (effect: Invoke, now: number) => Unplaced[];

export interface Simulation {
  execution: Execution;
  events: HistoryEvent[];
  stimuli: Stimulus[];
  steps: Step[];
  /** `Type id<previous` of each event. */
  chain: string[];
  now(): number;
}

/** Runs a definition to its end (or until nobody has anything to say) under a virtual clock. */
export function simulate(
  definition: object,
  input: Json = {},
  answer: Answer = () => [],
  more: Partial<ExecutionSpec> = {},
): Simulation {
  const spec = specOf(input, more);
  const execution = createExecution(spec, parseDefinition(JSON.stringify(definition), spec.type), env);
  const timers = new Map<number, number>();
  const queue: Unplaced[] = [{ type: 'Start' }];
  const simulation: Simulation = { execution, events: [], stimuli: [], steps: [], chain: [], now: () => now };
  let now = spec.startDate;
  while (execution.status === 'RUNNING') {
    const next = queue.shift() ?? due();
    if (!next) break;
    const stimulus = { ...next, at: now } as Stimulus;
    const step = transition(execution, stimulus);
    simulation.stimuli.push(stimulus);
    simulation.steps.push(step);
    simulation.events.push(...step.events);
    for (const effect of step.effects) {
      if (effect.type === 'SetTimer') timers.set(effect.timerId, effect.at);
      if (effect.type === 'CancelTimer') timers.delete(effect.timerId);
      if (effect.type === 'InvokeTask' || effect.type === 'StartMapRun') queue.push(...answer(effect, now));
    }
  }
  simulation.chain = simulation.events.map(
    ({ id, previousEventId, type }) => `${type} ${id}<${previousEventId}`,
  );
  return simulation;

  function due(): Unplaced | undefined {
    const [first] = [...timers].sort(([a, x], [b, y]) => x - y || a - b);
    if (!first) return undefined;
    timers.delete(first[0]);
    now = Math.max(now, first[1]);
    return { type: 'TimerFired', timerId: first[0] };
  }
}

export const LAMBDA = 'arn:aws:lambda:ap-northeast-1:101010101010:function:f';

/** A machine of one state. */
export const single = (state: object): object => ({ StartAt: 'S', States: { S: { End: true, ...state } } });

export const output = ({ execution }: Simulation): Json => JSON.parse(execution.output ?? 'null') as Json;

export const succeed =
  (value: Json): Answer =>
  ({ taskId }) => [{ type: 'TaskSucceeded', taskId, output: JSON.stringify(value) }];

export const failWith =
  (...errors: (string | undefined)[]): Answer =>
  ({ taskId }) => {
    const error = errors.length > 1 ? errors.shift() : errors[0];
    return [
      error === undefined
        ? { type: 'TaskSucceeded', taskId, output: '"done"' }
        : { type: 'TaskFailed', taskId, error, cause: 'why' },
    ];
  };
