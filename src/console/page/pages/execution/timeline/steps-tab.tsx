import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { graphOf } from '../../../../../workflow/definition/graph.js';
import type { ExecutionFacts, StateLook, StepRow } from '../../../../api.js';
import { type LiveRows, useTopic } from '../../../core/live.js';
import { useLoaded } from '../../../core/load.js';
import { language } from '../../../core/settings.js';
import { t } from '../../../text/index.js';
import { unitsIn } from '../../../text/translations/event-facts.js';
import { Button } from '../../../ui/button.js';
import { FlowGraph } from '../../../ui/graph/flow-graph.js';
import { Loading, Trouble } from '../../../ui/page.js';
import type { Wish } from '../tab-request.js';
import { childrenOf, firstFailure } from './lines.js';
import { StepDetails } from './step-details.js';
import { Timeline } from './timeline.js';
import type { Items, TreeRow } from './tree-row.js';

interface StepsProps {
  arn: string;
  execution: NonNullable<ExecutionFacts['execution']>;
  looks: LiveRows<StateLook>;
  wish: Wish;
}

/** The picture and the timeline side by side, and below them what was chosen in either. */
export function StepsTab({ arn, execution, looks, wish }: StepsProps) {
  const live = useTopic<StepRow>(`steps:${arn}`);
  const changes = live.changes.value;
  const [chosen, setChosen] = useState<string>();
  const [jump, setJump] = useState<{ key: string }>();
  const [middle, setMiddle] = useState<string>();
  // The rows are the same object: what is made of them is made again when some came.
  const children = useMemo(() => childrenOf(live.rows), [live, changes]);
  const rows = useMemo(() => new Map(live.rows), [live, changes]);
  const [items, setItems] = useState<Items>(new Map());
  const takeItems = useCallback((mapRunArn: string, of: ReturnType<Items['get']>): void => {
    setItems((before) => {
      const next = new Map(before);
      if (of) next.set(mapRunArn, of);
      else next.delete(mapRunArn);
      return next;
    });
  }, []);
  const step: TreeRow | undefined = useMemo(
    () => (chosen === undefined ? undefined : (rows.get(chosen) ?? itemIn(items, chosen))),
    [chosen, rows, items],
  );
  const words = t().execution;
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (chosen !== undefined) place.current?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);

  const choose = (key: string | undefined): void => {
    setChosen(key);
    setJump(key === undefined ? undefined : { key });
    const row = key === undefined ? undefined : rows.get(key);
    setMiddle(row?.name);
  };
  const ofState = (name: string): string | undefined => {
    let found: string | undefined;
    // The last one, unless one failed.
    for (const [key, row] of rows)
      if (row.name === name && (row.look === 'failed' || rows.get(found ?? '')?.look !== 'failed'))
        found = key;
    return found;
  };
  const met = useRef<Wish>(undefined);
  useEffect(() => {
    const key = wish.state === undefined || met.current === wish ? undefined : ofState(wish.state);
    if (key === undefined) return;
    met.current = wish;
    choose(key);
  }, [wish, rows]);

  const failed =
    firstFailure(rows, children, execution.failure?.stateName) ?? failedItems(rows, execution.mapRuns);
  return (
    <div ref={place} class={`steps${step ? ' chosen' : ''}`}>
      <section class="panel graph" aria-label={words.graph}>
        <header>
          <h2>{words.graph}</h2>
          <Button
            kind="quiet"
            icon="warning"
            disabled={failed === undefined}
            onClick={() => {
              setMiddle(undefined);
              choose(failed);
            }}
          >
            {failed === undefined ? words.noFailure : words.toFailure}
          </Button>
        </header>
        <Picture
          arn={arn}
          looks={looks}
          selected={step?.name}
          jumpTo={middle}
          onSelect={(name) => {
            const key = step?.name === name ? undefined : ofState(name);
            setChosen(key);
            setJump(key === undefined ? undefined : { key });
          }}
        />
      </section>
      {live.facts.value?.at !== undefined && execution.startDate !== null ? (
        <Timeline
          rows={rows}
          inside={children}
          items={items}
          onItems={takeItems}
          startedAt={Date.parse(execution.startDate)}
          stoppedAt={execution.stopDate === null ? undefined : Date.parse(execution.stopDate)}
          chosen={chosen}
          onChoose={(key) => {
            setChosen(key);
            setMiddle(rows.get(key)?.name);
          }}
          jumpTo={jump}
        />
      ) : (
        <Loading />
      )}
      {step && chosen !== undefined && (
        <StepDetails
          key={chosen}
          arn={arn}
          row={step}
          items={itemsAround(rows, step)}
          onClose={() => choose(undefined)}
        />
      )}
    </div>
  );
}

const itemIn = (items: Items, executionArn: string): TreeRow | undefined =>
  [...items.values()].flatMap((all) => all.find(([key]) => key === executionArn)?.[1] ?? [])[0];

/** The Map that went well although some of its items did not. */
function failedItems(
  rows: ReadonlyMap<string, StepRow>,
  mapRuns: StepsProps['execution']['mapRuns'],
): string | undefined {
  const run = mapRuns.find(({ itemCounts: of }) => of && of.failed + of.timedOut + of.aborted > 0);
  if (!run) return undefined;
  for (const [key, { mapRunArn }] of rows) if (mapRunArn === run.mapRunArn) return key;
  return undefined;
}

/** Indexes in the Maps around it, the outermost first. */
function itemsAround(rows: ReadonlyMap<string, StepRow>, step: TreeRow): number[] {
  const items: number[] = [];
  for (let row: TreeRow | undefined = step; row; row = rows.get(row.parent ?? ''))
    if (row.kind === 'item' && row.index !== undefined) items.unshift(row.index);
  return items;
}

interface PictureProps {
  arn: string;
  looks: LiveRows<StateLook>;
  selected: string | undefined;
  jumpTo: string | undefined;
  onSelect(name: string): void;
}

/** As it was when the execution was started, and what ran of it. */
function Picture({ arn, looks, selected, jumpTo, onSelect }: PictureProps) {
  const path = `/api/executions/${encodeURIComponent(arn)}/definition`;
  const { value, error } = useLoaded<{ definition: string }>(path);
  const changes = looks.changes.value;
  const words = t().execution;
  const overlay = useMemo(
    () => new Map([...looks.rows].map(([name, of]) => [name, { ...of, note: noteText(of.note, words) }])),
    [looks, changes, words],
  );
  const graph = useMemo(() => graphOf(parsedOrEmpty(value?.definition ?? '')), [value]);
  if (error !== undefined) return <Trouble error={error} />;
  if (!value) return <Loading />;
  return (
    <FlowGraph
      label={t().execution.graph}
      graph={graph}
      overlay={overlay}
      selected={selected}
      onSelect={onSelect}
      jumpTo={jumpTo}
    />
  );
}

/** Counts of failures are words: the rest are numbers. */
const noteText = (note: string, { failedItems }: { failedItems(count: string): string }): string =>
  unitsIn(
    language.value === 'ja',
    note.replace(/(\S+) failed$/, (_, count: string) => failedItems(count)),
  );

function parsedOrEmpty(text: string): Parameters<typeof graphOf>[0] {
  try {
    return JSON.parse(text) as Parameters<typeof graphOf>[0];
  } catch {
    return {};
  }
}
