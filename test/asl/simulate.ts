import { evaluateJsonata } from '../../src/asl/data/evaluate-jsonata.mjs';
import { jsonOf } from '../../src/asl/data/value.js';
import { parseDefinition } from '../../src/asl/definition.js';
import type { HistoryEvent } from '../../src/asl/engine/history-event.js';
import type { Effect, Env, ExecutionSpec, Step, Stimulus } from '../../src/asl/engine/protocol.js';
import {
  createExecution,
  type Execution,
  pendingEffects,
  transition,
} from '../../src/asl/engine/transition.js';
import type { Json } from '../../src/json/json.js';

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
type Invoke = Extract<Effect, { type: 'InvokeTask' }>;
type MapRun = Extract<Effect, { type: 'StartMapRun' | 'RedriveMapRun' }>;
/** What the outside is asked for, parsed. */
type Call = (Omit<Invoke, 'parameters'> & { parameters: Json }) | MapRun;

const callOf = (effect: Invoke | MapRun): Call =>
  effect.type === 'InvokeTask' ? { ...effect, parameters: jsonOf(effect.parameters) } : effect;

/** What the outside answers to an effect, at once; nothing: only timers go on. */
export type Answer = (effect: Call, now: number) => Unplaced[];

export interface Simulation {
  execution: Execution;
  events: HistoryEvent[];
  stimuli: Stimulus[];
  steps: Step[];
  /** `Type id<previous` of each event. */
  chain: string[];
  now: number;
  timers: Map<number, number>;
}

/** Runs a definition to its end (or until nobody has anything to say) under a virtual clock. */
export function simulate(
  definition: object | string,
  input: Json = {},
  answer: Answer = () => [],
  more: Partial<ExecutionSpec> = {},
): Simulation {
  const spec = specOf(input, more);
  const execution = createExecution(
    spec,
    parseDefinition(typeof definition === 'string' ? definition : JSON.stringify(definition), spec.type),
    env,
  );
  const simulation: Simulation = {
    execution,
    events: [],
    stimuli: [],
    steps: [],
    chain: [],
    now: spec.startDate,
    timers: new Map(),
  };
  return goOn(simulation, { type: 'Start' }, answer);
}

/** Moves a simulation on with a stimulus, to the execution's (next) end. */
export function goOn(simulation: Simulation, first: Unplaced, answer: Answer): Simulation {
  const { execution, timers } = simulation;
  const queue: Unplaced[] = [first];
  do {
    const next = queue.shift() ?? due();
    if (!next) break;
    const stimulus = { ...next, at: simulation.now } as Stimulus;
    const step = transition(execution, stimulus);
    simulation.stimuli.push(stimulus);
    simulation.steps.push(step);
    simulation.events.push(...step.events);
    for (const effect of step.effects) {
      if (effect.type === 'SetTimer') timers.set(effect.timerId, effect.at);
      if (effect.type === 'CancelTimer') timers.delete(effect.timerId);
      if (effect.type === 'FindActivity')
        queue.push({ type: 'Evaluated', evaluationId: effect.evaluationId, answers: [{ value: true }] });
      if ('taskId' in effect && /^(InvokeTask|StartMapRun|RedriveMapRun)$/.test(effect.type))
        queue.push(...answer(callOf(effect as Invoke | MapRun), simulation.now));
    }
  } while (execution.status === 'RUNNING');
  simulation.chain = simulation.events.map(
    ({ id, previousEventId, type }) => `${type} ${id}<${previousEventId}`,
  );
  return simulation;

  function due(): Unplaced | undefined {
    if (execution.evaluations.size > 0) return undefined;
    const [first] = [...timers].sort(([a, x], [b, y]) => x - y || a - b);
    if (!first) return undefined;
    timers.delete(first[0]);
    simulation.now = Math.max(simulation.now, first[1]);
    return { type: 'TimerFired', timerId: first[0] };
  }
}

/** As `simulate`, with JSONata at hand. */
export async function simulateJsonata(
  definition: object,
  input?: Json,
  answer: Answer = () => [],
): Promise<Simulation> {
  const simulation = simulate({ QueryLanguage: 'JSONata', ...definition }, input, answer);
  for (let open = true; open; ) {
    open = false;
    for (const effect of pendingEffects(simulation.execution)) {
      if (effect.type !== 'Evaluate') continue;
      const { evaluationId, evaluation } = effect;
      goOn(
        simulation,
        { type: 'Evaluated', evaluationId, answers: await evaluateJsonata(evaluation) },
        answer,
      );
      open = true;
    }
  }
  return simulation;
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
