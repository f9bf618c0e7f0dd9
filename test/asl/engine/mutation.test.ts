import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { QueryAnswer } from '../../../src/asl/data/jsonata-query.js';
import { DefinitionError, parseDefinition } from '../../../src/asl/definition.js';
import type { Effect } from '../../../src/asl/engine/protocol.js';
import {
  createExecution,
  openTasks,
  pendingEffects,
  transition,
} from '../../../src/asl/engine/transition.js';
import { isObject, type Json } from '../../../src/json/json.js';
import { variousDefinitions } from '../mutate.js';
import { env, specOf } from '../simulate.js';

/** Values that stand where others are expected. */
const INTRUDERS: Json[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e21,
  '',
  '$',
  '$$',
  '$.a[0]',
  '$..*',
  "$.a[?(@.b == 'c')]",
  '$.x[',
  "States.Format('{}', $)",
  'States.',
  [],
  {},
  [1],
  { 'a.$': '$' },
  'constructor',
  { __proto__: null, Type: 'Pass', End: true },
];

/** A copy in which the `at`-th node (counted depth first) is another, or gone. */
function mutate(json: Json, at: { left: number }, intruder: Json | undefined): Json | undefined {
  if (at.left-- === 0) return intruder;
  if (Array.isArray(json)) return json.flatMap((item) => mutate(item, at, intruder) ?? []);
  if (!isObject(json)) return json;
  return Object.fromEntries(
    Object.entries(json).flatMap(([key, item]): [string, Json][] => {
      const mutated = mutate(item, at, intruder);
      return mutated === undefined ? [] : [[key, mutated]];
    }),
  );
}

function answer(effect: Effect, choice: number): Parameters<typeof transition>[1][] {
  if (effect.type === 'StartMapRun')
    return [{ type: 'MapRunSucceeded', taskId: effect.taskId, output: '[]', at: 0 }];
  if ('evaluationId' in effect) {
    const value = INTRUDERS[choice % INTRUDERS.length] ?? null;
    const answers = new Array<QueryAnswer>(
      effect.type === 'Evaluate' ? effect.evaluation.expressions.length : 1,
    );
    answers.fill(choice % 5 === 0 ? { failure: 'failed.' } : { value });
    return [{ type: 'Evaluated', evaluationId: effect.evaluationId, answers, at: 0 }];
  }
  if (effect.type !== 'InvokeTask') return [];
  const { taskId } = effect;
  return choice % 3 === 0
    ? [{ type: 'TaskFailed', taskId, error: 'E', at: 0 }]
    : [
        {
          type: 'TaskSucceeded',
          taskId,
          output: JSON.stringify(INTRUDERS[choice % INTRUDERS.length]),
          at: 0,
        },
      ];
}

/** A few rounds of answers and timers; whatever happens, the execution either goes on or has ended. */
function exercise(text: string, input: Json, choice: number): void {
  const execution = createExecution(specOf(input), parseDefinition(text), env);
  transition(execution, { type: 'Start', at: 0 });
  for (let round = 0; round < 30 && execution.status === 'RUNNING'; round++) {
    const pending = pendingEffects(execution);
    expect(pending.length + openTasks(execution).length).toBeGreaterThan(0);
    for (const effect of pending.slice(0, 20)) {
      for (const stimulus of answer(effect, choice + round)) transition(execution, stimulus);
      if (effect.type === 'SetTimer')
        transition(execution, { type: 'TimerFired', timerId: effect.timerId, at: effect.at });
    }
  }
}

test('a mutated definition is refused or runs; nothing else is thrown', () => {
  const definitions = variousDefinitions();
  let ran = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...definitions),
      fc.nat(60),
      fc.option(fc.constantFrom(...INTRUDERS), { nil: undefined }),
      fc.constantFrom(...INTRUDERS),
      fc.nat(1000),
      (definition, at, intruder, input, choice) => {
        const text = JSON.stringify(mutate(definition, { left: at }, intruder) ?? null);
        try {
          exercise(text, input, choice);
          ran++;
        } catch (error) {
          if (!(error instanceof DefinitionError)) throw error;
        }
      },
    ),
    { numRuns: Number(process.env.MUTATIONS ?? 3000) },
  );
  expect(ran).toBeGreaterThan(100);
});
