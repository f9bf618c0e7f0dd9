import type { DeskData, DeskStep, OpenedExecution } from '../../operations/desk/snapshot.js';
import { initialView, type WatchView } from '../watch/keys.js';
import { initialJson, type JsonView } from './json-tree.js';

export const tabs = ['executions', 'paused', 'jobs', 'machines'] as const;
export type Tab = (typeof tabs)[number];

/** Where one is in a list. */
export interface ListView {
  /** Key of the chosen row, and where it was: the row of that place takes over when it goes. */
  cursor?: string;
  at: number;
  filter: string;
  marks: ReadonlySet<string>;
}
export const initialList: ListView = { at: 0, filter: '', marks: new Set() };

export const panes = ['states', 'events', 'data', 'logs', 'graph'] as const;
export type Pane = (typeof panes)[number];

/** How far a text is scrolled. */
export interface Scroll {
  /** Undefined: at its end, and staying there. */
  top?: number;
  left: number;
}

/** An execution that was opened. */
export interface ExecutionPlace {
  kind: 'execution';
  executionArn: string;
  stateMachineArn: string;
  pane: Pane;
  view: WatchView;
  /** Whose data are shown: the key of a state's row; undefined, the execution's. */
  dataOf?: string;
  json: JsonView;
  scroll: Scroll;
  /** Of the events and the log. */
  search: string;
}
/** The executions of a map run. */
export interface ItemsPlace {
  kind: 'items';
  /** That of the map run. */
  executionArn: string;
  mapRunArn: string;
  stateName: string;
  list: ListView;
}
/** What was sent to a paused step. */
export interface StepPlace {
  kind: 'step';
  step: DeskStep;
  json: JsonView;
}
/** An import or a batch. */
export interface JobPlace {
  kind: 'job';
  job: JobNamed;
  /** The chosen line; undefined: nobody has chosen one. */
  at?: number;
}
/** What was done from here. */
export interface DonePlace {
  kind: 'done';
  /** Its first line that is seen; undefined: what was done last. */
  top?: number;
}
export type Place = ExecutionPlace | ItemsPlace | StepPlace | JobPlace | DonePlace;

/** A question that waits for its answer. */
export interface Asking {
  /** What is decided. */
  lines: string[];
  question: string;
  /** One key is the answer; else a text and Enter. */
  oneKey: boolean;
  typed: string;
  scroll: number;
}

/** Something that was done, or could not be. */
export interface Done {
  /** Epoch milliseconds. */
  at: number;
  text: string;
  failed: boolean;
}

export interface JobNamed {
  /** What `import show` or `task show` takes. */
  key: string;
  kind: 'import' | 'batch';
  name?: string;
  status?: string;
}

/** What is known of an import or a batch that was opened. */
export interface OpenedJob {
  /** As `import show` and `task show` print it; undefined: nothing is known yet. */
  text?(look: { columns: number; utc: boolean; now: number }): string[];
  executions: { executionArn: string; status?: string }[];
  /** Of a ZIP: the jobs of its files. */
  files: JobNamed[];
  /** Why it can't be read; it is tried again. */
  trouble?: string;
}

/** What keys have made of the desk; all else follows from the data. */
export interface DeskState {
  tab: Tab;
  lists: Record<Tab, ListView>;
  /** Only the executions of this machine. */
  machine?: string;
  /** What was opened above the lists; the last one is seen. */
  places: readonly Place[];
  /** A filter or a search is being typed. */
  typing: boolean;
  asking?: Asking;
  /** Every key is listed, from this line on. */
  help?: { top: number };
  done: readonly Done[];
  /** Something is on its way: `approving …`. */
  busy?: string;
}

export const initialDesk: DeskState = {
  tab: 'executions',
  lists: { executions: initialList, paused: initialList, jobs: initialList, machines: initialList },
  places: [],
  typing: false,
  done: [],
};

export const openedExecution = (executionArn: string, stateMachineArn: string): ExecutionPlace => ({
  kind: 'execution',
  executionArn,
  stateMachineArn,
  pane: 'states',
  view: initialView,
  json: initialJson,
  scroll: { left: 0 },
  search: '',
});

/** Everything that is to be drawn, besides the state. */
export interface DeskView {
  data: DeskData;
  opened: ReadonlyMap<string, OpenedExecution>;
  /** Imports and batches, by their keys. */
  jobs: ReadonlyMap<string, OpenedJob>;
  target: DeskTarget;
  /** Epoch milliseconds. */
  now: number;
  utc: boolean;
  columns: number;
  rows: number;
}
export interface DeskTarget {
  name: string;
  account: string;
  region: string;
  protected: boolean;
  hasConsole: boolean;
}

export const placeOf = ({ places }: DeskState): Place | undefined => places.at(-1);

/** The same with the uppermost place replaced. */
export const withPlace = (state: DeskState, place: Place): DeskState => ({
  ...state,
  places: [...state.places.slice(0, -1), place],
});

/** The list that keys move in: that of the place, or of the tab. */
export function listOf(state: DeskState): ListView | undefined {
  const place = placeOf(state);
  if (!place) return state.lists[state.tab];
  return place.kind === 'items' ? place.list : undefined;
}

export function withList(state: DeskState, list: ListView): DeskState {
  const place = placeOf(state);
  if (place?.kind === 'items') return withPlace(state, { ...place, list });
  return { ...state, lists: { ...state.lists, [state.tab]: list } };
}
