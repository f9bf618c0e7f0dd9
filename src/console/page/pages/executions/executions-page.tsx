import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { ExecutionRow } from '../../../api.js';
import { useTopic } from '../../core/live.js';
import { go, pathTo, place, setQuery } from '../../core/router.js';
import { t } from '../../text/index.js';
import { Button, Link } from '../../ui/button.js';
import { Loading, Page } from '../../ui/page.js';
import { Status } from '../../ui/status.js';
import { Time, Took } from '../../ui/time.js';
import { type Column, VirtualList } from '../../ui/virtual-list.js';
import { BulkBar } from './bulk-bar.js';
import { filtered, filterOf } from './filter.js';
import { FilterBar } from './filter-bar.js';

/** All executions that are listed, live; what is shown of them stands in the address. */
export function ExecutionsPage() {
  const live = useTopic('executions');
  const { query } = place.value;
  const selected = useSignal<ReadonlySet<string>>(new Set());
  const last = useSignal<string | undefined>(undefined);
  const changes = live.changes.value;
  const filter = filterOf(query);
  const rows = useMemo(() => filtered(live.rows.values(), filter), [live, changes, query]);
  const words = t().executions;

  // What is gone from the list is not acted on.
  useEffect(() => {
    const still = [...selected.value].filter((arn) => live.rows.has(arn));
    if (still.length < selected.value.size) selected.value = new Set(still);
  }, [changes]);
  useEffect(() => {
    const clear = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !document.querySelector('dialog[open]')) selected.value = new Set();
    };
    addEventListener('keydown', clear);
    return () => removeEventListener('keydown', clear);
  }, []);

  const select = (row: ExecutionRow, range: boolean): void => {
    const next = new Set(selected.value);
    const [from, to] = [last.value ?? row.executionArn, row.executionArn].map((arn) =>
      rows.findIndex(({ executionArn }) => executionArn === arn),
    );
    if (range && from !== undefined && to !== undefined && from >= 0)
      for (const one of rows.slice(Math.min(from, to), Math.max(from, to) + 1)) next.add(one.executionArn);
    else if (!next.delete(row.executionArn)) next.add(row.executionArn);
    last.value = row.executionArn;
    selected.value = next;
  };

  const machines = useMemo(
    () => [...new Set([...live.rows.values()].map(({ stateMachineName }) => stateMachineName))].sort(),
    [live, changes],
  );
  const some = Object.values(filter).some((value) => value !== undefined);
  return (
    <Page
      fill
      title={words.title}
      facts={live.facts.value}
      beside={
        live.ready.value && (
          <span class="muted">
            {words.count(rows.length, live.rows.size)}
            {live.facts.value?.more && ` ${words.capped}`}
          </span>
        )
      }
    >
      <FilterBar filter={filter} machines={machines} />
      {selected.value.size > 0 && (
        <BulkBar
          selected={[...selected.value].flatMap((arn) => live.rows.get(arn) ?? [])}
          onSelectAll={() => {
            selected.value = new Set(rows.map(({ executionArn }) => executionArn));
          }}
          onDone={() => {
            selected.value = new Set();
          }}
        />
      )}
      {live.facts.value?.at === undefined && rows.length === 0 ? (
        <Loading />
      ) : (
        <VirtualList
          label={words.list}
          rows={rows}
          keyOf={({ executionArn }) => executionArn}
          columns={columnsOf(selected.value, select)}
          onOpen={({ executionArn }) => go(pathTo.execution(executionArn))}
          onSelect={select}
          isSelected={({ executionArn }) => selected.value.has(executionArn)}
          empty={
            some ? (
              <>
                {t().shell.noMatch}{' '}
                <Button
                  kind="quiet"
                  onClick={() => setQuery({ status: '', machine: '', q: '', from: '', to: '' })}
                >
                  {words.clear}
                </Button>
              </>
            ) : (
              words.none
            )
          }
        />
      )}
    </Page>
  );
}

function columnsOf(
  selected: ReadonlySet<string>,
  select: (row: ExecutionRow, range: boolean) => void,
): Column<ExecutionRow>[] {
  const words = t().executions;
  return [
    {
      key: 'select',
      head: words.choose,
      unseenHead: true,
      width: '36px',
      cell: (row) => (
        <input
          type="checkbox"
          tabIndex={-1}
          checked={selected.has(row.executionArn)}
          aria-label={words.select(row.name)}
          onClick={(event) => select(row, event.shiftKey)}
        />
      ),
    },
    { key: 'status', head: words.status, width: '120px', cell: ({ status }) => <Status status={status} /> },
    {
      key: 'name',
      head: words.name,
      width: 'minmax(270px, 1.4fr)',
      cell: ({ executionArn, name, requestId }) => (
        <div class="pair">
          <Link href={pathTo.execution(executionArn)} title={executionArn} tabIndex={-1}>
            {name}
          </Link>
          {requestId !== undefined && <span class="muted mono">{requestId}</span>}
        </div>
      ),
    },
    {
      key: 'machine',
      head: words.machine,
      width: 'minmax(110px, 1fr)',
      cell: ({ stateMachineName }) => <span>{stateMachineName}</span>,
    },
    {
      key: 'started',
      head: words.started,
      width: '104px',
      cell: ({ startDate }) => <Time at={Date.parse(startDate)} />,
    },
    {
      key: 'took',
      head: words.took,
      width: '90px',
      align: 'right',
      cell: ({ startDate, stopDate }) => (
        <Took from={Date.parse(startDate)} to={stopDate === null ? null : Date.parse(stopDate)} />
      ),
    },
    {
      key: 'why',
      head: words.why,
      width: 'minmax(140px, 2.4fr)',
      wide: true,
      cell: ({ failure }) =>
        failure && (
          <span class="why" title={failure.message}>
            {failure.error && <strong>{failure.error} </strong>}
            {failure.message}
          </span>
        ),
    },
  ];
}
