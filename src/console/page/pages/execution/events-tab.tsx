import { useEffect, useMemo, useState } from 'preact/hooks';
import type { EventRow } from '../../../../views/execution/event-row.js';
import type { ExecutionFacts } from '../../../api.js';
import { useTopic } from '../../core/live.js';
import { place, setQuery } from '../../core/router.js';
import { t } from '../../text/index.js';
import { happened } from '../../text/translations/page-language.js';
import { Button } from '../../ui/button.js';
import { Loading } from '../../ui/page.js';
import { SearchField } from '../../ui/search-field.js';
import { clockTime, fullTime } from '../../ui/time.js';
import { type Column, VirtualList } from '../../ui/virtual-list.js';
import { EventDetails } from './event-details.js';
import type { Wish } from './tab-request.js';

interface EventsProps {
  arn: string;
  execution: NonNullable<ExecutionFacts['execution']>;
  wish: Wish;
}

type Row = [id: string, event: EventRow];

/** The whole history, filtered; the event that was chosen stands beside it. */
export function EventsTab({ arn, wish }: EventsProps) {
  const live = useTopic<EventRow>(`events:${arn}`);
  const [filter, setFilter] = useState({ text: '', state: '', type: '', failed: false, ...wish });
  useEffect(() => setFilter({ text: '', state: '', type: '', failed: false, ...wish }), [wish]);
  const changes = live.changes.value;
  const rows = useMemo(() => filtered(live.rows, filter), [live, changes, filter]);
  const { states, types } = useMemo(() => namesIn(live.rows), [live, changes]);
  const words = t().execution;
  const chosen = place.value.query.get('event') ?? undefined;
  const event = chosen === undefined ? undefined : live.rows.get(chosen);
  if (live.facts.value?.at === undefined) return <Loading />;
  const change = (more: Partial<typeof filter>): void => setFilter({ ...filter, ...more });
  return (
    <div class={`filled${event ? ' open' : ''}`}>
      <div class="filters">
        <SearchField
          value={filter.text}
          label={words.filterEvents}
          onInput={(next) => change({ text: next })}
        />
        <Choice
          label={words.state}
          all={words.anyState}
          values={states}
          value={filter.state}
          onChange={(state) => change({ state })}
        />
        <Choice
          label={words.type}
          all={words.anyType}
          values={types}
          value={filter.type}
          onChange={(type) => change({ type })}
        />
        <Button pressed={filter.failed} onClick={() => change({ failed: !filter.failed })}>
          {words.failures}
        </Button>
        <span class="muted count" role="status">
          {words.eventCount(rows.length, live.rows.size)}
        </span>
      </div>
      <div class="events">
        <VirtualList
          label={words.eventList}
          rows={rows}
          keyOf={([id]) => id}
          columns={columnsOf(event !== undefined)}
          onOpen={([id]) => setQuery({ event: id === chosen ? '' : id })}
          isSelected={([id]) => id === chosen}
          empty={t().shell.noMatch}
          rowHeight={30}
        />
        {event && chosen !== undefined && (
          <EventDetails
            key={chosen}
            arn={arn}
            id={chosen}
            event={event}
            onClose={() => setQuery({ event: '' })}
          />
        )}
      </div>
    </div>
  );
}

interface ChoiceProps {
  label: string;
  all: string;
  values: readonly string[];
  value: string;
  onChange(value: string): void;
}

const Choice = ({ label, all, values, value, onChange }: ChoiceProps) => (
  <select aria-label={label} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
    <option value="">{all}</option>
    {(value === '' || values.includes(value) ? values : [value, ...values]).map((one) => (
      <option key={one} value={one}>
        {one}
      </option>
    ))}
  </select>
);

function filtered(
  rows: ReadonlyMap<string, EventRow>,
  { text, state, type, failed }: { text: string; state: string; type: string; failed: boolean },
): Row[] {
  const wanted = text.trim().toLowerCase();
  return [...rows].filter(
    ([id, event]) =>
      (state === '' || event.stateName === state) &&
      (type === '' || event.type === type) &&
      (!failed || event.failed === true) &&
      (wanted === '' ||
        id === wanted ||
        `${event.type} ${event.stateName ?? ''} ${event.what ?? ''} ${happened(event.what ?? '')}`
          .toLowerCase()
          .includes(wanted)),
  );
}

/** In the order in which they came first. */
function namesIn(rows: ReadonlyMap<string, EventRow>): { states: string[]; types: string[] } {
  const states = new Set<string>();
  const types = new Set<string>();
  for (const { stateName, type } of rows.values()) {
    if (stateName !== undefined) states.add(stateName);
    types.add(type);
  }
  return { states: [...states], types: [...types] };
}

function columnsOf(beside: boolean): Column<Row>[] {
  const words = t().execution;
  return [
    {
      key: 'id',
      head: words.id,
      width: '52px',
      align: 'right',
      cell: ([id]) => <span class="muted">{id}</span>,
    },
    {
      key: 'time',
      head: words.time,
      width: '100px',
      cell: ([, { at }]) => <time title={fullTime(at)}>{clockTime(at)}</time>,
    },
    {
      key: 'name',
      head: words.type,
      width: 'minmax(150px, 1fr)',
      cell: ([, { type, failed }]) => <span class={failed ? 'look-failed' : ''}>{type}</span>,
    },
    {
      key: 'state',
      head: words.state,
      width: 'minmax(90px, 1fr)',
      cell: ([, { stateName = '', items = [] }]) => (
        <span title={stateName}>
          {stateName}
          {items.length > 0 && <span class="muted">{items.map((index) => `[${index}]`).join('')}</span>}
        </span>
      ),
    },
    ...(beside
      ? []
      : [
          {
            key: 'what',
            head: words.what,
            width: 'minmax(140px, 3fr)',
            cell: ([, { what = '', failed }]: Row) => (
              <span class={failed ? 'look-failed' : 'muted'} title={happened(what)}>
                {happened(what)}
              </span>
            ),
          },
        ]),
  ];
}
