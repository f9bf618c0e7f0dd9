import type { OpenedExecution } from '../../operations/desk/snapshot.js';
import { pressKey as pressInTree } from '../watch/keys.js';
import { chosenState, dataShown, markedView, rowsOfStates } from './execution-data.js';
import { eventLines, graphOfExecution, hitIn, logLines } from './execution-texts.js';
import { initialJson, pressInJson, searched } from './json-tree.js';
import { scrolledBy } from './scroll.js';
import {
  type DeskState,
  type DeskView,
  type ExecutionPlace,
  initialList,
  type Pane,
  panes,
  withPlace,
} from './state.js';

const paneKeys: Record<string, Pane> = { l: 'logs', v: 'events', G: 'graph' };

/** A key inside an execution. */
export function pressInExecution(
  state: DeskState,
  place: ExecutionPlace,
  key: string,
  view: DeskView,
): DeskState {
  const to = (pane: Pane): DeskState =>
    withPlace(state, {
      ...place,
      pane,
      dataOf: undefined,
      json: initialJson,
      scroll: { left: 0 },
      search: '',
    });
  const number = panes[Number(key) - 1];
  if (number) return to(number);
  if (key === 'tab' || key === 'shift-tab') {
    const step = key === 'tab' ? 1 : panes.length - 1;
    return to(panes[(panes.indexOf(place.pane) + step) % panes.length] ?? 'states');
  }
  const named = place.pane === 'states' ? paneKeys[key] : undefined;
  if (named && key !== 'G') return to(named);
  const opened = view.opened.get(place.executionArn);
  if (!opened) return state;
  if (place.pane === 'states') return pressInStates(state, place, key, view, opened);
  if (place.pane === 'data') {
    const { value } = dataShown(place, opened, view.now);
    if (key === 'n' && place.json.search !== '')
      return withPlace(state, { ...place, json: searched(place.json, value, 1) });
    const json = pressInJson(place.json, key, value, pageOf(view));
    return json ? withPlace(state, { ...place, json }) : state;
  }
  return withPlace(state, scrolled(place, key, view, opened));
}

const pageOf = ({ rows }: DeskView): number => Math.max(1, rows - 8);

function pressInStates(
  state: DeskState,
  place: ExecutionPlace,
  key: string,
  view: DeskView,
  opened: OpenedExecution,
): DeskState {
  const rows = rowsOfStates(opened, place.view, view.now);
  const row = chosenState(rows, place.view);
  if (key === 'i' || (key === 'return' && row?.node && isLeaf(row)))
    return withPlace(state, {
      ...place,
      pane: 'data',
      dataOf: row?.node ? row.key : undefined,
      json: initialJson,
    });
  const run = key === 'return' ? row?.node?.mapRun : undefined;
  if (run) {
    const { executionArn } = place;
    const { mapRunArn, stateName } = run;
    const items = { kind: 'items', executionArn, mapRunArn, stateName, list: initialList } as const;
    return { ...state, places: [...state.places, items] };
  }
  return withPlace(state, { ...place, view: pressInTree(markedView(rows, place.view), key, rows) });
}

const isLeaf = ({ node, more }: ReturnType<typeof rowsOfStates>[number]): boolean =>
  !more && !node?.branches && !node?.iterations && !node?.mapRun;

/** The lines of what scrolls. */
export function textOfPane(place: ExecutionPlace, opened: OpenedExecution, view: DeskView) {
  switch (place.pane) {
    case 'events':
      return eventLines(opened, view);
    case 'logs':
      return logLines(opened);
    default:
      return graphOfExecution(opened);
  }
}

function scrolled(
  place: ExecutionPlace,
  key: string,
  view: DeskView,
  opened: OpenedExecution,
): ExecutionPlace {
  const lines = textOfPane(place, opened, view);
  const page = pageOf(view);
  const last = Math.max(0, lines.length - page);
  const { left } = place.scroll;
  // A graph begins at its top, events and lines at their end.
  const top = Math.min(last, place.scroll.top ?? (place.pane === 'graph' ? 0 : last));
  const to = (next: number): ExecutionPlace => {
    const at = Math.max(0, Math.min(last, next));
    const atEnd = at === last && place.pane !== 'graph';
    return { ...place, scroll: { left, top: atEnd ? undefined : at } };
  };
  const scrolled = scrolledBy(key, top, lines.length, page);
  if (scrolled !== undefined) return to(scrolled);
  switch (key) {
    case 'left':
    case 'h':
      return { ...place, scroll: { top: place.scroll.top, left: Math.max(0, left - 8) } };
    case 'right':
      return { ...place, scroll: { top: place.scroll.top, left: left + 8 } };
    case 'n':
    case 'N':
      return to(hitIn(lines, place.search, top, key === 'n' ? 1 : -1));
    default:
      return place;
  }
}
