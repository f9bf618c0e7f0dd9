import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { QueryAnswer } from '../../../src/asl/data/jsonata-query.js';
import { parseDefinition } from '../../../src/asl/definition.js';
import type { Effect, Stimulus } from '../../../src/asl/engine/protocol.js';
import {
  createExecution,
  type Execution,
  isOpen,
  openTasks,
  pendingEffects,
  transition,
} from '../../../src/asl/engine/transition.js';
import { env, LAMBDA, specOf } from '../simulate.js';

/** Random machines, nested to a depth, of states that wait for the outside and states that do not. */
const machine = fc
  .letrec((tie) => ({
    state: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constant({ Type: 'Pass', Parameters: { 'id.$': 'States.UUID()' } }),
      fc.constant({
        Type: 'Pass',
        QueryLanguage: 'JSONata',
        Output: { n: '{% 1 + 1 %}', input: '{% $states.input %}' },
      }),
      fc.constant({
        Type: 'Map',
        QueryLanguage: 'JSONata',
        Items: '{% [1, 2] %}',
        ItemSelector: '{% $states.context.Map.Item.Value + 1 %}',
        ItemProcessor: { StartAt: 'P', States: { P: { Type: 'Pass', End: true } } },
      }),
      fc.record({ Type: fc.constant('Wait'), Seconds: fc.integer({ min: 0, max: 5 }) }),
      fc.record({
        Type: fc.constant('Task'),
        Resource: fc.constantFrom(
          LAMBDA,
          'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
          'arn:aws:states:ap-northeast-1:101010101010:activity:a',
        ),
        Parameters: fc.constant({ QueueUrl: 'q', MessageBody: 'm' }),
        TimeoutSeconds: fc.integer({ min: 3, max: 6 }),
        HeartbeatSeconds: fc.integer({ min: 1, max: 2 }),
        Retry: fc.constant([{ ErrorEquals: ['E'], MaxAttempts: 1, JitterStrategy: 'FULL' }]),
      }),
      fc.record({
        Type: fc.constant('Parallel'),
        Branches: fc.array(tie('workflow'), { minLength: 1, maxLength: 3 }),
        Retry: fc.constant([{ ErrorEquals: ['States.ALL'], MaxAttempts: 1 }]),
      }),
      fc.record({
        Type: fc.constant('Map'),
        ItemsPath: fc.constant('$$.Execution.Input.items'),
        MaxConcurrency: fc.integer({ min: 0, max: 2 }),
        ItemProcessor: tie('workflow'),
      }),
      fc.constant({
        Type: 'Map',
        ItemsPath: '$$.Execution.Input.items',
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          StartAt: 'P',
          States: { P: { Type: 'Pass', End: true } },
        },
      }),
    ),
    workflow: fc.array(tie('state'), { minLength: 1, maxLength: 3 }).map((states) => ({
      StartAt: 'S0',
      States: Object.fromEntries(
        states.map((state, i) => [
          `S${i}`,
          { ...(state as object), ...(i < states.length - 1 ? { Next: `S${i + 1}` } : { End: true }) },
        ]),
      ),
    })),
  }))
  .workflow.map((workflow) => distinct(workflow as Workflow));

interface Workflow {
  StartAt: string;
  States: Record<string, { Next?: string; Branches?: Workflow[]; ItemProcessor?: Workflow }>;
}

/** No two states of a machine may share a name: inner ones get the path to them. */
function distinct({ States, ...rest }: Workflow, prefix = ''): Workflow {
  const states = Object.entries(States).map(([name, state]) => {
    const own = prefix + name;
    const inner = {
      ...(state.Next && { Next: prefix + state.Next }),
      ...(state.Branches && {
        Branches: state.Branches.map((branch, i) => distinct(branch, `${own}.${i}.`)),
      }),
      ...(state.ItemProcessor && { ItemProcessor: distinct(state.ItemProcessor, `${own}.`) }),
    };
    return [own, { ...state, ...inner }] as const;
  });
  return { ...rest, StartAt: prefix + rest.StartAt, States: Object.fromEntries(states) };
}

/** Picks what happens next out of all that may, by a number. */
function pick(outstanding: Map<string, Effect>, open: Execution, now: number, choice: number): Stimulus {
  const possible: Stimulus[] = [];
  for (const effect of outstanding.values()) {
    if (effect.type === 'SetTimer')
      possible.push({ type: 'TimerFired', timerId: effect.timerId, at: Math.max(now, effect.at) });
    if ('evaluationId' in effect) {
      const { evaluationId } = effect;
      const count = effect.type === 'Evaluate' ? effect.evaluation.expressions.length : 1;
      const answers = (answer: QueryAnswer) => new Array<QueryAnswer>(count).fill(answer);
      possible.push({ type: 'Evaluated', evaluationId, answers: answers({ value: true }), at: now });
      possible.push({ type: 'Evaluated', evaluationId, answers: answers({ value: [1] }), at: now });
      possible.push({ type: 'Evaluated', evaluationId, answers: answers({ failure: 'failed.' }), at: now });
    }
    if (effect.type === 'StartMapRun' || effect.type === 'RedriveMapRun') {
      possible.push({ type: 'MapRunSucceeded', taskId: effect.taskId, output: '[1]', at: now });
      possible.push({ type: 'MapRunFailed', taskId: effect.taskId, error: 'E', at: now });
    }
  }
  for (const { taskId } of openTasks(open)) {
    possible.push({ type: 'TaskSubmitted', taskId, output: '{}', at: now });
    possible.push({ type: 'TaskStarted', taskId, at: now });
    possible.push({ type: 'TaskHeartbeat', taskId, at: now });
    possible.push({ type: 'TaskSucceeded', taskId, output: '{"x":1}', at: now });
    possible.push({ type: 'TaskFailed', taskId, error: 'E', at: now });
  }
  possible.push(
    { type: 'TaskSucceeded', taskId: 999_999, output: '1', at: now },
    { type: 'TimerFired', timerId: 999_999, at: now },
  );
  if (choice % 97 === 0) possible.push({ type: 'Stop', at: now });
  return possible[choice % possible.length] as Stimulus;
}

function key(effect: Effect): string {
  if ('timerId' in effect) return `timer ${effect.timerId}`;
  if ('evaluationId' in effect) return `evaluation ${effect.evaluationId}`;
  if ('mapRunArn' in effect) return `run ${effect.taskId}`;
  return `task ${'taskId' in effect ? effect.taskId : ''}`;
}

/** What a driver with a perfect memory would still have to do. */
function remember(
  outstanding: Map<string, Effect>,
  stimulus: Stimulus,
  effects: Effect[],
  execution: Execution,
): void {
  if (stimulus.type === 'TimerFired') outstanding.delete(`timer ${stimulus.timerId}`);
  for (const effect of effects) {
    if (effect.type === 'EndExecution') continue;
    if (/^(Cancel|Stop)/.test(effect.type)) outstanding.delete(key(effect));
    else outstanding.set(key(effect), effect);
  }
  // Nobody calls off an evaluation: its answer comes soon, and is not heard.
  for (const name of outstanding.keys()) {
    const id = /^evaluation (\d+)/.exec(name)?.[1];
    if (id && !execution.evaluations.has(Number(id))) outstanding.delete(name);
  }
  if (!('taskId' in stimulus) || stimulus.type === 'TaskHeartbeat') return;
  const task = outstanding.get(`task ${stimulus.taskId}`);
  const activity = task?.type === 'InvokeTask' && task.resource.includes(':activity:');
  const callback = task?.type === 'InvokeTask' && task.taskToken !== undefined;
  // Only an activity is taken, and only what waits for a token is submitted.
  if (stimulus.type === 'TaskStarted' && !activity) return;
  if (stimulus.type === 'TaskSubmitted' && !callback) return;
  outstanding.delete(`task ${stimulus.taskId}`);
  if (!isOpen(execution, stimulus.taskId)) outstanding.delete(`run ${stimulus.taskId}`);
}

test('a replay gives the same history, and what is pending is what the live run still owes', () => {
  fc.assert(
    fc.property(machine, fc.array(fc.nat(1_000_000), { maxLength: 60 }), (definition, choices) => {
      const compiled = parseDefinition(JSON.stringify(definition));
      const spec = specOf({ items: [1, 2, 3] });
      const live = createExecution(spec, compiled, env);
      const copy = createExecution(spec, parseDefinition(JSON.stringify(definition)), env);
      const outstanding = new Map<string, Effect>();
      let now = 0;
      let lastId = 0;
      let next: Stimulus = { type: 'Start', at: 0 };
      for (const choice of [0, ...choices]) {
        const step = transition(live, next);
        expect(transition(copy, next)).toEqual(step);
        for (const { id, previousEventId } of step.events) {
          expect(id).toBe(++lastId);
          expect(previousEventId).toBeLessThan(id);
        }
        remember(outstanding, next, step.effects, live);
        const pending = new Map(pendingEffects(copy).map((effect) => [key(effect), effect]));
        expect(pending).toEqual(outstanding);
        if (live.status !== 'RUNNING') {
          expect(step.effects.at(-1)?.type).toBe('EndExecution');
          expect(pending.size).toBe(0);
          if (live.status === 'SUCCEEDED') break;
          next = { type: 'Redrive', at: now };
          continue;
        }
        expect(outstanding.size + openTasks(live).length).toBeGreaterThan(0);
        next = pick(outstanding, live, now, choice);
        now = next.at;
      }
    }),
    { numRuns: 300 },
  );
});
