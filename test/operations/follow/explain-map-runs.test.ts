import { expect, test } from 'vitest';
import { exitCodes, FlowError } from '../../../src/errors.js';
import { explainMapRuns } from '../../../src/operations/follow/explain-map-runs.js';
import type { MapRunDescription } from '../../../src/ports/aws.js';
import { stateRows } from '../../../src/views/states/state-rows.js';
import { mapRunReasonDocument, mapRunReasonLines } from '../../../src/views/watch/lines.js';
import { events, fold } from '../../views/sample.js';

const mapRunArn = 'arn:aws:states:ap-northeast-1:101010101010:mapRun:orders/ship:run-1';
const executionArn = 'arn:aws:states:ap-northeast-1:101010101010:execution:orders:夜間-1';

const counts = (failed: number) => ({
  total: 1_000,
  pending: 0,
  running: 0,
  succeeded: 1_000 - failed,
  failed,
  timedOut: 0,
  aborted: 0,
  resultsWritten: 0,
});
const mapRun = (failed: number, status: MapRunDescription['status'] = 'RUNNING'): MapRunDescription => ({
  mapRunArn,
  executionArn,
  status,
  startDate: new Date(0),
  maxConcurrency: 10,
  ...(status !== 'RUNNING' && { stopDate: new Date(60_000) }),
  itemCounts: counts(failed),
  executionCounts: counts(failed),
});

/** Of three that failed, two have no stock. */
function account() {
  const calls: string[] = [];
  const state = { now: 0, away: false };
  const states = {
    async *listExecutions({ status }: { status: string }) {
      calls.push(`list ${status}`);
      if (state.away) throw new FlowError(exitCodes.unreachable, 'Throttled', 'Rate exceeded');
      for (let index = 0; index < 200; index++)
        yield { executionArn: `arn:aws:states:ap-northeast-1:101010101010:execution:orders/ship:${index}` };
    },
    async describeExecution(arn: string) {
      const index = Number(arn.split(':').at(-1));
      const reason =
        index % 3 === 0 ? ['Timeout', 'warehouse did not answer'] : ['Stock', `在庫が足りません: ${index}`];
      return { executionArn: arn, status: 'FAILED', error: reason[0], cause: reason[1] };
    },
  };
  const clock = { now: () => state.now, sleep: async () => {} };
  const explain = explainMapRuns(states as never, { clock, signal: new AbortController().signal });
  return { calls, state, explain };
}

test('failures of a map run are looked at when there are some, not again for a while, and once it has ended', async () => {
  const { calls, state, explain } = account();
  expect((await explain([mapRun(0)])).fresh).toBe(false);
  const first = await explain([mapRun(30)]);
  expect(first).toMatchObject({ fresh: true, runs: [{ why: { looked: 20 } }] });
  state.now = 10_000;
  const second = await explain([mapRun(40)]);
  expect(second.fresh).toBe(false);
  expect(second.runs[0]?.why).toBe(first.runs[0]?.why);
  state.now = 16_000;
  expect((await explain([mapRun(40)])).fresh).toBe(true);
  expect((await explain([mapRun(40, 'SUCCEEDED')])).fresh).toBe(true);
  await explain([mapRun(40, 'SUCCEEDED')]);
  expect(calls).toEqual(['list FAILED', 'list FAILED', 'list FAILED']);
});

test('where they can not be had, what was known before stays', async () => {
  const { state, explain } = account();
  const first = await explain([mapRun(30)]);
  Object.assign(state, { away: true, now: 20_000 });
  const second = await explain([mapRun(31)]);
  expect(second.fresh).toBe(false);
  expect(second.runs[0]?.why).toBe(first.runs[0]?.why);
});

test('they stand by their reasons in the tree, in the lines of a pipe and in JSON', async () => {
  const { explain } = account();
  const [run] = (await explain([mapRun(30, 'SUCCEEDED')])).runs;
  if (!run) throw new Error('no run');
  const model = fold(
    events(
      ['ExecutionStarted', 0, { executionStartedEventDetails: { input: '{}' } }],
      ['MapStateEntered', 1, { stateEnteredEventDetails: { name: '出荷', input: '{}' } }],
      ['MapStateStarted', 2, { mapStateStartedEventDetails: { length: 0 } }],
      ['MapRunStarted', 3, { mapRunStartedEventDetails: { mapRunArn } }],
    ),
  );
  expect(
    stateRows(model, [run], 60_000).map(({ depth, name, notes }) => [depth, name, notes.at(-1)]),
  ).toEqual([
    [0, '出荷', expect.anything()],
    [1, '13 of 20 looked at', 'Stock: 在庫が足りません: 1'],
    [1, '7 of 20 looked at', 'Timeout: warehouse did not answer'],
  ]);
  expect(mapRunReasonLines(run, '出荷', 0, { utc: true })).toEqual([
    '1970-01-01T00:00:00.000Z  出荷  13 of 20 looked at: Stock: 在庫が足りません: 1',
    '1970-01-01T00:00:00.000Z  出荷  7 of 20 looked at: Timeout: warehouse did not answer',
  ]);
  expect(mapRunReasonDocument(run, '出荷', 0)).toMatchObject({
    type: 'mapRunFailures',
    mapRunArn,
    looked: 20,
    groups: [
      {
        count: 13,
        kind: 'unknown',
        examples: [expect.stringMatching(/:1$/), expect.anything(), expect.anything()],
      },
      { count: 7, kind: 'transient' },
    ],
  });
});
