import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { isFailure } from '../../workflow/history/event-filter.js';
import {
  createModel,
  type Scope,
  type StateNode,
  scopesInside,
} from '../../workflow/history/execution-model.js';
import { applyEvents } from '../../workflow/history/fold.js';
import { requestIdsIn } from '../../workflow/logs/decode-line.js';
import { lookOf } from '../states/state-rows.js';
import type { Look } from '../text/status-look.js';

/**
 * A bar of an execution's timeline: a visit of a state, a branch of a Parallel, an item of a Map. Times are epoch
 * milliseconds.
 */
export interface TimelineRow {
  kind: 'state' | 'branch' | 'item';
  /** Key of the row around it. */
  parent: string | null;
  /** Of a state. */
  name?: string;
  type?: string;
  /** Of a branch or an item, from 0. */
  index?: number;
  look: Look;
  from: number;
  to: number | null;
  /** Ids of the events that began it, and that ended it or its last attempt. */
  begunBy: number;
  endedBy?: number;
  /** Its attempts, where there were several. */
  tries?: readonly Attempt[];
  /** Of a Map: its items. */
  items?: number;
  mapRunArn?: string;
  error?: string;
  /** Of the function that it called: its log lines carry them. */
  requestIds?: readonly string[];
}

export interface Attempt {
  from: number;
  to: number | null;
  failed: boolean;
}

export interface Timeline {
  /** In ascending order; those that were given before are skipped. Gives the key of the row that it is of. */
  take(event: HistoryEvent): string | undefined;
  /** Rows that changed since it was asked last, by key. */
  changed(): Map<string, TimelineRow>;
}

const BEGINS = /^(Task|LambdaFunction|Activity)Scheduled$|^(Map|Parallel)StateStarted$/;
/** Tells the function's request id. */
const ANSWERED = /^(Task|LambdaFunction)(Succeeded|Failed|TimedOut|Submitted)$/;
const MOST_IDS = 8;
const ENDS_CONTAINER = /^(Map|Parallel)State(Failed|Aborted)$/;

/** Folds a history into the rows of a timeline: every visit of a state, also those inside items that are long over. */
export function createTimeline(): Timeline {
  const model = createModel();
  const rows = new Map<string, TimelineRow>();
  const tries = new Map<string, Attempt[]>();
  const keys = new WeakMap<StateNode | Scope, string>();
  let changed = new Map<string, TimelineRow>();

  const put = (key: string, row: TimelineRow): void => {
    rows.set(key, row);
    changed.set(key, row);
  };
  const rowOf = (one: StateNode | Scope): [key: string, row: TimelineRow] | undefined => {
    const key = keys.get(one);
    const row = key === undefined ? undefined : rows.get(key);
    return key === undefined || !row ? undefined : [key, row];
  };
  const change = (one: StateNode | Scope, more: (row: TimelineRow) => Partial<TimelineRow>): void => {
    const [key, row] = rowOf(one) ?? [];
    if (key === undefined || !row) return;
    const news = more(row);
    if (Object.entries(news).some(([name, value]) => row[name as keyof TimelineRow] !== value))
      put(key, { ...row, ...news });
  };

  /** The row of a branch or an item; none for the execution itself. */
  const scopeKey = (scope: Scope, event: HistoryEvent): string | null => {
    const { parent, index = 0 } = scope;
    if (!parent) return null;
    const known = keys.get(scope);
    if (known !== undefined) return known;
    const kind = parent.branches ? 'branch' : 'item';
    const key = kind === 'branch' ? `${event.previousEventId}.${index}` : String(event.id);
    keys.set(scope, key);
    put(key, {
      kind,
      parent: keys.get(parent) ?? null,
      index,
      look: 'running',
      from: event.timestamp,
      to: null,
      begunBy: event.id,
    });
    return key;
  };
  const enter = (node: StateNode, event: HistoryEvent): void => {
    const parent = scopeKey(node.scope, event);
    const key = String(event.id);
    keys.set(node, key);
    put(key, {
      kind: 'state',
      parent,
      name: node.name,
      type: node.type,
      look: lookOf(node, model),
      from: node.enteredAt,
      to: node.type === 'Fail' ? event.timestamp : null,
      begunBy: event.id,
    });
  };
  /** Its attempts after this event; one alone is the bar itself. */
  const attempts = (key: string, event: HistoryEvent): readonly Attempt[] | undefined => {
    const { type, timestamp } = event;
    const failed = isFailure(type);
    const all = tries.get(key) ?? [];
    const last = all.at(-1);
    const begins = BEGINS.test(type);
    if (begins) all.push({ from: timestamp, to: null, failed: false });
    else if (last?.to === null && (failed || type.endsWith('StateExited')))
      all[all.length - 1] = { ...last, to: timestamp, failed };
    else return rows.get(key)?.tries;
    tries.set(key, all);
    return all.length > 1 ? [...all] : undefined;
  };
  /** How a state stands after an event. `over`: it was interrupted, or the execution goes on. */
  const update = (node: StateNode, event: HistoryEvent, over: boolean): void => {
    const now = lookOf(node, model);
    const look = over && now === 'retrying' ? 'failed' : now;
    const broken = look === 'failed' || look === 'aborted';
    const ends =
      event.type.endsWith('StateExited') || (isFailure(event.type) && !event.type.endsWith('Entered'));
    const key = keys.get(node);
    const all = key !== undefined && !over ? attempts(key, event) : undefined;
    // What fails without an event of its own is told by the end of the execution.
    const blamed = ({ endedBy }: TimelineRow, { type }: HistoryEvent): boolean =>
      look === 'failed' && endedBy === undefined && type.startsWith('Execution');
    change(node, (row) => ({
      look,
      to: node.exitedAt ?? (broken && (over || row.to !== null) ? (row.to ?? event.timestamp) : null),
      error: node.error,
      ...(ends && (!over || blamed(row, event)) && { endedBy: event.id }),
      ...(node.mapRun && { mapRunArn: node.mapRun.mapRunArn }),
      ...(node.iterations && !node.mapRun && { items: node.iterations.total }),
      ...(all && { tries: all }),
      ...(ANSWERED.test(event.type) && !over && idsWith(row, event)),
    }));
    if (node.exitedAt !== undefined && key !== undefined) tries.delete(key);
  };
  const settle = (node: StateNode | undefined, event: HistoryEvent): void => {
    if (!node || node.exitedAt !== undefined) return;
    update(node, event, true);
    for (const inner of scopesInside(node)) {
      settle(inner.current, event);
      settleScope(inner, event);
    }
  };
  /** A branch goes as the state that it stands at; an item says itself how it ended. */
  const settleScope = (scope: Scope, event: HistoryEvent): void => {
    const [, inside] = (scope.current && rowOf(scope.current)) ?? [];
    if (!inside) return;
    const look = scope.ended ?? inside.look;
    change(scope, (row) => ({
      look: row.kind === 'branch' || look !== 'succeeded' ? look : row.look,
      to: row.kind === 'branch' ? inside.to : scope.ended ? (row.to ?? event.timestamp) : null,
    }));
  };

  return {
    take(event) {
      if (event.id <= model.lastEventId) return undefined;
      applyEvents(model, [event]);
      const { type } = event;
      if (type.startsWith('Execution')) {
        settle(model.root.current, event);
        return undefined;
      }
      const scope = model.owners[event.id] ?? model.root;
      if (type.startsWith('MapIteration')) {
        const key = scopeKey(scope, event);
        const [, how] = /^MapIteration(Succeeded|Failed|Aborted)$/.exec(type) ?? [];
        settle(scope.current, event);
        if (how !== undefined)
          change(scope, () => ({
            look: how.toLowerCase() as Look,
            to: event.timestamp,
            endedBy: event.id,
          }));
        return key ?? undefined;
      }
      const node = scope.current;
      if (!node) return undefined;
      if (type.endsWith('StateEntered')) enter(node, event);
      else if (ENDS_CONTAINER.test(type)) settle(node, event);
      update(node, event, false);
      if (scope.parent?.branches) settleScope(scope, event);
      return keys.get(node);
    },
    changed() {
      const now = changed;
      changed = new Map();
      return now;
    },
  };
}

function idsWith({ requestIds = [] }: TimelineRow, event: HistoryEvent): Pick<TimelineRow, 'requestIds'> {
  const found = requestIdsIn(event).filter((id) => !requestIds.includes(id));
  return found.length === 0 ? {} : { requestIds: [...new Set([...requestIds, ...found])].slice(-MOST_IDS) };
}
