import { expect, test } from 'vitest';
import type { Json, JsonObject } from '../../../src/json/json.js';
import { placeText } from '../../../src/workflow/rehearsal/step-place.js';
import { flow, task } from './machines.js';
import { type Answer, again, failed, ran, succeeded } from './recorded.js';

const INVOKE = 'arn:aws:states:::lambda:invoke';

/** Rehearses an execution by its own definition: nothing may differ. */
async function sameAgain(machine: JsonObject, input: Json, answer: Answer, world = {}) {
  const then = await ran(machine, input, answer, world);
  const now = await again(then.events, machine, machine, input);
  expect(now.ways.first).toBeUndefined();
  expect(now.played.missing).toBeUndefined();
  expect(now.played).toMatchObject({ status: then.status, stoppedAt: then.stoppedAt });
  expect(now.played.events.map(({ type }) => type)).toEqual(then.events.map(({ type }) => type));
  return then;
}

test('an execution that took too long does so again, with the error that only its history tells', async () => {
  const machine = { ...flow({ Rest: { Type: 'Wait', Seconds: 3, End: true } }), TimeoutSeconds: 1 };
  const { events } = await sameAgain(machine, {}, () => undefined);
  const { played, ways } = await again(events, machine, { ...machine, TimeoutSeconds: 10 }, {});
  expect(played.status).toBe('SUCCEEDED');
  expect(ways.first).toMatchObject({ place: { stateName: 'Rest' }, what: 'way', reached: 'notLeft' });
});

test('what differs is told of the attempt in which it did, not of the last one', async () => {
  const machine = (more: JsonObject) => flow({ Work: task({ ...more, End: true }) });
  const Retry = [{ ErrorEquals: ['Once'], IntervalSeconds: 1 }];
  const once: Answer = ({ place }) => (place.attempt === 1 ? failed('Once') : succeeded(1));
  const { events } = await sameAgain(machine({ Retry }), { a: 1 }, once);
  const parts = async (changed: JsonObject) => {
    const { first } = (await again(events, machine({ Retry }), machine(changed), { a: 1 })).ways;
    return `${first?.place && placeText(first.place)}: ${first?.what}`;
  };
  expect(await parts({ Retry, Parameters: { FunctionName: 'f', Payload: { other: true } } })).toBe(
    'Work: sent',
  );
  expect(await parts({ Retry, ResultSelector: { other: true } })).toBe('Work, attempt 2: output');
  expect(await parts({ Retry, Type: 'Pass' })).toBe('Work: type');
});

test('a state that has become one of another type is told so', async () => {
  const machine = flow({ End: { Type: 'Fail', Error: 'E' } });
  const { events } = await sameAgain(machine, {}, () => undefined);
  const { ways } = await again(events, machine, flow({ End: { Type: 'Succeed' } }), {});
  expect(ways.first).toEqual({
    place: expect.objectContaining({ stateName: 'End' }),
    what: 'type',
    path: '$',
    before: 'Fail',
    after: 'Succeed',
  });
});

test('Maps in Maps and Parallels in Maps, their calls answered in any order, with retries and a loop', async () => {
  const inner = flow({
    Both: {
      Type: 'Parallel',
      Branches: [
        flow({ Left: task({ Retry: [{ ErrorEquals: ['Flaky'], IntervalSeconds: 1 }], End: true }) }),
        flow({
          Items: {
            Type: 'Map',
            ItemsPath: '$.two',
            ItemProcessor: flow({ Deep: task({ End: true }) }),
            End: true,
          },
        }),
      ],
      End: true,
    },
  });
  const machine = flow({
    Rows: {
      Type: 'Map',
      ItemsPath: '$.rows',
      MaxConcurrency: 2,
      ItemProcessor: inner,
      ResultPath: '$.done',
      Next: 'Count',
    },
    Count: {
      Type: 'Pass',
      Parameters: { 'n.$': 'States.MathAdd($.n, 1)', 'rows.$': '$.rows' },
      Next: 'More',
    },
    More: {
      Type: 'Choice',
      Choices: [{ Variable: '$.n', NumericLessThan: 2, Next: 'Rows' }],
      Default: 'Done',
    },
    Done: { Type: 'Succeed' },
  });
  const input = { n: 0, rows: [{ two: [1, 2] }, { two: [3] }, { two: [] }] };
  await sameAgain(machine, input, ({ place }) => {
    const after = 1000 - place.iterations.reduce((sum, index) => sum * 3 + index, 1) * 130 * place.visit;
    if (place.stateName === 'Left' && place.attempt === 1) return failed('Flaky', 'again', Math.abs(after));
    return succeeded(placeText(place), Math.abs(after));
  });
});

test('a redriven execution is redriven again; a stopped one is stopped where it waited', async () => {
  const machine = flow({ One: task({ Next: 'Two' }), Two: task({ End: true }) });
  const then = await sameAgain(
    machine,
    {},
    ({ place }) => (place.stateName === 'Two' && place.attempt === 1 ? failed('Once') : succeeded(1)),
    { redrives: [60_000] },
  );
  expect(then.status).toBe('SUCCEEDED');
  expect(then.events.map(({ type }) => type)).toContain('ExecutionRedriven');

  const waits = flow({
    Ask: task({ Resource: `${INVOKE}.waitForTaskToken`, Next: 'Go' }),
    Go: { Type: 'Succeed' },
  });
  const asked: Answer = () => [{ after: 5, what: { type: 'TaskSubmitted', output: '{}' } }];
  const stopped = await sameAgain(waits, {}, asked, { stopped: { after: 9_000, error: 'Enough' } });
  expect(stopped).toMatchObject({ status: 'ABORTED', error: 'Enough' });
  const answered = await again(
    stopped.events,
    waits,
    waits,
    {},
    { reply: () => succeeded({ approved: true }, 60_000) },
  );
  expect(answered.played.status).toBe('SUCCEEDED');
});

test('a longer timeout asks what the history never answered; a shorter one is felt; heartbeats came before an answer', async () => {
  const limited = (more: JsonObject) => flow({ Work: task({ ...more, End: true }) });
  const slow: Answer = () => succeeded(1, 8_000);
  const machine = limited({ TimeoutSeconds: 10 });
  const then = await sameAgain(machine, {}, slow);
  const shorter = await again(then.events, machine, limited({ TimeoutSeconds: 5 }), {});
  expect(shorter.played).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  expect(shorter.ways.first).toMatchObject({
    place: { stateName: 'Work' },
    what: 'error',
    after: 'States.Timeout',
  });

  const silent = await sameAgain(machine, {}, () => []);
  const longer = await again(silent.events, machine, limited({ TimeoutSeconds: 60 }), {});
  expect(longer.played).toMatchObject({ status: 'RUNNING', missing: { place: { stateName: 'Work' } } });

  const alive = limited({ Resource: `${INVOKE}.waitForTaskToken`, HeartbeatSeconds: 3 });
  const beats: Answer = ({ at }) => [
    { after: 1, what: { type: 'TaskSubmitted', output: '{}' } },
    { after: 8_000 + at * 0, what: { type: 'TaskSucceeded', output: '1' } },
  ];
  await sameAgain(alive, {}, beats);
});

test('a token is in nothing that is shown, and is no difference', async () => {
  const machine = flow({
    Ask: {
      Type: 'Task',
      Resource: `${INVOKE}.waitForTaskToken`,
      Parameters: {
        FunctionName: 'f',
        Payload: {
          'taskToken.$': '$$.Task.Token',
          'link.$': "States.Format('https://x/?t={}', $$.Task.Token)",
        },
      },
      End: true,
    },
  });
  const then = await sameAgain(machine, {}, () => [
    { after: 1, what: { type: 'TaskSubmitted', output: '{}' } },
    { after: 2, what: { type: 'TaskSucceeded', output: '{"ok":true}' } },
  ]);
  const { played, ways } = await again(then.events, machine, machine, {});
  expect(JSON.stringify([played, ways.steps.map(({ after }) => after)])).not.toMatch(/AQCEAAAA/);
});

test('where the way goes elsewhere, what it went to instead of is named', async () => {
  const at = (more: JsonObject) =>
    flow({
      Which: {
        Type: 'Choice',
        Choices: [{ Variable: '$.n', NumericGreaterThan: 5, Next: 'Big' }],
        Default: 'Small',
        ...more,
      },
      Big: { Type: 'Pass', End: true },
      Small: { Type: 'Pass', End: true },
    });
  const then = await ran(at({}), { n: 3 }, () => undefined);
  const limit = { Choices: [{ Variable: '$.n', NumericGreaterThan: 1, Next: 'Big' }] };
  const { ways } = await again(then.events, at({}), at(limit), { n: 3 });
  expect(ways.first).toMatchObject({
    place: { stateName: 'Big' },
    what: 'way',
    reached: 'new',
    instead: { stateName: 'Small' },
  });
  expect(ways.steps.map(({ place, standing }) => [place.stateName, standing])).toEqual([
    ['Which', 'same'],
    ['Big', 'new'],
    ['Small', 'notReached'],
  ]);
});
