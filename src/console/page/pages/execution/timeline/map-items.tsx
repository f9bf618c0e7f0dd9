import { useEffect, useState } from 'preact/hooks';
import type { ItemNamesDocument, MapItemRow, StepRow } from '../../../../api.js';
import { post } from '../../../core/api.js';
import { useTopic } from '../../../core/live.js';
import { badFirst } from '../../map-runs/failures-first.js';
import type { Items, TreeRow } from './tree-row.js';

interface ItemsOfProps {
  mapRunArn: string;
  /** Key of the Map's row. */
  parent: string;
  /** Undefined: they are read no more. */
  onRows(mapRunArn: string, rows: ReturnType<Items['get']>): void;
}

/** Reads the items of a map run as long as it is there; it shows nothing itself. */
export function ItemsOf({ mapRunArn, parent, onRows }: ItemsOfProps) {
  const live = useTopic<MapItemRow>(`map-items:${mapRunArn}`);
  const changes = live.changes.value;
  useEffect(() => {
    onRows(
      mapRunArn,
      badFirst(live.rows).map(([executionArn, row]) => [executionArn, asTreeRow(executionArn, row, parent)]),
    );
  }, [live, changes, mapRunArn, parent, onRows]);
  useEffect(() => () => onRows(mapRunArn, undefined), [mapRunArn, onRows]);
  return null;
}

const asTreeRow = (
  executionArn: string,
  { name, status, from, to }: MapItemRow,
  parent: string,
): TreeRow => ({
  kind: 'item',
  parent,
  name,
  executionArn,
  look: looks[status] ?? 'failed',
  from,
  to,
});

const looks: Record<string, StepRow['look']> = {
  SUCCEEDED: 'succeeded',
  RUNNING: 'running',
  PENDING_REDRIVE: 'retrying',
  ABORTED: 'aborted',
};

/** Milliseconds without scrolling until names are asked for, and how many at once. */
const [STILL, AT_ONCE] = [200, 60];

/** What the items that are seen are about, by the ARN of their execution: it stands in their input. */
export function useItemNames(seen: readonly string[]): ReadonlyMap<string, string> {
  const [names, setNames] = useState<ReadonlyMap<string, string>>(new Map());
  const missing = seen.filter((arn) => !names.has(arn)).slice(0, AT_ONCE);
  const asks = missing.join(' ');
  useEffect(() => {
    if (asks === '') return;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      const executions = asks.split(' ');
      post<ItemNamesDocument>('/api/map-runs/names', { executions }, { signal: stop.signal }).then(
        ({ names: found }) =>
          setNames(
            (before) => new Map([...before, ...executions.map((arn) => [arn, found[arn] ?? ''] as const)]),
          ),
        // Their executions' names stand there.
        () => {},
      );
    }, STILL);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [asks]);
  return names;
}
