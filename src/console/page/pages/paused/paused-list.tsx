import type { Signal } from '@preact/signals';
import type { PausedRow } from '../../../api.js';
import { go, pathTo } from '../../core/router.js';
import { t } from '../../text/index.js';
import { Link } from '../../ui/button.js';
import { Took } from '../../ui/time.js';
import { type Column, VirtualList } from '../../ui/virtual-list.js';
import { firstLine } from './sent-text.js';
import { Left } from './time-left.js';

type Row = [key: string, step: PausedRow];

interface ListProps {
  rows: readonly Row[];
  /** Key of the step that is shown. */
  open: string | undefined;
  selected: Signal<ReadonlySet<string>>;
  filtered: boolean;
}

export function PausedList({ rows, open, selected, filtered }: ListProps) {
  const words = t().paused;
  const select = ([key, { answerable }]: Row): void => {
    if (!answerable) return;
    const next = new Set(selected.value);
    if (!next.delete(key)) next.add(key);
    selected.value = next;
  };
  return (
    <VirtualList
      label={words.list}
      rows={rows}
      keyOf={([key]) => key}
      columns={columnsOf(selected.value, select, open).filter(
        ({ key }) => open === undefined || key !== 'state',
      )}
      onOpen={([key]) => go(pathTo.pausedStep(key))}
      onSelect={select}
      isSelected={([key]) => selected.value.has(key)}
      empty={filtered ? t().shell.noMatch : words.none}
      rowHeight={58}
    />
  );
}

function columnsOf(
  selected: ReadonlySet<string>,
  select: (row: Row) => void,
  open: string | undefined,
): Column<Row>[] {
  const words = t().paused;
  return [
    {
      key: 'select',
      head: words.choose,
      unseenHead: true,
      width: '20px',
      cell: (row) => (
        <input
          type="checkbox"
          tabIndex={-1}
          checked={selected.has(row[0])}
          disabled={!row[1].answerable}
          aria-label={words.select(nameOf(row[1]))}
          onClick={() => select(row)}
        />
      ),
    },
    {
      key: 'name',
      head: words.what,
      width: 'minmax(160px, 1fr)',
      cell: ([key, step]) => (
        <div class="two-lines">
          <Link href={pathTo.pausedStep(key)} current={key === open} tabIndex={-1}>
            {nameOf(step)}
          </Link>
          <span class="muted">{firstLine(step) ?? `${step.machine} · ${step.stateName}`}</span>
        </div>
      ),
    },
    {
      key: 'state',
      head: words.where,
      width: 'minmax(110px, 0.6fr)',
      wide: true,
      cell: ([, { machine, stateName, iteration }]) => (
        <div class="two-lines">
          <span>{iteration === undefined ? stateName : `${stateName} [${iteration}]`}</span>
          <span class="muted">{machine}</span>
        </div>
      ),
    },
    {
      key: 'waited',
      head: words.waited,
      width: '116px',
      align: 'right',
      cell: ([, { since, timeoutAt }]) => (
        <div class="two-lines">
          <span>
            <Took from={since} />
          </span>
          {timeoutAt !== undefined && <Left at={timeoutAt} />}
        </div>
      ),
    },
  ];
}

export const nameOf = ({ requestId, executionName }: PausedRow): string => requestId ?? executionName;
