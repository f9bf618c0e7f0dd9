import type { ExplainedMapRun } from '../../operations/follow/explain-map-runs.js';
import { decodeFailure } from '../../workflow/failure/cause.js';
import type { ExecutionModel } from '../../workflow/history/execution-model.js';
import { type StateRow, stateRows } from '../states/state-rows.js';
import { type Line, nameColumnsOf, stateLines } from '../states/styled-lines.js';
import { formatDuration } from '../text/duration.js';
import { colors, glyphs } from '../text/paint.js';
import { oneLine, unbroken } from '../text/safe-text.js';
import { statusLook } from '../text/status-look.js';
import { truncate, widthOf } from '../text/width.js';
import { busiest, initialView, visibleRows, type WatchView } from './keys.js';

/** Log lines of one execution that a screen shows. */
export const LOG_LINES = 5;

/** One followed execution, as a screen shows it. */
export interface Watched {
  name: string;
  machineName?: string;
  model: ExecutionModel;
  mapRuns: ExplainedMapRun[];
  /** Its newest log lines, where they are read. */
  log?: string[];
}

/**
 * The whole screen, at most `rows` lines of at most `columns`: a heading, the tree of states and the reason
 * of a failure for each execution. The tree is a window that keeps what is at work in sight.
 */
export function screenLines(
  watched: Watched[],
  now: number,
  columns: number,
  rows: number,
  view: WatchView = initialView,
): Line[] {
  const share = Math.max(4, Math.floor(rows / Math.max(1, watched.length)));
  return watched.flatMap((each) => executionLines(each, now, columns, share, view)).slice(0, rows);
}

function executionLines(
  { name, machineName, model, mapRuns, log }: Watched,
  now: number,
  columns: number,
  rows: number,
  view: WatchView,
): Line[] {
  const failure = failureLines(model, columns);
  const all = stateRows(model, mapRuns, now, view.opened);
  const tree = visibleRows(all, view);
  const chosen = view.details ? detailLines(tree, view, columns) : [];
  const logs = (log ?? [])
    .slice(-LOG_LINES)
    .map((line): Line => [{ text: truncate(`  ${unbroken(line)}`, columns), dim: true }]);
  const room = Math.max(1, rows - 1 - failure.length - chosen.length - logs.length);
  return [
    headLine(name, machineName, model, now, columns, view),
    ...treeLines(tree, columns, room, view),
    ...chosen,
    ...failure,
    ...logs,
  ];
}

/** Input and output of the chosen state, else of the one that is at work. */
function detailLines(rows: StateRow[], { cursor }: WatchView, columns: number): Line[] {
  const row = rows.find(({ key }) => key === cursor) ?? rows[busiest(rows)];
  if (!row?.node) return [];
  const { name, input, output } = row.node;
  const field = (label: string, text: string | undefined): Line => [
    { text: `  ${label} `, dim: true },
    { text: truncate(text === undefined ? '—' : oneLine(text), Math.max(0, columns - label.length - 3)) },
  ];
  return [
    [{ text: truncate(`  ${oneLine(name)}`, columns), bold: true }],
    field('input ', input),
    field('output', output),
  ];
}

function headLine(
  name: string,
  machineName: string | undefined,
  model: ExecutionModel,
  now: number,
  columns: number,
  { filter }: WatchView,
): Line {
  const look = statusLook[model.status] ?? 'plain';
  const status = `${glyphs[look]} ${model.status}`;
  const elapsed =
    model.startedAt === undefined ? '' : formatDuration((model.stoppedAt ?? now) - model.startedAt);
  const only = filter === 'all' ? '' : `  only ${filter === 'failed' ? 'what failed' : 'what is at work'}`;
  const room = columns - widthOf(status) - widthOf(elapsed) - widthOf(only) - 4;
  const title = truncate([machineName ?? '', name].map(oneLine).join('  ').trim(), Math.max(0, room));
  return [
    { text: `${status}  `, color: colors[look] },
    { text: `${title}  `, bold: true },
    { text: elapsed, dim: true },
    { text: only, color: 'yellow' },
  ];
}

function failureLines(model: ExecutionModel, columns: number): Line[] {
  if (!model.failure) return [];
  const { stateName, error, cause } = model.failure;
  if (model.status === 'ABORTED' && error === undefined && cause === undefined) return [];
  const { message, frame } = decodeFailure(error, cause);
  const text = `${stateName ? `${stateName}: ` : ''}${oneLine(message)}`;
  const lines: Line[] = [[{ text: truncate(`  ${oneLine(text)}`, columns), color: 'red' }]];
  if (frame) lines.push([{ text: truncate(`  at ${oneLine(frame)}`, columns), dim: true }]);
  return lines;
}

/** As many rows as fit into `room` lines, around the last one that is at work; the rest is counted. */
function treeLines(rows: StateRow[], columns: number, room: number, view: WatchView): Line[] {
  const nameColumns = nameColumnsOf(rows, columns);
  const cursor = rows.findIndex(({ key }) => key === view.cursor);
  const { from, to } = windowOf(rows, room, cursor);
  const more = (hidden: number, where: string): Line[] =>
    hidden > 0 ? [[{ text: `    ${hidden} more ${where}`, dim: true }]] : [];
  return [
    ...more(from, 'above'),
    ...rows.slice(from, to).flatMap((row) => marked(stateLines(row, nameColumns, columns), row, view)),
    ...more(rows.length - to, 'below'),
  ].slice(0, room);
}

/** The chosen row has a mark before it, a folded one says so. */
function marked([first = [], ...rest]: Line[], row: StateRow, { cursor, collapsed }: WatchView): Line[] {
  const folded = collapsed.has(row.key);
  const mark = row.key === cursor ? '❯ ' : '  ';
  const [margin, ...others] = first;
  const line = margin ? [{ ...margin, text: mark + margin.text.slice(2) }, ...others] : first;
  return folded ? [[...line, { text: ' …', dim: true }]] : [line, ...rest];
}

function windowOf(rows: StateRow[], room: number, cursor: number): { from: number; to: number } {
  const busy = cursor >= 0 ? cursor : busiest(rows);
  let to = busy < 0 ? rows.length : busy + 1;
  let from = to;
  let used = 0;
  const marks = (from: number, to: number): number => (from > 0 ? 1 : 0) + (to < rows.length ? 1 : 0);
  const linesOf = (row: StateRow | undefined): number => (row?.progress ? 2 : 1);
  while (from > 0 && used + linesOf(rows[from - 1]) + marks(from - 1, to) <= room)
    used += linesOf(rows[--from]);
  while (to < rows.length && used + linesOf(rows[to]) + marks(from, to + 1) <= room)
    used += linesOf(rows[to++]);
  return { from, to };
}
