import { describe, expect, test } from 'vitest';
import { builtinMachines } from '../../../src/framework/machines.js';
import { readTaskMachine } from '../../../src/framework/task/machine.js';
import { type PlanFacts, planShares } from '../../../src/framework/task/plan-shares.js';

const arn = 'arn:aws:states:ap-northeast-1:101010101010:stateMachine:x';
const map = (state: object, more: object = {}) =>
  JSON.stringify({ StartAt: 'm', States: { m: { Type: 'Map', End: true, ...state }, ...more } });
const invoke = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', End: true };
const inside = (state: object) => ({ ItemProcessor: { StartAt: 's', States: { s: state } } });

const roomy: PlanFacts = {
  wrapping: 0,
  concurrency: 2,
  eventsPerItem: 7,
  eventsAround: 6,
  inputCopies: 0,
};
const many = (count: number, bytes: number) => Array.from({ length: count }, () => ({ bytes }));
const countsOf = (items: { bytes: number }[], facts: PlanFacts): number[] =>
  planShares(items, facts).shares.map(({ count }) => count);

describe('what a machine says of its items', () => {
  test("the framework's: its concurrency, its retries, and the context that repeats the input", () => {
    const definition = builtinMachines().find(({ name }) => name === 'sfn-task')?.definition ?? '';
    expect(readTaskMachine(definition, arn)).toEqual({
      mapState: 'map_state',
      concurrency: 2,
      timeoutSeconds: undefined,
      // Iteration 2, entry and exit 2, seven attempts of 3.
      eventsPerItem: 25,
      eventsAround: 6,
      inputCopies: 1,
    });
  });

  test('the timeout; items in a member of the input, also in JSONata', () => {
    const path = JSON.parse(map({ ItemsPath: '$.orders', ...inside(invoke) }));
    expect(readTaskMachine(JSON.stringify({ ...path, TimeoutSeconds: 900 }), arn)).toMatchObject({
      itemsMember: 'orders',
      timeoutSeconds: 900,
      concurrency: 40,
      eventsPerItem: 7,
      inputCopies: 0,
    });
    const query = map({ QueryLanguage: 'JSONata', Items: '{% $states.input.orders %}', ...inside(invoke) });
    expect(readTaskMachine(query, arn)).toMatchObject({ itemsMember: 'orders' });
  });

  test.each([
    ['no Map', JSON.stringify({ StartAt: 'p', States: { p: { Type: 'Pass', End: true } } }), 'no Map'],
    [
      'a distributed one',
      map({
        ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED' }, StartAt: 's', States: { s: invoke } },
      }),
      'distributed',
    ],
    ['items of its own', map({ ItemsPath: '$.a.b', ...inside(invoke) }), 'does not take its items'],
  ])('%s is refused', (_, definition, why) => {
    expect(() => readTaskMachine(definition, arn)).toThrow(why);
  });
});

describe('where executions end', () => {
  test('10 seconds an item, 15 minutes, two at a time: no more than fit with room to spare', () => {
    const facts = { ...roomy, timeoutSeconds: 900, secondsPerItem: 10 };
    const counts = countsOf(many(1_000, 20), facts);
    expect(Math.max(...counts)).toBeLessThan(180);
    expect(Math.max(...counts)).toBeGreaterThan(120);
    expect(planShares(many(1_000, 20), facts).shares[0]?.limit).toBe('time');
  });

  test('an item that takes longer than all the time there is runs by itself, as many as at a time', () => {
    const facts = { ...roomy, timeoutSeconds: 60, secondsPerItem: 600 };
    expect(countsOf(many(5, 20), facts)).toEqual([2, 2, 1]);
  });

  test('the events of a history, the bytes of an input, what a function gets, a record', () => {
    expect(planShares(many(30_000, 1), { ...roomy, eventsPerItem: 25 }).shares[0]?.limit).toBe('events');
    expect(countsOf(many(2, 131_000), roomy)).toEqual([2]);
    expect(countsOf(many(2, 131_072), roomy)).toEqual([1, 1]);
    // The context repeats the input, and its item once more.
    expect(countsOf(many(2, 80_000), { ...roomy, inputCopies: 1 })).toEqual([1, 1]);
    const rows = many(4, 1_000).map((item) => ({ ...item, recordBytes: 150_000 }));
    expect(countsOf(rows, { ...roomy, recordBytes: 1_000 })).toEqual([2, 2]);
  });

  test('the user’s own number is kept as it is; without one the executions are about as large as each other', () => {
    expect(countsOf(many(250, 20), { ...roomy, batchSize: 100 })).toEqual([100, 100, 50]);
    const counts = countsOf(many(2_000, 20), { ...roomy, eventsPerItem: 25 });
    expect(counts).toEqual([667, 667, 666]);
  });

  test('an item that fits nowhere is named, and the others are planned', () => {
    const { tooLarge } = planShares([{ bytes: 10 }, { bytes: 300_000 }, { bytes: 10 }], roomy);
    expect(tooLarge).toEqual([{ index: 1, limit: 'input' }]);
  });
});
