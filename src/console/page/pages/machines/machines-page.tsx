import { useTopic } from '../../core/live.js';
import { go, pathTo, place, setQuery } from '../../core/router.js';
import { t } from '../../text/index.js';
import { Link } from '../../ui/button.js';
import { Loading, Page } from '../../ui/page.js';
import { SearchField } from '../../ui/search-field.js';
import { agoText, durationText } from '../../ui/time.js';
import { type Column, VirtualList } from '../../ui/virtual-list.js';
import { percentText } from '../overview/card.js';
import { type MachineTally, useMachines } from './machines-table.js';

export function MachinesPage() {
  const { rows, ready } = useMachines();
  const { facts } = useTopic('machines');
  const wanted = place.value.query.get('q') ?? '';
  const words = t().machines;
  const shown = rows.filter(({ name }) => name.toLowerCase().includes(wanted.trim().toLowerCase()));
  return (
    <Page fill title={words.title} facts={facts.value}>
      <div class="filters" role="search">
        <SearchField value={wanted} label={words.filter} onInput={(next) => setQuery({ q: next })} />
      </div>
      {ready ? (
        <VirtualList
          label={words.list}
          rows={shown}
          keyOf={({ stateMachineArn }) => stateMachineArn}
          columns={columns()}
          onOpen={({ stateMachineArn }) => go(pathTo.machine(stateMachineArn))}
          empty={rows.length === 0 ? words.none : t().shell.noMatch}
        />
      ) : (
        <Loading />
      )}
    </Page>
  );
}

function columns(): Column<MachineTally>[] {
  const words = t().machines;
  const number = (
    key: 'running' | 'paused' | 'succeeded',
    value: (row: MachineTally) => number,
  ): Column<MachineTally> => ({
    key,
    head: words[key],
    width: '86px',
    align: 'right',
    wide: key !== 'running',
    labelled: true,
    cell: (row) => (row.type === 'EXPRESS' ? '' : value(row)),
  });
  return [
    {
      key: 'name',
      head: words.name,
      width: 'minmax(200px, 2fr)',
      cell: ({ stateMachineArn, name, type }) => (
        <>
          <Link href={pathTo.machine(stateMachineArn)} tabIndex={-1}>
            {name}
          </Link>
          {type === 'EXPRESS' && <span class="muted"> EXPRESS</span>}
        </>
      ),
    },
    number('running', ({ running }) => running),
    number('paused', ({ paused }) => paused),
    number('succeeded', ({ succeeded }) => succeeded),
    {
      key: 'failed',
      head: words.failed,
      width: '76px',
      align: 'right',
      labelled: true,
      cell: ({ failed, type }) =>
        type === 'EXPRESS' ? '' : <span class={failed > 0 ? 'look-failed' : ''}>{failed}</span>,
    },
    {
      key: 'rate',
      head: words.rate,
      width: '84px',
      align: 'right',
      labelled: true,
      cell: ({ tally, type }) => (type === 'EXPRESS' ? '' : percentText(tally.rate)),
    },
    ...(['p50', 'p95'] as const).map(
      (key): Column<MachineTally> => ({
        key,
        head: words[key],
        width: '84px',
        align: 'right',
        wide: true,
        cell: ({ tally }) => (tally.took ? durationText(tally.took[key]) : '–'),
      }),
    ),
    {
      key: 'why',
      head: words.lastFailure,
      width: 'minmax(140px, 2fr)',
      wide: true,
      cell: ({ lastFailure, lastFailureAt }) =>
        lastFailure !== undefined && (
          <span class="why" title={lastFailure}>
            {lastFailureAt !== undefined && `${t().overview.ago(agoText(lastFailureAt))} · `}
            {lastFailure}
          </span>
        ),
    },
  ];
}
