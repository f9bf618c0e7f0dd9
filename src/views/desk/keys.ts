import type { DeskExecution, DeskMachine, DeskStep } from '../../operations/desk/snapshot.js';
import { machineOfExecution } from '../../workflow/names/arn.js';
import { movedBy } from '../watch/cursor.js';
import { type Act, actsHere } from './acts.js';
import { doneText } from './done-text.js';
import { dataOfStep } from './execution-data.js';
import { pressInExecution } from './execution-keys.js';
import { helpText } from './help.js';
import { movedInJob, openedByJob } from './job.js';
import { pressInJson, searched } from './json-tree.js';
import { cursorIn } from './list-lines.js';
import { type DeskRow, type List, listShown, rowsOf } from './lists.js';
import { roomIn, scrolledBy } from './scroll.js';
import {
  type DeskState,
  type DeskView,
  type JobPlace,
  type ListView,
  listOf,
  openedExecution,
  placeOf,
  tabs,
  withList,
  withPlace,
} from './state.js';

/** What is to be done besides; undefined: nothing. */
export type Effect =
  | Act
  | { type: 'quit' }
  | { type: 'look' }
  | { type: 'answered'; text: string | undefined };

export interface Pressed {
  state: DeskState;
  effect?: Effect;
}

/**
 * What a key makes of the desk. Keys are what a keyboard's are called (`up`, `return`, `escape`, `pagedown`), or the
 * character that was typed.
 */
export function pressKey(state: DeskState, key: string, view: DeskView): Pressed {
  if (key === 'ctrl-c')
    return state.asking ? answered(state, undefined) : { state, effect: { type: 'quit' } };
  if (state.asking) return pressInQuestion(state, key);
  if (state.typing) return { state: pressInText(state, key, view) };
  if (state.help) return { state: pressInHelp(state, state.help.top, key, view) };
  if (key === '?') return { state: { ...state, help: { top: 0 } } };
  if (key === 'q') return { state, effect: { type: 'quit' } };
  if (key === '/') return { state: { ...state, typing: true } };
  if (key === 'u') return { state, effect: { type: 'look' } };
  if (key === 'D') return { state: { ...state, places: [...state.places, { kind: 'done' }] } };
  // N is the hit before, where something is searched.
  const searching = key === 'N' && state.places.length > 0 && typedText(state) !== '' && !listOf(state);
  const act = searching ? undefined : actsHere(state, view).find((one) => one.key === key);
  if (act) return { state, effect: act.act };
  if (key === 'escape') return { state: stepBack(state) };
  const place = placeOf(state);
  if (place?.kind === 'execution') return { state: pressInExecution(state, place, key, view) };
  if (place?.kind === 'step') {
    const json = pressInJson(place.json, key, dataOfStep(place.step), pageOf(view));
    return { state: json ? withPlace(state, { ...place, json }) : state };
  }
  if (place?.kind === 'done') {
    const { length } = doneText(state, view);
    const room = roomIn(view);
    const top = scrolledBy(key, place.top ?? Math.max(0, length - room), length, room);
    return { state: top === undefined ? state : withPlace(state, { ...place, top }) };
  }
  if (place?.kind === 'job') return { state: pressInJob(state, place, key, view) };
  return { state: pressInList(state, key, view) };
}

function pressInJob(state: DeskState, place: JobPlace, key: string, view: DeskView): DeskState {
  if (key !== 'return') {
    const at = movedInJob(place, key, view);
    return at === undefined ? state : withPlace(state, { ...place, at });
  }
  const { execution, file } = openedByJob(place, view);
  if (file) return { ...state, places: [...state.places, { kind: 'job', job: file }] };
  if (!execution) return state;
  const { executionArn } = execution;
  const opened = openedExecution(executionArn, machineOfExecution(executionArn));
  return { ...state, places: [...state.places, opened] };
}

const pageOf = ({ rows }: DeskView): number => Math.max(1, rows - 10);

/** Help scrolls where it has no room; any other key closes it. */
function pressInHelp(state: DeskState, top: number, key: string, view: DeskView): DeskState {
  const { length } = helpText(state, view);
  const room = roomIn(view);
  const next = length > room ? scrolledBy(key, top, length, room) : undefined;
  return { ...state, help: next === undefined ? undefined : { top: next } };
}

function pressInQuestion(state: DeskState, key: string): Pressed {
  const { asking } = state;
  if (!asking) return { state };
  const typed = (text: string): Pressed => ({ state: { ...state, asking: { ...asking, typed: text } } });
  if (key === 'escape') return answered(state, undefined);
  if (key === 'up' || key === 'down')
    return {
      state: {
        ...state,
        asking: { ...asking, scroll: Math.max(0, asking.scroll + (key === 'up' ? -1 : 1)) },
      },
    };
  if (asking.oneKey) return answered(state, key === 'return' ? undefined : key);
  if (key === 'return') return answered(state, asking.typed);
  if (key === 'backspace') return typed([...asking.typed].slice(0, -1).join(''));
  return isText(key) ? typed(asking.typed + key) : { state };
}

const answered = (state: DeskState, text: string | undefined): Pressed => ({
  state: { ...state, asking: undefined },
  effect: { type: 'answered', text },
});

/** A character that was typed, not the name of a key. */
const isText = (key: string): boolean => [...key].length === 1;

/** The text that is being typed: the filter of a list, or what is searched. */
export function typedText(state: DeskState): string {
  const place = placeOf(state);
  if (place?.kind === 'execution') return place.pane === 'data' ? place.json.search : place.search;
  if (place?.kind === 'step') return place.json.search;
  return listOf(state)?.filter ?? '';
}

function withTyped(state: DeskState, text: string): DeskState {
  const place = placeOf(state);
  if (place?.kind === 'execution')
    return withPlace(
      state,
      place.pane === 'data'
        ? { ...place, json: { ...place.json, search: text } }
        : { ...place, search: text },
    );
  if (place?.kind === 'step') return withPlace(state, { ...place, json: { ...place.json, search: text } });
  const list = listOf(state);
  return list ? withList(state, { ...list, filter: text }) : state;
}

function pressInText(state: DeskState, key: string, view: DeskView): DeskState {
  const text = typedText(state);
  if (key === 'escape') return { ...withTyped(state, ''), typing: false };
  if (key === 'return') return toFirstHit({ ...state, typing: false }, view);
  if (key === 'backspace') return withTyped(state, [...text].slice(0, -1).join(''));
  return isText(key) ? withTyped(state, text + key) : state;
}

/** A search in data goes to what it finds; a filter has left only that. */
function toFirstHit(state: DeskState, view: DeskView): DeskState {
  const place = placeOf(state);
  if (place?.kind === 'step')
    return withPlace(state, { ...place, json: searched(place.json, dataOfStep(place.step), 1) });
  if (place?.kind === 'execution') return pressInExecution(state, place, 'n', view);
  return state;
}

/** Esc: what was typed or marked goes first, then one is where one was. */
function stepBack(state: DeskState): DeskState {
  const place = placeOf(state);
  const list = listOf(state);
  if (list && list.marks.size > 0) return withList(state, { ...list, marks: new Set() });
  if (typedText(state) !== '') return withTyped(state, '');
  if (place?.kind === 'execution' && place.pane !== 'states')
    return withPlace(state, { ...place, pane: 'states', dataOf: undefined });
  if (place) return { ...state, places: state.places.slice(0, -1) };
  if (state.machine !== undefined) return { ...state, machine: undefined };
  return state;
}

function pressInList(state: DeskState, key: string, view: DeskView): DeskState {
  const list = listShown(state, view);
  const lists = listOf(state);
  if (!list || !lists) return state;
  const rows = rowsOf(list, lists.filter);
  const at = cursorIn(list, rows, lists);
  const to = (index: number): DeskState => moved(state, lists, list, rows, index);
  if (!placeOf(state)) {
    const number = tabs[Number(key) - 1];
    if (number) return { ...state, tab: number };
    const step =
      key === 'tab' || key === 'right' ? 1 : key === 'shift-tab' || key === 'left' ? tabs.length - 1 : 0;
    const tab = tabs[(tabs.indexOf(state.tab) + step) % tabs.length];
    if (step > 0 && tab) return { ...state, tab };
  }
  const next = movedBy(key, at, rows.length, pageOf(view));
  if (next !== undefined) return to(next);
  switch (key) {
    case ' ': {
      const row = rows[at];
      return row
        ? to1(withList(state, { ...lists, marks: marked(lists.marks, list.keyOf(row)) }), list, rows, at + 1)
        : state;
    }
    case 'n':
      return to(nextFailure(rows, at));
    case 'return': {
      const row = rows[at];
      return row ? entered(to(at), row) : state;
    }
    default:
      return state;
  }
}

const to1 = (state: DeskState, list: List, rows: readonly DeskRow[], index: number): DeskState => {
  const lists = listOf(state);
  return lists ? moved(state, lists, list, rows, index) : state;
};

function moved(
  state: DeskState,
  lists: ListView,
  list: List,
  rows: readonly DeskRow[],
  index: number,
): DeskState {
  const at = Math.max(0, Math.min(rows.length - 1, index));
  const row = rows[at];
  return row ? withList(state, { ...lists, cursor: list.keyOf(row), at }) : state;
}

function marked(marks: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(marks);
  if (!next.delete(key)) next.add(key);
  return next;
}

function nextFailure(rows: readonly DeskRow[], at: number): number {
  for (let step = 1; step <= rows.length; step++) {
    const index = (at + step) % rows.length;
    const row = rows[index];
    const failed =
      row &&
      ('status' in row
        ? ['FAILED', 'TIMED_OUT', 'ABORTED'].includes(row.status)
        : 'failed' in row && Number(row.failed) > 0);
    if (failed) return index;
  }
  return at;
}

/** What is in a row: an execution, the executions of a machine. */
function entered(state: DeskState, row: DeskRow): DeskState {
  const open = (executionArn: string, stateMachineArn: string): DeskState => ({
    ...state,
    places: [...state.places, openedExecution(executionArn, stateMachineArn)],
  });
  if (isExecution(row)) return open(row.executionArn, row.stateMachineArn);
  if (isStep(row))
    return {
      ...state,
      places: [
        ...state.places,
        { kind: 'step', step: row, json: { toggled: new Set(), cursor: '', search: '' } },
      ],
    };
  if (isMachine(row)) return { ...state, tab: 'executions', machine: row.stateMachineArn };
  const { key, kind, name } = row;
  return { ...state, places: [...state.places, { kind: 'job', job: { key, kind, name } }] };
}

export const isExecution = (row: DeskRow): row is DeskExecution =>
  'executionArn' in row && 'startDate' in row;
export const isStep = (row: DeskRow): row is DeskStep => 'waitsOn' in row;
export const isMachine = (row: DeskRow): row is DeskMachine =>
  'lastFailureAt' in row || ('paused' in row && 'succeeded' in row);
