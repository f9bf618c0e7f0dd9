import { render } from 'ink-testing-library';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import type { HistoryEvent } from '../../../src/asl/engine/history-event.js';
import { initialView } from '../../../src/views/watch/keys.js';
import { WatchScreen } from '../../../src/views/watch/screen.js';
import { hostileTexts, leaks } from '../../hostile-texts.js';
import { entered, events, executionArn, failed, fold, importing, mapRun, paused, start } from '../sample.js';

const now = start + 60_000;
function frame(
  history: HistoryEvent[],
  columns: number,
  { rows = 20, mapRuns = [mapRun(45_000, 3)], color = false } = {},
) {
  const watched = [{ name: '商品-取込-1', machineName: 'import-csv', model: fold(history), mapRuns }];
  const screen = <WatchScreen {...{ watched, now, columns, rows, color }} footer="q leaves" />;
  return (render(screen).lastFrame() ?? '').split('\n');
}

describe.each([60, 80, 120, 200])('%i columns', (columns) => {
  test.each([
    ['importing', importing()],
    ['paused', paused()],
    ['failed', failed()],
  ])('%s: no line is wider, and what follows the names stands in one column', (_, history) => {
    const lines = frame(history, columns);
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
    const starts = lines
      .map((line) => /^( +\S .+? {2,})(?:\d[\d.]* (?:ms|s|min)\b)/.exec(line)?.[1])
      .filter((head) => head !== undefined);
    expect(starts.length).toBeGreaterThan(0);
    expect(new Set(starts.map((head) => stringWidth(head))).size).toBe(1);
  });
});

test('a map run shows its share, counts, rate and time left', () => {
  expect(frame(importing(), 80)).toEqual([
    '▸ RUNNING  import-csv  商品-取込-1  1 min',
    '  ✔ CSVを読み込む     3.0 s',
    '  ▸ csv_rows_handler  55 s',
    `    ${'█'.repeat(9)}${'░'.repeat(12)}  45%  45,003/100,000  3 failed  790/s  1 min 10 s left`,
    'q leaves',
  ]);
});

test('branches: what waits, with its request id, and what is to be retried', () => {
  const text = frame(paused(), 100).join('\n');
  expect(text).toContain('◦ 上長の承認を待つ  57 s  waits on a task token (request r-1)');
  expect(text).toMatch(/↻ notify +55 s {2}メールサーバーに届きません {2}to be retried/);
});

test('a failure is decoded on the screen', () => {
  expect(frame(failed(), 80).slice(-3)).toEqual([
    '  check_version: 版が古い',
    '  at Command.check (/var/task/dist/command.js:10:5)',
    'q leaves',
  ]);
});

test('without colour there is no escape code, with colour there is', () => {
  expect(frame(failed(), 80).join('')).not.toContain('\u001b');
});

test('the tree is a window: what is at work stays in sight, the rest is counted', () => {
  const names = Array.from({ length: 60 }, (_, index) => `状態-${index}`);
  const rows = names.flatMap((name, index): [string, number, object?][] => {
    const id = 2 + index * 2;
    return [
      ['PassStateEntered', id - 1, entered(name)],
      ['PassStateExited', id, { stateExitedEventDetails: { name } }],
    ];
  });
  const history = events(
    ['ExecutionStarted', 0],
    ...(rows.slice(0, 101) as [string, number, Record<string, unknown>][]),
  );
  const lines = frame(history, 80, { rows: 12 });
  expect(lines).toHaveLength(12);
  expect(lines[1]).toBe('    42 more above');
  expect(lines.at(-2)).toMatch(/▸ 状態-50 /);
});

test('iterations are folded: counts, and those that failed or wait', () => {
  const history = events(
    ['ExecutionStarted', 0],
    ['MapStateEntered', 0, entered('each')],
    ['MapStateStarted', 2, { mapStateStartedEventDetails: { length: 40 } }],
    ...Array.from({ length: 8 }, (_, index): [string, number, Record<string, unknown>] => [
      'MapIterationStarted',
      3,
      { mapIterationStartedEventDetails: { name: 'each', index } },
    ]),
    ['FailStateEntered', 4, entered('no')],
    ['MapIterationFailed', 12, { mapIterationFailedEventDetails: { name: 'each', index: 0 } }],
    ['PassStateEntered', 5, entered('work')],
  );
  const text = frame(history, 80).join('\n');
  expect(text).toContain('1/40  1 failed');
  expect(text).toContain('item 0');
  expect(text).toContain('✖ no');
  expect(text).not.toContain('work');
});

test('several executions share the screen', () => {
  const one = { name: 'a', model: fold(failed()), mapRuns: [] };
  const screen = (
    <WatchScreen watched={[one, { ...one, name: 'b' }]} now={now} columns={80} rows={20} color={false} />
  );
  const lines = (render(screen).lastFrame() ?? '').split('\n');
  expect(lines.filter((line) => line.startsWith('✖ FAILED'))).toEqual([
    '✖ FAILED  a  4.0 s',
    '✖ FAILED  b  4.0 s',
  ]);
  expect(executionArn).toContain('取込');
});

test('names, inputs, causes and log lines of others neither act on the terminal nor hide in it', () => {
  const rows = hostileTexts.map((text, index): Parameters<typeof events>[number] => [
    'PassStateEntered',
    index,
    { stateEnteredEventDetails: { name: text, input: text } },
  ]);
  const all = hostileTexts.join('\n');
  const details = { executionFailedEventDetails: { error: hostileTexts[0], cause: all } };
  const model = fold(events(...rows, ['ExecutionFailed', rows.length, details]));
  const watched = [{ name: all, machineName: all, model, mapRuns: [], log: [all] }];
  const view = { ...initialView, details: true };
  for (const columns of [60, 120]) {
    const screen = <WatchScreen {...{ watched, now, columns, rows: 60, color: false, view }} />;
    const drawn = render(screen).lastFrame() ?? '';
    expect(leaks(drawn)).toEqual([]);
    expect(drawn).toContain('red\\x1b[31m text');
    for (const line of drawn.split('\n')) expect(stringWidth(line), line).toBeLessThanOrEqual(columns);
  }
});
