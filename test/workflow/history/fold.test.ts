import { serialize } from 'node:v8';
import { HistoryEventType } from '@aws-sdk/client-sfn';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HistoryEvent } from '../../../src/asl/engine/history-event.js';
import { createEventBuffer } from '../../../src/workflow/history/event-buffer.js';
import {
  allStates,
  createModel,
  currentStates,
  type ExecutionModel,
} from '../../../src/workflow/history/execution-model.js';
import { applyEvents, isKnownEventType } from '../../../src/workflow/history/fold.js';
import { material } from '../../shared.js';
import { ownHistories, recordedHistories } from '../material.js';

const fold = (events: HistoryEvent[]): ExecutionModel => {
  const model = createModel();
  applyEvents(model, events);
  return model;
};

type Row = [type: string, previous: number, details?: Record<string, unknown>];

/** Events from `[type, previousEventId, details?]`, ids counted from 1, a second apart. */
function history(...rows: Row[]): HistoryEvent[] {
  return rows.map(([type, previousEventId, details], index) => {
    const key = /StateEntered$/.test(type)
      ? 'stateEnteredEventDetails'
      : /StateExited$/.test(type)
        ? 'stateExitedEventDetails'
        : `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
    return {
      id: index + 1,
      previousEventId,
      timestamp: (index + 1) * 1000,
      type,
      ...(details && { [key]: details }),
    };
  });
}

/** An independent reading: the state that the chain of events before the failure was last entered into. */
function failedState(events: HistoryEvent[]): string | undefined {
  const byId = new Map(events.map((event) => [event.id, event]));
  let event = byId.get(events.at(-1)?.previousEventId ?? 0);
  // biome-ignore lint/suspicious/noExplicitAny: recorded data
  for (; event; event = byId.get((event as any).previousEventId)) {
    const evaluation = event.evaluationFailedEventDetails as { state?: string } | undefined;
    if (evaluation?.state) return evaluation.state;
    if (event.type.endsWith('StateEntered')) return (event.stateEnteredEventDetails as { name: string }).name;
  }
  return undefined;
}

test('no event type of the SDK is unknown', () => {
  expect(Object.keys(HistoryEventType).filter((type) => !isKnownEventType(type))).toEqual([]);
});

const own = await ownHistories();

material.test('histories recorded on AWS are some hundred', () =>
  expect(recordedHistories().length).toBeGreaterThan(300),
);

describe('histories of our own, and those recorded on AWS', () => {
  const recorded = [...own, ...recordedHistories()];

  test('status, failed state, error and cause', () => {
    for (const { id, events } of recorded) {
      const last = events.at(-1) as HistoryEvent;
      const model = fold(events);
      const status = /^Execution(Succeeded|Failed|TimedOut|Aborted)$/.exec(last.type)?.[1] ?? 'Running';
      expect(model.status.replace('_', ''), id).toBe(status.toUpperCase());
      if (status !== 'Failed') continue;
      const details = last.executionFailedEventDetails as { error?: unknown; cause?: unknown } | undefined;
      const text = (value: unknown) =>
        value === undefined || typeof value === 'string' ? value : JSON.stringify(value);
      expect(model.failure, id).toEqual({
        // Of lines of errors only, the cause may be all that names the state.
        stateName: failedState(events) ?? /executing the state '(.+?)'/.exec(text(details?.cause) ?? '')?.[1],
        error: text(details?.error),
        cause: text(details?.cause),
      });
    }
  });

  test('what succeeded left no state open', () => {
    for (const { id, events } of recorded) {
      const model = fold(events);
      if (model.status !== 'SUCCEEDED') continue;
      const open = [...model.root.states.values()].filter((node) => node.exitedAt === undefined);
      expect(open, id).toEqual([]);
      for (const node of allStates(model.root)) expect(node.status, `${id} ${node.name}`).not.toBe('running');
    }
  });

  test('any prefix and then the rest gives what all at once gives', () => {
    const random = fc.sample(fc.double({ min: 0, max: 1, noNaN: true }), {
      numRuns: recorded.length,
      seed: 7,
    });
    for (const [index, { id, events }] of recorded.entries()) {
      const whole = fold(events);
      const same = serialize(whole);
      const oneByOne = createModel();
      const changes = events.flatMap((event) => applyEvents(oneByOne, [event]));
      expect(oneByOne, id).toEqual(whole);
      expect(changes, id).toEqual(applyEvents(createModel(), events));
      // Every cut of a short history; of a long one as many, taken by chance.
      for (let n = 0; n < Math.min(events.length, 25); n++) {
        const cut = events.length <= 25 ? n : Math.floor(((n + (random[index] ?? 0)) / 25) * events.length);
        const twice = fold(events.slice(0, cut));
        applyEvents(twice, events);
        // Bytes are compared in no time; what differs is told by the slow way.
        if (!serialize(twice).equals(same))
          expect(twice, `${id}, the first ${cut} folded twice`).toEqual(whole);
      }
    }
  });

  test('pages in any order, doubled and late, give the same model in the end', () => {
    for (const { id, events } of recorded) {
      const model = createModel();
      const buffer = createEventBuffer();
      const pages = [events.slice(4), events.slice(2, 6).reverse(), events.slice(0, 3).reverse()];
      for (const page of pages) applyEvents(model, buffer.add(page));
      applyEvents(model, buffer.flush());
      expect(model, id).toEqual(fold(events));
    }
  });

  test('counts of inline Maps are those of their events', () => {
    for (const { id, events } of recorded) {
      const counted: Record<string, Record<string, number>> = {};
      for (const event of events) {
        const [, how] = /^MapIteration(Succeeded|Failed|Aborted)$/.exec(event.type) ?? [];
        if (how === undefined) continue;
        const { name } = event[`mapIteration${how}EventDetails`] as { name: string };
        counted[name] ??= { succeeded: 0, failed: 0, aborted: 0 };
        const counts = counted[name];
        counts[how.toLowerCase()] = (counts[how.toLowerCase()] ?? 0) + 1;
      }
      const { maps } = fold(events);
      for (const [name, counts] of Object.entries(counted)) expect(maps.get(name), id).toMatchObject(counts);
    }
  });
});

test('retries are counted, and what was caught is told from what succeeded', () => {
  const started: Row[] = [
    ['ExecutionStarted', 0],
    ['TaskStateEntered', 0, { name: '注文' }],
    ['TaskScheduled', 2, { resource: 'invoke', resourceType: 'lambda' }],
    ['TaskStarted', 3],
    ['TaskFailed', 4, { error: 'E1', cause: 'first' }],
  ];
  const waiting = fold(history(...started));
  expect(currentStates(waiting)).toMatchObject([
    { name: '注文', status: 'failed', attempts: 1, error: 'E1' },
  ]);
  const again: Row[] = [...started, ['TaskScheduled', 5, { resource: 'invoke' }], ['TaskStarted', 6]];
  expect(currentStates(fold(history(...again)))).toMatchObject([{ status: 'running', attempts: 2 }]);
  const exited = (type: string) =>
    fold(history(...again, [type, 7, { error: 'E2' }], ['TaskStateExited', 8, { name: '注文' }]));
  expect(exited('TaskSucceeded').root.states.get('注文')).toMatchObject({
    status: 'succeeded',
    attempts: 2,
    enteredAt: 2000,
    exitedAt: 9000,
  });
  expect(exited('TaskSucceeded').root.states.get('注文')?.error).toBeUndefined();
  expect(exited('TaskFailed').root.states.get('注文')).toMatchObject({ status: 'caught', error: 'E2' });
});

test('a paused task is an open wait with its request id, and the token stays out', () => {
  const token = `AQC${'x'.repeat(600)}==`;
  const model = fold(
    history(
      ['ExecutionStarted', 0, { input: JSON.stringify({ requestId: 'outer', taskToken: 'of-the-parent' }) }],
      ['TaskStateEntered', 0, { name: 'approve', input: '{}' }],
      [
        'TaskScheduled',
        2,
        {
          resource: 'invoke.waitForTaskToken',
          resourceType: 'lambda',
          parameters: JSON.stringify({
            FunctionName: 'f',
            Payload: { input: { requestId: 'r-1' }, taskToken: token },
          }),
        },
      ],
      ['TaskStarted', 3],
      ['TaskSubmitted', 4, { output: '{"SdkResponseMetadata":{"RequestId":"x"}}' }],
    ),
  );
  expect(currentStates(model)[0]?.wait).toMatchObject({ kind: 'token', requestId: 'r-1', since: 3000 });
  const everything = JSON.stringify([
    model.input,
    [...allStates(model.root)].map(({ scope: _, ...node }) => node),
  ]);
  expect(everything).not.toContain('AQC');
  expect(everything).not.toContain('of-the-parent');
  expect(everything).toContain('outer');
});

test('branches: the failing state inside is named, its siblings are aborted', () => {
  const model = fold(
    history(
      ['ExecutionStarted', 0],
      ['ParallelStateEntered', 0, { name: 'both' }],
      ['ParallelStateStarted', 2],
      ['TaskStateEntered', 3, { name: 'left' }],
      ['TaskScheduled', 4, { resource: 'invoke' }],
      ['TaskStateEntered', 3, { name: 'right' }],
      ['TaskScheduled', 6, { resource: 'invoke' }],
      ['TaskFailed', 7, { error: 'Boom' }],
      ['TaskStateAborted', 8],
      ['ParallelStateFailed', 8],
      ['ExecutionFailed', 10, { error: 'Boom' }],
    ),
  );
  expect(model.failure).toEqual({ stateName: 'right', error: 'Boom', cause: undefined });
  const both = model.root.states.get('both');
  expect(both).toMatchObject({ status: 'failed', error: 'Boom' });
  expect(both?.branches?.map((branch) => branch.current?.status)).toEqual(['aborted', 'failed']);
});

test('iterations that succeeded are counted and let go, those that failed are kept', () => {
  const model = fold(
    history(
      ['ExecutionStarted', 0],
      ['MapStateEntered', 0, { name: 'each' }],
      ['MapStateStarted', 2, { length: 3 }],
      ['MapIterationStarted', 3, { name: 'each', index: 0 }],
      ['PassStateEntered', 4, { name: 'work' }],
      ['PassStateExited', 5, { name: 'work' }],
      ['MapIterationSucceeded', 6, { name: 'each', index: 0 }],
      ['MapIterationStarted', 6, { name: 'each', index: 1 }],
      ['TaskStateEntered', 8, { name: 'work' }],
      ['MapIterationStarted', 6, { name: 'each', index: 2 }],
      ['FailStateEntered', 10, { name: 'no' }],
      ['MapIterationFailed', 11, { name: 'each', index: 2 }],
    ),
  );
  const each = model.root.states.get('each');
  expect(each?.iterations).toMatchObject({ total: 3, started: 3, succeeded: 1, failed: 1, aborted: 0 });
  expect([...(each?.iterations?.open.keys() ?? [])]).toEqual([1, 2]);
  expect(currentStates(model).map((node) => [node.name, node.scope.index])).toEqual([['work', 1]]);
});

test('a redrive goes on where it failed', () => {
  const events = history(
    ['ExecutionStarted', 0],
    ['ParallelStateEntered', 0, { name: 'both' }],
    ['ParallelStateStarted', 2],
    ['TaskStateEntered', 3, { name: 'left' }],
    ['LambdaFunctionScheduled', 4],
    ['LambdaFunctionFailed', 5, { error: 'Boom' }],
    ['ParallelStateFailed', 6],
    ['ExecutionFailed', 7, { error: 'Boom' }],
    ['ExecutionRedriven', 0, { redriveCount: 1 }],
    ['LambdaFunctionScheduled', 9],
  );
  const model = fold(events);
  expect(model).toMatchObject({ status: 'RUNNING', redriveCount: 1 });
  expect(model.failure).toBeUndefined();
  expect(currentStates(model)).toMatchObject([{ name: 'left', status: 'running', attempts: 1 }]);
});

test('map runs: started, failed, named by their state', () => {
  const mapRunArn = 'arn:aws:states:ap-northeast-1:1:mapRun:m/L:1';
  const events = history(
    ['ExecutionStarted', 0],
    ['MapStateEntered', 0, { name: 'csv_rows_handler' }],
    ['MapStateStarted', 2, { length: 0 }],
    ['MapRunStarted', 3, { mapRunArn }],
    ['MapRunFailed', 4, { error: 'States.ItemReaderFailed', cause: 'why' }],
    ['MapStateFailed', 5],
    ['ExecutionFailed', 6, { error: 'States.ItemReaderFailed', cause: 'why' }],
  );
  expect(fold(events.slice(0, 4)).mapRuns).toMatchObject([{ mapRunArn, status: 'RUNNING' }]);
  expect(currentStates(fold(events.slice(0, 4))).map((node) => node.name)).toEqual(['csv_rows_handler']);
  const model = fold(events);
  expect(model.mapRuns).toMatchObject([
    { stateName: 'csv_rows_handler', status: 'FAILED', error: 'States.ItemReaderFailed' },
  ]);
  expect(model.failure?.stateName).toBe('csv_rows_handler');
});

test('timeouts and aborts say where it stood', () => {
  const events = history(
    ['ExecutionStarted', 0],
    ['WaitStateEntered', 0, { name: 'pause' }],
    ['ExecutionTimedOut', 0],
  );
  expect(fold(events)).toMatchObject({
    status: 'TIMED_OUT',
    stoppedAt: 3000,
    failure: { stateName: 'pause', error: 'States.Timeout' },
  });
  const stopped = history(
    ['ExecutionStarted', 0],
    ['WaitStateEntered', 0, { name: 'pause' }],
    ['ExecutionAborted', 0, { cause: 'enough' }],
  );
  expect(fold(stopped)).toMatchObject({ status: 'ABORTED', failure: { cause: 'enough' } });
  expect(currentStates(fold(stopped))).toEqual([]);
});

test('25,000 events leave a small model', () => {
  const events: HistoryEvent[] = [
    ...history(
      ['ExecutionStarted', 0],
      ['MapStateEntered', 0, { name: 'each' }],
      ['MapStateStarted', 2, { length: 6249 }],
    ),
  ];
  const add = (type: string, previousEventId: number, key: string, details: unknown): number => {
    const id = events.length + 1;
    events.push({ id, previousEventId, timestamp: id, type, [key]: details });
    return id;
  };
  const payload = 'x'.repeat(1000);
  for (let index = 0; index < 6249; index++) {
    const started = add('MapIterationStarted', 3, 'mapIterationStartedEventDetails', { name: 'each', index });
    const entered = add('PassStateEntered', started, 'stateEnteredEventDetails', {
      name: 'work',
      input: payload,
    });
    const exited = add('PassStateExited', entered, 'stateExitedEventDetails', {
      name: 'work',
      output: payload,
    });
    add('MapIterationSucceeded', exited, 'mapIterationSucceededEventDetails', { name: 'each', index });
  }
  const model = fold(events);
  expect(model.root.states.get('each')?.iterations).toMatchObject({ total: 6249, succeeded: 6249 });
  expect([...allStates(model.root)]).toHaveLength(1);
  const kept = new Set(model.owners);
  for (const scope of kept) if (scope !== model.root) expect(scope?.states.size ?? 0).toBe(0);
});

test('a map run that fails inside an iteration ends its own Map, not the one around it', () => {
  const model = fold(
    history(
      ['ExecutionStarted', 0],
      ['MapStateEntered', 0, { name: 'outer' }],
      ['MapStateStarted', 2, { length: 2 }],
      ['MapIterationStarted', 3, { name: 'outer', index: 0 }],
      ['MapStateEntered', 4, { name: 'inner' }],
      ['MapStateStarted', 5, { length: 0 }],
      ['MapRunStarted', 6, { mapRunArn: 'arn:run' }],
      ['MapRunFailed', 7, { error: 'E' }],
      ['MapStateFailed', 8],
      ['MapStateExited', 9, { name: 'inner' }],
    ),
  );
  expect(model.root.states.get('outer')?.status).toBe('running');
  const inner = [...allStates(model.root)].find((node) => node.name === 'inner');
  expect(inner).toMatchObject({ status: 'caught', error: 'E', mapRun: { status: 'FAILED' } });
});
