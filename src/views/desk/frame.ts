import type { DeskExecution, Looked } from '../../operations/desk/snapshot.js';
import { executionParts, machineName } from '../../workflow/names/arn.js';
import { childReasons } from '../states/item-reasons.js';
import { count } from '../states/map-progress.js';
import type { Line, Segment } from '../states/styled-lines.js';
import { formatDuration } from '../text/duration.js';
import { oneLine, unbroken } from '../text/safe-text.js';
import { truncate, widthOf } from '../text/width.js';
import { screenLines } from '../watch/screen-lines.js';
import { doneText } from './done-text.js';
import { dataOfStep, dataShown, markedView, rowsOfStates, watchedOf } from './execution-data.js';
import { textOfPane } from './execution-keys.js';
import { clipped, hitIn } from './execution-texts.js';
import { foldedText } from './folded-text.js';
import { footLine, helpText } from './help.js';
import { jobLines } from './job.js';
import { jsonLines } from './json-tree.js';
import { typedText } from './keys.js';
import { cursorIn, listLines } from './list-lines.js';
import { listShown, rowsOf, stepName } from './lists.js';
import { previewLines } from './preview.js';
import {
  type DeskState,
  type DeskView,
  type ExecutionPlace,
  listOf,
  type Place,
  panes,
  placeOf,
  type Tab,
  tabs,
} from './state.js';

/** The whole screen: at most `rows` lines of at most `columns`; what it costs grows with the rows, not with the data. */
export function deskLines(state: DeskState, view: DeskView): Line[] {
  const head = [headLine(view), placeLine(state, view)];
  // Where it is read, nothing is told twice.
  const quiet = state.help !== undefined || placeOf(state)?.kind === 'done';
  const foot = [...(quiet ? [] : noticeLines(state, view)), footLine(state, view)];
  const room = Math.max(1, view.rows - head.length - foot.length);
  const body = bodyLines(state, view, room).slice(0, room);
  const blank = Array.from({ length: Math.max(0, room - body.length) }, (): Line => [{ text: '' }]);
  return [...head, ...body, ...blank, ...foot].map((line) => fitted(line, view.columns)).slice(0, view.rows);
}

/** Never wider than the screen. */
function fitted(line: Line, columns: number): Line {
  const width = line.reduce((sum, { text }) => sum + widthOf(text), 0);
  return width <= columns ? line : clipped(line, 0, columns);
}

/** Where this is, and how much is asked of it. */
function headLine({ target, data, now, columns }: DeskView): Line {
  const calls = `${data.calls} calls/min`;
  const warning: Segment[] = target.protected ? [{ text: ' PROTECTED ', color: 'red', bold: true }] : [];
  const place = ` ${oneLine(target.account)}  ${oneLine(target.region)}`;
  const throttled =
    data.throttledAt !== undefined && now - data.throttledAt < 60_000 ? 'throttled, slower now  ' : '';
  const used =
    widthOf(target.name) + place.length + throttled.length + calls.length + (target.protected ? 11 : 0);
  return [
    { text: oneLine(target.name), bold: true },
    ...warning,
    { text: place, dim: true },
    { text: ' '.repeat(Math.max(2, columns - used)) },
    { text: throttled, color: 'yellow' },
    { text: calls, dim: true },
  ];
}

const titles: Record<Tab, [string, string]> = {
  executions: ['Executions', 'Exec'],
  paused: ['Paused', 'Paused'],
  jobs: ['Imports', 'Imports'],
  machines: ['Machines', 'Mach'],
};

/** The tabs, or the way to where one is; and how old it is. */
function placeLine(state: DeskState, view: DeskView): Line {
  if (state.places.length > 0) return wayLine(state, view);
  const { data, columns, now } = view;
  const of = (tab: Tab, narrow: boolean): Segment => {
    const looked: Looked<unknown> = data[tab];
    const number = looked.rows.length > 0 ? ` ${count(looked.rows.length)}${looked.more ? '+' : ''}` : '';
    const text = `${tabs.indexOf(tab) + 1} ${titles[tab][narrow ? 1 : 0]}${number}`;
    return tab === state.tab
      ? { text: `[${text}]`, bold: true, color: 'cyan' }
      : { text: ` ${text} `, dim: true };
  };
  const age = ageOf(data[state.tab], now);
  const wide = tabs.map((tab) => of(tab, false));
  const widthFor = (line: Line): number => line.reduce((sum, { text }) => sum + widthOf(text), 0);
  const line = widthFor(wide) + age.length + 2 <= columns ? wide : tabs.map((tab) => of(tab, true));
  const gap = columns - widthFor(line) - age.length;
  return gap < 1 ? line : [...line, { text: ' '.repeat(gap) }, { text: age, dim: true }];
}

const ageOf = ({ at, reading }: Looked<unknown>, now: number): string =>
  at === undefined || reading
    ? `reading${reading ? ` ${count(reading.read)}/${count(reading.of)}` : ''}…`
    : `${formatDuration(Math.max(0, Math.round((now - at) / 1000) * 1000))} old`.replace(/^0 ms old/, 'now');

function wayLine({ places, tab, machine }: DeskState, { columns, data, now, opened }: DeskView): Line {
  const steps = [machine === undefined ? titles[tab][0] : machineName(machine), ...places.map(nameOf)];
  const place = places.at(-1);
  const looked =
    place?.kind === 'items' ? opened.get(place.executionArn)?.children.get(place.mapRunArn) : undefined;
  const age = looked ? ageOf(looked, now) : '';
  const trouble = data.trouble === undefined ? age : '';
  const text = truncate(steps.map(oneLine).join(' › '), Math.max(8, columns - trouble.length - 2));
  return [
    { text, bold: true, color: 'cyan' },
    { text: ' '.repeat(Math.max(1, columns - widthOf(text) - trouble.length)) },
    { text: trouble, dim: true },
  ];
}

function nameOf(place: Place): string {
  switch (place.kind) {
    case 'execution':
      return executionParts(place.executionArn).name ?? place.executionArn;
    case 'items':
      return `${place.stateName} (map run)`;
    case 'step':
      return `${stepName(place.step)} of ${place.step.execution.name}`;
    case 'job':
      return place.job.name || place.job.key;
    case 'done':
      return 'done from here';
  }
}

function bodyLines(state: DeskState, view: DeskView, room: number): Line[] {
  if (state.asking) return questionLines(state.asking, view.columns, room);
  if (state.help) return helpText(state, view).slice(state.help.top, state.help.top + room);
  const place = placeOf(state);
  if (place?.kind === 'execution') return executionLines(place, view, room);
  if (place?.kind === 'step') return jsonLines(dataOfStep(place.step), place.json, view.columns, room);
  if (place?.kind === 'job') return jobLines(place, view, room);
  if (place?.kind === 'done') {
    const lines = doneText(state, view);
    const last = Math.max(0, lines.length - room);
    const top = Math.min(last, place.top ?? last);
    return lines.slice(top, top + room);
  }
  return listBody(state, view, room);
}

function listBody(state: DeskState, view: DeskView, room: number): Line[] {
  const list = listShown(state, view);
  const lists = listOf(state);
  if (!list || !lists) return [];
  const rows = rowsOf(list, lists.filter);
  const { columns } = view;
  const { marks } = lists;
  const marked = marks.size > 0 ? rows.filter((row) => marks.has(list.keyOf(row))).length : 0;
  const shows = [
    state.machine !== undefined && !placeOf(state) ? `of ${machineName(state.machine)}` : '',
    lists.filter === '' || state.typing
      ? ''
      : `filter "${oneLine(lists.filter)}": ${count(rows.length)} of ${count(list.looked.rows.length)}`,
    marked > 0 ? `${count(marked)} marked` : '',
  ].filter(Boolean);
  const notes: Line[] = shows.length > 0 ? [[{ text: `  ${shows.join('  ')}`, color: 'yellow' }]] : [];
  if (placeOf(state)?.kind === 'items' && room >= 10)
    for (const { what, reason } of childReasons(list.looked.rows as readonly DeskExecution[]))
      notes.push([{ text: truncate(`  ${what}: ${oneLine(reason)}`, columns), color: 'red' }]);
  if (rows.length === 0) {
    const text =
      list.looked.at === undefined
        ? 'Reading…'
        : lists.filter !== '' && list.looked.rows.length > 0
          ? 'Nothing matches the filter.'
          : list.empty;
    return [...notes, [{ text: '' }], [{ text: truncate(`  ${oneLine(text)}`, columns), dim: true }]];
  }
  const row = rows[cursorIn(list, rows, lists)];
  const preview = room >= 8 && row ? previewLines(row, view, Math.max(2, Math.floor(room / 4))) : [];
  const lines = listLines(list, rows, lists, {
    columns,
    room: room - notes.length - preview.length,
    look: view,
  });
  const gap = Math.max(0, room - notes.length - lines.length - preview.length);
  return [...notes, ...lines, ...Array.from({ length: gap }, (): Line => [{ text: '' }]), ...preview];
}

const paneTitles = {
  states: 'States',
  events: 'Events',
  data: 'Data',
  logs: 'Logs',
  graph: 'Graph',
} as const;

function executionLines(place: ExecutionPlace, view: DeskView, room: number): Line[] {
  const { columns, now } = view;
  const opened = view.opened.get(place.executionArn);
  const titles: Line = panes.map((pane, index) => ({
    text: place.pane === pane ? `[${index + 1} ${paneTitles[pane]}]` : ` ${index + 1} ${paneTitles[pane]} `,
    ...(place.pane === pane ? { bold: true } : { dim: true }),
  }));
  const watched = opened && watchedOf(opened);
  if (!opened || !watched) {
    const text = opened?.trouble ?? 'Reading…';
    return [titles, [{ text: '' }], [{ text: truncate(`  ${oneLine(text)}`, columns), dim: true }]];
  }
  if (place.pane === 'states') {
    const marked = markedView(rowsOfStates(opened, place.view, now), place.view);
    return [titles, ...screenLines([watched], now, columns, room - 1, marked)];
  }
  if (place.pane === 'data') {
    const { name, value } = dataShown(place, opened, now);
    const of: Line = [{ text: truncate(`  ${oneLine(name)}`, columns), bold: true }];
    return [titles, of, ...jsonLines(value, place.json, columns, room - 2)];
  }
  return [titles, ...scrolledLines(place, view, room - 1)];
}

const nothingYet = { events: 'No events yet.', logs: 'No log lines yet.', graph: 'Reading the definition…' };

function scrolledLines(place: ExecutionPlace, view: DeskView, room: number): Line[] {
  const opened = view.opened.get(place.executionArn);
  const lines = opened ? textOfPane(place, opened, view) : [];
  if (lines.length === 0) {
    const text = opened?.trouble ?? nothingYet[place.pane as keyof typeof nothingYet];
    return [[{ text: '' }], [{ text: truncate(`  ${oneLine(text)}`, view.columns), dim: true }]];
  }
  const last = Math.max(0, lines.length - room);
  const top = Math.min(last, place.scroll.top ?? (place.pane === 'graph' ? 0 : last));
  const wanted = place.search;
  return lines.slice(top, top + room).map((line) => {
    const hit = wanted !== '' && hitIn([[], line], wanted, 0, 1) === 1;
    const part = clipped(line, place.scroll.left, view.columns);
    return hit ? part.map((segment) => ({ ...segment, bold: true, dim: false })) : part;
  });
}

function questionLines(
  { lines, question, typed, scroll }: NonNullable<DeskState['asking']>,
  columns: number,
  room: number,
): Line[] {
  const folded = lines.flatMap((line) => foldedText(unbroken(line), columns - 2));
  const most = Math.max(1, room - 3);
  const from = Math.min(scroll, Math.max(0, folded.length - most));
  const hidden = folded.length - from - most;
  return [
    [{ text: '' }],
    ...folded.slice(from, from + most).map((text): Line => [{ text: `  ${text}` }]),
    [{ text: hidden > 0 ? `  ${hidden} more lines: ↓` : '', dim: true }],
    [{ text: `  ${question}`, bold: true, color: 'yellow' }, { text: `${oneLine(typed)}█` }],
  ];
}

/** What is on its way, what was done last, what goes wrong: one line, where there is something. */
function noticeLines(state: DeskState, { data, columns, now }: DeskView): Line[] {
  if (state.typing) return [[{ text: '/', bold: true }, { text: `${oneLine(typedText(state))}█` }]];
  if (state.asking) return [];
  if (state.busy !== undefined) return [[{ text: truncate(oneLine(state.busy), columns), color: 'cyan' }]];
  const last = state.done.at(-1);
  if (last && now - last.at < 20_000)
    return [[{ text: truncate(oneLine(last.text), columns), color: last.failed ? 'red' : 'green' }]];
  if (data.trouble !== undefined)
    return [[{ text: truncate(`Tried again: ${oneLine(data.trouble)}`, columns), color: 'yellow' }]];
  return [];
}
