import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import type { DeskExecution, OpenedExecution } from '../../../src/operations/desk/snapshot.js';
import { deskLines } from '../../../src/views/desk/frame.js';
import { type DeskState, initialDesk } from '../../../src/views/desk/state.js';
import { hostileTexts, leaks } from '../../hostile-texts.js';
import { events, fold } from '../sample.js';
import { deskData, executions, frameOf, now, press, step, viewOf } from './sample-desk.js';

/** An inline Map of 200 items of which 7 fail. */
function failedItems(): OpenedExecution {
  const rows: Parameters<typeof events> = [
    ['ExecutionStarted', 0, { executionStartedEventDetails: { input: '{"items":200}' } }],
    ['MapStateEntered', 1, { stateEnteredEventDetails: { name: '注文を出荷', input: '{}' } }],
    ['MapStateStarted', 2, { mapStateStartedEventDetails: { length: 200 } }],
  ];
  const iteration = (index: number, fails: boolean): void => {
    const details = { name: '注文を出荷', index };
    rows.push(['MapIterationStarted', 3, { mapIterationStartedEventDetails: details }]);
    const input = JSON.stringify({ 商品: `机-${index}` });
    rows.push(['TaskStateEntered', rows.length, { stateEnteredEventDetails: { name: '出荷', input } }]);
    const failure = { error: 'StockError', cause: `在庫が足りません: ${index}` };
    if (fails) {
      rows.push(['TaskFailed', rows.length, { taskFailedEventDetails: failure }]);
      rows.push(['MapIterationFailed', rows.length, { mapIterationFailedEventDetails: details }]);
    } else {
      rows.push([
        'TaskStateExited',
        rows.length,
        { stateExitedEventDetails: { name: '出荷', output: '{}' } },
      ]);
      rows.push(['MapIterationSucceeded', rows.length, { mapIterationSucceededEventDetails: details }]);
    }
  };
  for (let index = 0; index < 200; index++) iteration(index, index % 30 === 17);
  rows.push(['MapStateFailed', rows.length]);
  const failure = { error: 'StockError', cause: '在庫が足りません: 17' };
  rows.push(['ExecutionFailed', rows.length, { executionFailedEventDetails: failure }]);
  const history = events(...rows);
  const [, failed] = executions(8).filter(({ status }) => status !== 'SUCCEEDED');
  return {
    executionArn: failed?.executionArn ?? '',
    model: fold(history),
    mapRuns: [],
    events: history.map((event) => ({ event })),
    children: new Map(),
  };
}

const mapRunArn = 'arn:aws:states:ap-northeast-1:101010101010:mapRun:受注処理/items:run-1';

/** A Distributed Map at work. */
function openedMapRun(): OpenedExecution {
  const history = events(
    ['ExecutionStarted', 0, { executionStartedEventDetails: { input: '{}' } }],
    ['MapStateEntered', 1, { stateEnteredEventDetails: { name: '注文を出荷', input: '{}' } }],
    ['MapStateStarted', 2, { mapStateStartedEventDetails: { length: 0 } }],
    ['MapRunStarted', 3, { mapRunStartedEventDetails: { mapRunArn } }],
  );
  return { ...failedItems(), model: fold(history) };
}

const sizes = [
  [60, 16],
  [80, 24],
  [120, 40],
  [200, 50],
] as const;

describe.each(sizes)('%i × %i', (columns, rows) => {
  const opened = failedItems();
  const view = viewOf(columns, rows, deskData(), [opened]);
  test.each([
    ['executions', []],
    ['a filter that is typed', ['/', '在', '庫']],
    ['paused steps', ['2']],
    ['what a step was sent', ['2', 'return']],
    ['imports and batches', ['3']],
    ['machines', ['4']],
    ['one machine', ['4', 'return']],
    ['an execution', ['n', 'return']],
    ['its data', ['n', 'return', 'i']],
    ['its events', ['n', 'return', '2']],
    ['its log, of which nothing is known', ['n', 'return', '4']],
    ['its picture, of which nothing is known', ['n', 'return', '5']],
    ['what was done', ['D']],
    ['help', ['?']],
  ])('%s: the screen is full, no line is wider, the last one says what can be typed', (_, keys) => {
    const lines = frameOf(press(view, keys).state, view);
    expect(lines).toHaveLength(rows);
    for (const line of lines) expect(stringWidth(line), line).toBeLessThanOrEqual(columns);
    expect(lines[0]).toContain('local');
    expect(lines.at(-1)).toMatch(/q quit|any (other )?key: back|Enter: keep/);
  });

  test('what one would type is never cut', () => {
    const all = frameOf(initialDesk, view).join('\n');
    expect(all).toContain('商品-取込-0\n');
    expect(frameOf(press(view, ['2']).state, view).join('\n')).toContain('req-1');
  });
});

describe('a machine of 200 items of which 7 fail', () => {
  const opened = failedItems();
  const view = viewOf(80, 24, deskData(), [opened]);
  const see = (...keys: string[]): string => frameOf(press(view, keys).state, view).join('\n');

  test('the failed one is found by n and Enter; its input and cause are one key away', () => {
    const tree = see('n', 'return');
    expect(tree).toContain('7 failed');
    expect(tree).toMatch(/❯ +✖ 出荷 .*在庫が足りません/);
    expect(see('n', 'return', 'i')).toMatch(/商品 {2}"机-\d+"[\s\S]*cause {2}"在庫が足りません: \d+"/);
  });

  test('Enter on the Map opens all failed items, and closes them', () => {
    const items = (...keys: string[]): number =>
      see('n', 'return', 'home', ...keys).match(/item \d+/g)?.length ?? 0;
    expect([
      items(),
      items('return'),
      items('return', 'return'),
      items('return', 'return', 'return'),
    ]).toEqual([5, 7, 0, 5]);
  });

  test('R asks to redrive it', () => {
    expect(press(view, ['n', 'return', 'R']).effect).toMatchObject({
      type: 'redrive',
      executions: [{ executionArn: opened.executionArn }],
    });
  });

  test('Esc goes back to where one was', () => {
    const before = press(view, ['n', 'n']);
    const after = press(view, ['return', 'i', 'down', 'escape', 'escape'], before.state);
    expect(frameOf(after.state, view)).toEqual(frameOf(before.state, view));
  });
});

test('a paused step shows what was asked; a key answers it, or all that are marked', () => {
  const view = viewOf(100, 24);
  const { state, effect } = press(view, ['2', 'a']);
  expect(frameOf(state, view).join('\n')).toContain('"amount":120000');
  const one = {
    executionArn: step(1).execution.executionArn,
    stateName: '上長の承認を待つ',
    iteration: undefined,
  };
  expect(effect).toEqual({ type: 'answer', verb: 'approve', steps: [one] });
  expect(press(view, ['2', ' ', ' ', 'x']).effect).toEqual({
    type: 'answer',
    verb: 'reject',
    steps: [one, one],
  });
});

test('an import opens its rows, its failures by reason and its executions; Enter goes on to them', () => {
  const failed = { executionArn: executions(8)[7]?.executionArn ?? '', status: 'FAILED' };
  const file = {
    key: 'CSV_IMPORT#t1#商品#2',
    kind: 'import',
    name: '商品.csv',
    status: 'COMPLETED',
  } as const;
  const text = ({ columns }: { columns: number }): string[] => [
    'CSV_IMPORT#t1#商品#1',
    `  ${columns} columns`,
    ...Array.from({ length: 30 }, (_, index) => `  ${index} 在庫が足りません`),
  ];
  const job = { text, executions: [{ ...failed, status: 'SUCCEEDED' }, failed], files: [file] };
  const view = { ...viewOf(80, 24), jobs: new Map([['CSV_IMPORT#t1#商品#1', job]]) };
  const reading = press(viewOf(80, 24), ['3', 'return']);
  expect(frameOf(reading.state, viewOf(80, 24)).join('\n')).toMatch(/商品\.csv[\s\S]*Reading…/);
  const { state } = press(view, [], reading.state);
  const see = (...keys: string[]): string => frameOf(press(view, keys, state).state, view).join('\n');
  // What failed is chosen; it can be redriven from here.
  expect(see()).toMatch(/❯ ✖ FAILED {5}商品-取込-7\n {2}✔ COMPLETED {2}商品\.csv/);
  expect(press(view, ['R'], state).effect).toEqual({
    type: 'redrive',
    executions: [
      { ...failed, stateMachineArn: 'arn:aws:states:ap-northeast-1:101010101010:stateMachine:受注処理' },
    ],
  });
  expect(see('home')).toMatch(/❯ CSV_IMPORT#t1#商品#1\n {4}78 columns/);
  expect(press(view, ['return'], state).state.places.at(-1)).toMatchObject({
    kind: 'execution',
    ...{ executionArn: failed.executionArn },
  });
  expect(press(view, ['down', 'return'], state).state.places.at(-1)).toMatchObject({
    kind: 'job',
    job: file,
  });
  expect(press(view, ['y'], state).effect).toEqual({ type: 'copy', text: 'CSV_IMPORT#t1#商品#1' });
  expect(see('escape')).toContain('[3 Imports');
  const lost = {
    ...view,
    jobs: new Map([['CSV_IMPORT#t1#商品#1', { executions: [], files: [], trouble: 'no table' }]]),
  };
  expect(frameOf(state, lost).join('\n')).toContain('no table');
});

test('a filter finds by name, status, machine, error and request id; !word leaves out', () => {
  const view = viewOf(120, 30);
  const found = (words: string): number =>
    frameOf(press(view, ['/', ...words, 'return']).state, view).filter((line) => /^[❯ ] [✖✔▸] /.test(line))
      .length;
  expect(found('failed')).toBe(2);
  expect(found('req-37')).toBe(1);
  expect(found('validationerror 受注')).toBe(2);
  expect(found('failed !取込-7')).toBe(1);
  expect(found('取込-3')).toBe(11);
});

test('a question takes one key, or the name that is typed; Esc leaves it', () => {
  const view = viewOf(80, 24);
  const asking = { lines: ['redrive it'], question: 'Continue? [y/N] ', oneKey: true, typed: '', scroll: 0 };
  const asked = { ...initialDesk, asking };
  expect(frameOf(asked, view).join('\n')).toMatch(/redrive it[\s\S]*Continue\? \[y\/N\]/);
  expect(press(view, ['y'], asked)).toMatchObject({ effect: { type: 'answered', text: 'y' } });
  expect(press(view, ['return'], asked)).toMatchObject({ effect: { type: 'answered', text: undefined } });
  const named = { ...asked, asking: { ...asking, oneKey: false } };
  expect(press(view, [...'produ', 'backspace', 'return'], named)).toMatchObject({ effect: { text: 'prod' } });
  expect(press(view, ['p', 'escape'], named)).toMatchObject({ effect: { text: undefined } });
});

test('a protected target says so', () => {
  expect(
    frameOf(initialDesk, viewOf(60, 16, deskData(), [], { name: 'prod', protected: true }))[0],
  ).toContain('PROTECTED');
});

test('names and causes of others neither act on the terminal nor hide in it', () => {
  const rows = executions(3).map((one, index) => ({
    ...one,
    status: 'FAILED' as const,
    name: hostileTexts[index] ?? '',
    why: hostileTexts.join(' '),
  }));
  const hostile = { ...step(1), stateName: hostileTexts.join(' '), asked: JSON.stringify(hostileTexts) };
  const view = viewOf(80, 24, {
    ...deskData(),
    executions: { rows, at: 0 },
    paused: { rows: [hostile], at: 0 },
  });
  for (const keys of [[], ['2'], ['2', 'return']]) {
    const drawn = frameOf(press(view, keys).state, view).join('\n');
    expect(leaks(drawn)).toEqual([]);
  }
});

test('a frame costs what is visible, not what there is', () => {
  const frame = (number: number) => {
    const view = viewOf(120, 40, deskData(number));
    const { state } = press(view, ['end', 'up']);
    return (): number => {
      const from = performance.now();
      deskLines(state, view);
      return performance.now() - from;
    };
  };
  const [few, many] = [frame(40), frame(10_000)];
  // One after the other, so that other work on the machine meets both.
  const pairs = Array.from({ length: 150 }, () => [few(), many()] as const);
  const best = (place: 0 | 1): number => pairs.map((pair) => pair[place]).sort((a, b) => a - b)[7] ?? 0;
  expect(best(1) / best(0)).toBeLessThan(1.5);
});

test.each([
  ['10,000 executions', 10_000, []],
  ['the items of a map run of 40,000', 40_000, ['n', 'return', 'home', 'return']],
])('of %s a frame and a key look at the rows that are visible', (_, number, keys) => {
  const touched = new Set<string>();
  // A row tells who looks at its status, which every cell and every key does.
  const rows = executions(number).map(
    (row): DeskExecution =>
      Object.defineProperty({ ...row }, 'status', {
        get() {
          touched.add(row.executionArn);
          return row.status;
        },
      }),
  );
  const opened = { ...openedMapRun(), children: new Map([[mapRunArn, { rows, at: now }]]) };
  const data = keys.length > 0 ? deskData() : { ...deskData(), executions: { rows, at: now } };
  const view = viewOf(120, 40, data, [opened]);
  const { state } = press(view, keys);
  // Failures are grouped once for the same list.
  deskLines(state, view);
  for (const key of ['down', 'pagedown', 'end', 'up', 'pageup', 'home', ' ']) {
    touched.clear();
    const lines = deskLines(press(view, [key], state).state, view);
    expect(lines).toHaveLength(40);
    expect(touched.size, key).toBeGreaterThan(20);
    expect(touched.size, key).toBeLessThanOrEqual(40 + 2);
  }
});

test('many frames of lists that change leave nothing behind', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const draw = (frames: number): void => {
    for (let index = 0; index < frames; index++) {
      const view = viewOf(120, 40, deskData(500 + (index % 7)), [failedItems()]);
      for (const keys of [[], ['2'], ['n', 'return'], ['n', 'return', 'i'], ['/', 'f', 'a']])
        deskLines(press(view, keys).state, view);
    }
    collect();
  };
  draw(10);
  const before = process.memoryUsage().heapUsed;
  draw(60);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(4_000_000);
});

describe('what has no room scrolls', () => {
  const view = viewOf(60, 16, deskData(), [failedItems()]);
  const foot = (state: DeskState): string => frameOf(state, view).at(-1) ?? '';

  test('help: every key is seen at 60 × 16; any other key closes it', () => {
    const opened = press(view, ['n', 'return', '?']);
    expect(foot(opened.state)).toContain('more keys');
    const seen = new Set<string>();
    let { state } = opened;
    for (let index = 0; index < 40; index++) {
      for (const line of frameOf(state, view)) seen.add(line);
      ({ state } = press(view, ['down'], state));
    }
    const all = [...seen].join('\n');
    for (const text of ['redrive', 'leave; executions go on', 'every key of', 'log lines, events', 'PgDn'])
      expect(all).toContain(text);
    expect(press(view, ['x'], state).state.help).toBeUndefined();
  });

  test('what was done is told whole, the newest first seen', () => {
    const done = Array.from({ length: 30 }, (_, index) => ({
      at: now,
      text: `req-${index}: approved 上長の承認を待つ → 出荷 of a machine with a rather long name`,
      failed: false,
    }));
    const opened = press(view, ['D'], { ...initialDesk, done });
    expect(frameOf(opened.state, view).join('\n')).toContain('req-29');
    const first = frameOf(press(view, ['home'], opened.state).state, view).join('\n');
    expect(first).toContain('req-0:');
    expect(first.replace(/\s+/g, '')).toContain('出荷ofamachinewitharatherlongname');
  });

  test('a long text of the data is whole where one is', () => {
    const asked = JSON.stringify({ memo: `${'長い説明 '.repeat(20)}終わり` });
    const data = { ...deskData(), paused: { rows: [{ ...step(1), asked }], at: now } };
    const one = viewOf(60, 24, data);
    const { state } = press(one, ['2', 'return', 'down']);
    expect(frameOf(state, one).join('').replace(/\s+/g, '')).toContain('終わり');
  });
});

test('u asks to look at everything again', () => {
  const view = viewOf(80, 24, deskData(), [failedItems()]);
  expect(press(view, ['u']).effect).toEqual({ type: 'look' });
  expect(press(view, ['n', 'return', 'u']).effect).toEqual({ type: 'look' });
  expect(press(view, ['/', 'u']).state.lists.executions.filter).toBe('u');
});

test('of the failed items of a map run, those that were looked at are told by their reasons', () => {
  const rows = executions(300).map((row) => ({ ...row, status: 'FAILED' as const }));
  const view = viewOf(100, 30, deskData(), [
    { ...openedMapRun(), children: new Map([[mapRunArn, { rows, at: now }]]) },
  ]);
  const drawn = frameOf(press(view, ['n', 'return', 'home', 'return']).state, view).join('\n');
  expect(drawn).toContain('10 of 10 looked at: 在庫が足りません: 商品 7');
});

test('where a text is searched, N is the hit before it, and no act', () => {
  const view = viewOf(100, 24, deskData(), [failedItems()]);
  const typed = ['n', 'return', '2', '/', ...'ship', 'return'];
  expect(press(view, [...typed, 'N']).effect).toBeUndefined();
  expect(press(view, ['n', 'return', 'N']).effect).toMatchObject({ type: 'rerun' });
});

test('items that failed are told by their reasons', () => {
  const view = viewOf(80, 24, deskData(), [failedItems()]);
  const tree = frameOf(press(view, ['n', 'return', 'home']).state, view).join('\n');
  expect(tree).toMatch(/7 failed +StockError: 在庫が足りません: 17/);
});

test('the graph of an execution is drawn, with what ran of it', () => {
  const definition = JSON.stringify({
    StartAt: '注文を出荷',
    States: { 注文を出荷: { Type: 'Map', End: true } },
  });
  const view = viewOf(80, 24, deskData(), [{ ...failedItems(), definition }]);
  const drawn = frameOf(press(view, ['n', 'return', '5']).state, view).join('\n');
  expect(drawn).toMatch(/✖ 注文を出荷/);
});
