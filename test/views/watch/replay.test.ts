import process from 'node:process';
import { expect, test } from 'vitest';
import type { HistoryEvent } from '../../../src/asl/engine/history-event.js';
import { stateRows } from '../../../src/views/states/state-rows.js';
import { lineText } from '../../../src/views/states/styled-lines.js';
import { widthOf } from '../../../src/views/text/width.js';
import { initialView, pressKey, visibleRows } from '../../../src/views/watch/keys.js';
import { frameLines } from '../../../src/views/watch/screen.js';
import { createModel } from '../../../src/workflow/history/execution-model.js';
import { applyEvents } from '../../../src/workflow/history/fold.js';
import { failed, fold, paused } from '../sample.js';

/** A Map whose items are all open at once before they end one after the other. */
function longHistory(items = 10_000, length = 25_000): HistoryEvent[] {
  const events: HistoryEvent[] = [];
  const add = (type: string, previousEventId: number, details: object = {}): number => {
    const id = events.length + 1;
    events.push({ id, previousEventId, timestamp: id * 10, type, ...details });
    return id;
  };
  add('ExecutionStarted', 0);
  const map = add('MapStateEntered', 1, { stateEnteredEventDetails: { name: '商品を一件ずつ取り込む' } });
  const started = add('MapStateStarted', map, { mapStateStartedEventDetails: { length: items } });
  const name = '商品を一件ずつ取り込む';
  const open = Array.from({ length: items }, (_, index) => {
    const iteration = { mapIterationStartedEventDetails: { name, index } };
    return add('MapIterationStarted', started, iteration);
  });
  for (let index = 0; events.length < length; index++) {
    const input = { name: '検証', input: 'x'.repeat(300) };
    const entered = add('PassStateEntered', open[index] ?? 0, { stateEnteredEventDetails: input });
    const exited = add('PassStateExited', entered, { stateExitedEventDetails: { name: '検証' } });
    const how = index % 50 === 7 ? 'Failed' : 'Succeeded';
    add(`MapIteration${how}`, exited, { [`mapIteration${how}EventDetails`]: { name, index } });
  }
  return events;
}

type Model = ReturnType<typeof createModel>;

/** Folds and draws some events, 120 × 40: the frame, and the processor's microseconds, which other work does not stretch. */
function step(model: Model, events: HistoryEvent[]): { frame: string; cost: number } {
  const began = process.cpuUsage();
  applyEvents(model, events);
  const watched = [{ name: '取込', model, mapRuns: [] }];
  const now = events.at(-1)?.timestamp ?? 0;
  const lines = frameLines({ watched, now, columns: 120, rows: 40, color: true });
  const frame = lines.map((line) => lineText(line, true)).join('\n');
  const { user, system } = process.cpuUsage(began);
  expect(lines.length).toBeLessThanOrEqual(40);
  return { frame, cost: user + system };
}

const quantile = (some: number[], part: number): number =>
  some.toSorted((a, b) => a - b)[Math.ceil(some.length * part) - 1] ?? 0;

test('25,000 events: a step of 500 costs about what it does in a history of 2,000, however far it has come', () => {
  const events = longHistory();
  const few = longHistory(100, 2000);
  const rounds = [0, 1, 2, 3].map(() => {
    const model = createModel();
    const frames = new Set<string>();
    const [costs, short]: [number[], number[]] = [[], []];
    for (let from = 0; from < events.length; from += 500) {
      const { frame, cost } = step(model, events.slice(from, from + 500));
      frames.add(frame);
      costs.push(cost);
      // What it is compared with comes right after it: the machine is the same for both.
      const other = createModel();
      for (let at = 0; at < few.length; at += 500) short.push(step(other, few.slice(at, at + 500)).cost);
    }
    expect(frames.size).toBe(events.length / 500);
    // With their part of what the collector does.
    const usual = short.reduce((sum, cost) => sum + cost) / short.length;
    return { most: quantile(costs, 0.95) / usual, late: quantile(costs.slice(-15), 0.5) / usual };
  });
  // The first round compiles; a collection of garbage that falls into one does not fall into all.
  expect(Math.min(...rounds.map(({ late }) => late))).toBeLessThan(6);
  expect(Math.min(...rounds.map(({ most }) => most))).toBeLessThan(25);
});

test.each([60, 80, 120, 200])('at %i columns no line is wider', (columns) => {
  for (const history of [paused(), failed(), longHistory().slice(0, 12_000)]) {
    const watched = [
      { name: '商品-取込-2026年1月', machineName: 'import-csv', model: fold(history), mapRuns: [] },
    ];
    const view = { ...initialView, details: true };
    const footer = 'キーの説明'.repeat(30);
    const lines = frameLines({
      watched,
      now: Date.UTC(2026, 10, 24, 4),
      columns,
      rows: 24,
      color: false,
      footer,
      view,
    });
    expect(lines.length).toBeLessThanOrEqual(24);
    for (const line of lines) expect(widthOf(lineText(line, false))).toBeLessThanOrEqual(columns);
  }
});

test('keys choose, fold, filter, jump to the failure, and open input and output', () => {
  const model = fold(paused());
  const rows = stateRows(model, [], Date.UTC(2026, 10, 24, 4));
  const press = (...keys: string[]) => keys.reduce((view, key) => pressKey(view, key, rows), initialView);
  const names = (...keys: string[]) => visibleRows(rows, press(...keys)).map(({ name }) => name);
  const chosen = (...keys: string[]) => rows.find(({ key }) => key === press(...keys).cursor)?.name;
  expect(names()).toEqual(['承認と通知', 'branch 1', '上長の承認を待つ', 'branch 2', 'notify']);
  expect(chosen('down')).toBe('承認と通知');
  expect(chosen('down', 'j', 'k', 'down')).toBe('branch 1');
  expect(names('down', 'return')).toEqual(['承認と通知']);
  expect(names('down', 'return', 'return')).toHaveLength(5);
  expect(names('f')).toEqual(['承認と通知', 'branch 2', 'notify']);
  expect(names('f', 'f')).toHaveLength(5);
  expect(chosen('n')).toBe('notify');
  expect(chosen('n', 'escape')).toBeUndefined();
  expect(press('i').details).toBe(true);
});
