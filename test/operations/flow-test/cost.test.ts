import { createHook } from 'node:async_hooks';
import { expect, it } from 'vitest';
import { parseDefinition } from '../../../src/asl/definition.js';
import { readFlowTest } from '../../../src/operations/flow-test/read-flow-test.js';
import { type CaseResult, runFlowTests } from '../../../src/operations/flow-test/run-flow-tests.js';

import { play } from '../../../src/workflow/rehearsal/play.js';
import { rehearsing } from '../../../src/workflow/rehearsal/rehearse.js';
import type { TaskCall } from '../../../src/workflow/rehearsal/reply.js';

// What makes a run of many cases as fast as the engine: counts, as times say nothing on a machine that is busy.

const machine = {
  StartAt: 'Ask',
  States: {
    Ask: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: 'f' },
      Next: 'Wait',
    },
    Wait: { Type: 'Wait', Seconds: 60, Next: 'Again' },
    Again: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: 'f' },
      End: true,
    },
  },
};
const cases = Array.from({ length: 200 }, (_, index) => ({
  name: `case ${index}`,
  expect: { output: { index } },
}));
const texts: Record<string, string> = {
  'm.asl.json': JSON.stringify(machine),
  't.flow.json': JSON.stringify({
    machine: './m.asl.json',
    answers: { Ask: { value: 1 } },
    cases: cases.map((one, index) => ({ ...one, answers: { Again: { value: { index } } } })),
  }),
};

it('a case that passes costs a few promises, and its places in the file are not read', async () => {
  const sources = { read: async (path: string) => texts[path] ?? '', machines: {} };
  const test = await readFlowTest('t.flow.json', sources);
  const root = test.places.root;
  let read = 0;
  test.places.of = async () => {
    read++;
    await root();
    return { file: '', line: 0, column: 0 };
  };
  let promises = 0;
  const hook = createHook({
    init(_, type) {
      if (type === 'PROMISE') promises++;
    },
  }).enable();
  const results: CaseResult[] = [];
  const evaluate = () => expect.unreachable();
  const invoke = () => expect.unreachable();
  const running = runFlowTests([test], { atOnce: 4, places: false, now: () => 0, evaluate, invoke });
  for await (const result of running) results.push(result);
  hook.disable();
  expect(results.map(({ passed }) => passed)).toEqual(cases.map(() => true));
  expect(read).toBe(0);
  // A promise for each of a dozen steps, and for each of what it does, were 70.
  expect(promises / cases.length).toBeLessThan(20);
});

it('calls have one shape: with an accessor of its own each would get a class that V8 keeps, and the run with it', async () => {
  const calls: TaskCall[] = [];
  const spec = { executionArn: 'a', name: 'n', roleArn: 'r', stateMachineArn: 's', stateMachineName: 'm' };
  await play(
    { ...spec, type: 'STANDARD', startDate: 0, input: '{}' },
    parseDefinition(JSON.stringify(machine)),
    {
      reply: (call) => {
        calls.push(call);
        return [{ after: 0, what: { type: 'TaskSucceeded', output: '{}' } }];
      },
      mapRun: () => expect.unreachable(),
      hasActivity: () => true,
      evaluate: () => expect.unreachable(),
      env: rehearsing,
    },
  );
  expect(calls).toHaveLength(2);
  for (const call of calls)
    for (const member of Object.values(Object.getOwnPropertyDescriptors(call)))
      expect(member).not.toHaveProperty('get');
});
