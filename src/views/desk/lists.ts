import { isObject, type Json, parsedAsWritten } from '../../json/json.js';
import { jsonText } from '../../json/lossless.js';
import type {
  DeskExecution,
  DeskJob,
  DeskMachine,
  DeskStep,
  Looked,
} from '../../operations/desk/snapshot.js';
import { payloadOf, withoutRouting } from '../../workflow/answer/sent-payload.js';
import { REDACTED } from '../../workflow/history/redact.js';
import { typedName } from '../../workflow/names/typed-name.js';
import { count } from '../states/map-progress.js';
import type { Segment } from '../states/styled-lines.js';
import { formatDuration } from '../text/duration.js';
import { colors, glyphs } from '../text/paint.js';
import { oneLine } from '../text/safe-text.js';
import { statusLook } from '../text/status-look.js';
import { timeText, type Zone } from '../text/time.js';
import { lookOfJob } from './job.js';
import { type DeskState, type DeskView, placeOf } from './state.js';

/** A row of any list. */
export type DeskRow = DeskExecution | DeskStep | DeskJob | DeskMachine;

/** A column: what stands in it, and what becomes of it where the terminal is narrow. */
export interface ListColumn<R> {
  head: string;
  cell(row: R, look: ListLook): string;
  style?(row: R): Partial<Segment>;
  /** May be cut, down to so much. */
  flexible?: number;
  /** May be left out; the lowest goes first. */
  drop?: number;
  right?: boolean;
}
export interface ListLook extends Zone {
  now: number;
}

/** A list as the screen needs it. */
export interface List<R extends DeskRow = DeskRow> {
  looked: Looked<R>;
  columns: readonly ListColumn<R>[];
  keyOf(row: R): string;
  /** What is searched. */
  textOf(row: R): string;
  /** What it says when it is empty. */
  empty: string;
}

const statusCell: ListColumn<DeskExecution> = {
  head: '  STATUS',
  cell: ({ status }) => `${glyphs[statusLook[status] ?? 'plain']} ${status}`,
  style: ({ status }) => ({ color: colors[statusLook[status] ?? 'plain'] }),
};
const startedCell: ListColumn<DeskExecution> = {
  head: 'STARTED',
  cell: ({ startDate }, look) => shortTime(startDate.getTime(), look),
  drop: 4,
};
const tookCell: ListColumn<DeskExecution> = {
  head: 'TOOK',
  cell: ({ startDate, stopDate, status }, { now }) =>
    formatDuration((status === 'RUNNING' ? now : (stopDate?.getTime() ?? now)) - startDate.getTime()),
  drop: 1,
};

const nameCell: ListColumn<DeskExecution> = { head: 'NAME', cell: ({ typed }) => typed };
const whyCell: ListColumn<DeskExecution> = {
  head: 'WHY',
  cell: ({ why = '' }) => why,
  flexible: 12,
  drop: 2,
  style: () => ({ color: 'red' }),
};

const executionColumns: readonly ListColumn<DeskExecution>[] = [
  statusCell,
  startedCell,
  tookCell,
  { head: 'MACHINE', cell: ({ machine }) => machine, flexible: 10, drop: 3 },
  nameCell,
  whyCell,
];
/** Of one machine: its name says nothing more. */
const ownColumns = executionColumns.filter(({ head }) => head !== 'MACHINE');
/** Of a map run: what one types for its executions is long. */
const itemColumns = ownColumns.map((column) => (column === statusCell ? { ...column, flexible: 3 } : column));

const stepColumns: readonly ListColumn<DeskStep>[] = [
  {
    head: 'WAITS',
    cell: ({ since }, { now }) => formatDuration(now - since),
    style: () => ({ color: 'yellow' }),
  },
  { head: 'LEFT', cell: (step, { now }) => timeLeft(step, now), drop: 4 },
  { head: 'REQUEST', cell: ({ requestId, execution }) => requestId ?? typedName(execution.executionArn) },
  { head: 'STATE', cell: stepName, flexible: 10, drop: 3 },
  { head: 'MACHINE', cell: ({ machine }) => machine, flexible: 10, drop: 2 },
  { head: 'ASKED', cell: askedLine, flexible: 12, drop: 5 },
  {
    head: 'ANSWERED BY',
    cell: ({ waitsOn }) => waitsOn.replace(/\.waitForTaskToken$/, ''),
    flexible: 10,
    drop: 1,
  },
];

const jobColumns: readonly ListColumn<DeskJob>[] = [
  { head: 'KIND', cell: ({ kind }) => kind, drop: 1 },
  {
    head: '  STATUS',
    cell: ({ status }) => `${glyphs[lookOfJob(status)]} ${status}`,
    style: ({ status }) => ({ color: colors[lookOfJob(status)] }),
  },
  { head: 'STARTED', cell: ({ startedAt }, look) => shortTime(startedAt, look), drop: 2 },
  { head: 'DONE', cell: ({ done, total }) => `${number(done)}/${number(total)}`, right: true },
  {
    head: 'FAILED',
    cell: ({ failed }) => number(failed),
    right: true,
    style: ({ failed = 0 }) => (failed > 0 ? { color: 'red' } : { dim: true }),
  },
  { head: 'FILE', cell: ({ name }) => name, flexible: 10, drop: 3 },
  { head: 'ID', cell: ({ key }) => key },
];

const machineColumns: readonly ListColumn<DeskMachine>[] = [
  { head: 'NAME', cell: ({ name }) => name },
  { head: 'GOOD', cell: goodShare, right: true, style: goodStyle },
  { head: 'RUNNING', cell: ({ running }) => count(running), right: true, drop: 3 },
  {
    head: 'PAUSED',
    cell: ({ paused }) => count(paused),
    right: true,
    style: ({ paused }) => (paused > 0 ? { color: 'yellow' } : { dim: true }),
  },
  {
    head: 'FAILED',
    cell: ({ failed }) => count(failed),
    right: true,
    drop: 2,
    style: ({ failed }) => (failed > 0 ? { color: 'red' } : { dim: true }),
  },
  {
    head: 'LAST FAILURE',
    cell: ({ lastFailureAt, lastFailure = '' }, look) =>
      lastFailureAt === undefined ? '' : `${shortTime(lastFailureAt, look)} ${lastFailure}`,
    flexible: 12,
    drop: 1,
  },
];

const number = (value: number | undefined): string => (value === undefined ? '—' : count(value));

/** `09:05:00` of today, `01-31 09:05` of another day. */
export function shortTime(at: number, look: ListLook): string {
  const text = timeText(at, look);
  return text.slice(0, 10) === timeText(look.now, look).slice(0, 10) ? text.slice(11) : text.slice(5, 16);
}

export function timeLeft({ timeoutAt, heartbeatAt }: DeskStep, now: number): string {
  const first = Math.min(timeoutAt ?? Number.POSITIVE_INFINITY, heartbeatAt ?? Number.POSITIVE_INFINITY);
  return formatDuration(first - now);
}

export function stepName({ stateName, iteration }: DeskStep): string {
  return iteration === undefined ? stateName : `${stateName}[${iteration}]`;
}

/** What a step was sent, without what nobody answers by. */
export function sentTo(asked: string): Json {
  const sent = withoutRouting(payloadOf(parsedAsWritten(asked) ?? asked));
  if (!isObject(sent)) return sent;
  return Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== REDACTED));
}

/** What a step was sent, on one line. */
export function askedLine({ asked }: DeskStep): string {
  if (asked === undefined) return '—';
  const sent = sentTo(asked);
  return oneLine(typeof sent === 'string' ? sent : jsonText(sent));
}

function goodShare({ succeeded, failed, type }: DeskMachine): string {
  if (type === 'EXPRESS') return 'express';
  const ended = succeeded + failed;
  return ended === 0 ? '—' : `${Math.floor((succeeded / ended) * 1000) / 10}%`;
}
function goodStyle({ succeeded, failed }: DeskMachine): Partial<Segment> {
  if (failed === 0) return succeeded > 0 ? { color: 'green' } : { dim: true };
  return { color: failed > succeeded / 10 ? 'red' : 'yellow' };
}

const executionText = (execution: DeskExecution): string => {
  const { status, machine, typed, requestId = '', error = '', why = '' } = execution;
  return `${status} ${machine} ${typed} ${requestId} ${error} ${why}`;
};

/** Rows of a list are asked of that list only. */
const anyList = <R extends DeskRow>(list: List<R>): List => list as unknown as List;

const executionList = (looked: Looked<DeskExecution>, columns = executionColumns): List =>
  anyList({
    looked,
    columns,
    keyOf: ({ executionArn }) => executionArn,
    textOf: executionText,
    empty: 'No executions.',
  });

/** The list that one sees now; undefined where something else is seen. */
export function listShown(
  state: DeskState,
  { data, opened }: Pick<DeskView, 'data' | 'opened'>,
): List | undefined {
  const place = placeOf(state);
  if (place?.kind === 'items') {
    const children = opened.get(place.executionArn)?.children.get(place.mapRunArn);
    return executionList(children ?? { rows: [] }, itemColumns);
  }
  if (place) return undefined;
  return tabList(state, data);
}

function tabList({ tab, machine }: DeskState, data: DeskView['data']): List {
  switch (tab) {
    case 'executions': {
      if (machine === undefined) return executionList(data.executions);
      const rows = rowsOfMachine(data.executions.rows, machine);
      return executionList({ ...data.executions, rows }, ownColumns);
    }
    case 'paused':
      return anyList({
        looked: data.paused,
        columns: stepColumns,
        keyOf: ({ key }: DeskStep) => key,
        textOf: (step: DeskStep) =>
          `${step.requestId ?? ''} ${stepName(step)} ${step.machine} ${step.execution.name} ${step.asked ?? ''}`,
        empty: 'Nothing waits for an answer.',
      });
    case 'jobs':
      return anyList({
        looked: data.jobs,
        columns: jobColumns,
        keyOf: ({ key }: DeskJob) => key,
        textOf: ({ key, kind, name, status }: DeskJob) => `${kind} ${key} ${name} ${status}`,
        empty: data.jobs.missing ?? 'No import jobs and no batches; other imports are in 1.',
      });
    case 'machines':
      return anyList({
        looked: data.machines,
        columns: machineColumns,
        keyOf: ({ stateMachineArn }: DeskMachine) => stateMachineArn,
        textOf: ({ name, type, lastFailure = '' }: DeskMachine) => `${name} ${type} ${lastFailure}`,
        empty: 'No state machines.',
      });
  }
}

const rowsOfMachine = remembered((rows: readonly DeskExecution[], machine: string) =>
  rows.filter(({ stateMachineArn }) => stateMachineArn === machine),
);

/** A row is replaced when something of it changes. */
const searchedText = new WeakMap<DeskRow, string>();

const matching = remembered((rows: readonly DeskRow[], filter: string, textOf: (row: DeskRow) => string) => {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    const text = searchedText.get(row) ?? textOf(row).toLowerCase();
    searchedText.set(row, text);
    return words.every((word) =>
      word.startsWith('!') && word !== '!' ? !text.includes(word.slice(1)) : text.includes(word),
    );
  });
});

/** The rows that the filter leaves. */
export const rowsOf = (list: List, filter: string): readonly DeskRow[] =>
  filter.trim() === '' ? list.looked.rows : matching(list.looked.rows, filter, list.textOf);

/** The last result, given again for the same: a frame costs nothing for what has not changed. */
function remembered<A extends unknown[], R>(make: (...given: A) => R): (...given: A) => R {
  let last: { given: A; result: R } | undefined;
  return (...given) => {
    if (!last || given.some((one, index) => !same(one, last?.given[index])))
      last = { given, result: make(...given) };
    return last.result;
  };
}
/** Functions are made anew for the same list. */
const same = (a: unknown, b: unknown): boolean =>
  a === b || (typeof a === 'function' && typeof b === 'function');
