import { useMemo } from 'preact/hooks';
import type { MapItemRow, MapRunRow, TopicFacts } from '../../../api.js';
import { useTopic } from '../../core/live.js';
import { go, pathTo } from '../../core/router.js';
import { t } from '../../text/index.js';
import { Link } from '../../ui/button.js';
import { Loading, Page } from '../../ui/page.js';
import { Status } from '../../ui/status.js';
import { durationText, Time, Took } from '../../ui/time.js';
import { type Column, VirtualList } from '../../ui/virtual-list.js';
import { badFirst } from './failures-first.js';

type Child = [executionArn: string, row: MapItemRow];
const shownCounts = ['succeeded', 'failed', 'timedOut', 'aborted', 'running', 'pending'] as const;

/** A map run: how far it is, and its executions, those that failed first. */
export function MapRunPage({ arn }: { arn: string }) {
  const live = useTopic<MapRunRow, TopicFacts>(`map-run:${arn}`);
  void live.changes.value;
  const run = live.rows.get(arn);
  const words = t().mapRuns;
  if (!run)
    return (
      <Page title={words.title} facts={live.facts.value}>
        {live.facts.value?.trouble === undefined && <Loading />}
      </Page>
    );
  const { items, executions, rate, status, startDate, stopDate } = run;
  const count = (of: Record<string, number>, name: string): number => of[name] ?? 0;
  const done = ['succeeded', 'failed', 'timedOut', 'aborted'].reduce(
    (sum, name) => sum + count(items, name),
    0,
  );
  const total = count(items, 'total');
  const left = rate && !stopDate ? ((total - done) / rate) * 1_000 : undefined;
  return (
    <Page
      fill
      title={words.title}
      facts={live.facts.value}
      beside={
        <>
          <Status status={status} />
          <Link href={pathTo.execution(run.executionArn)}>{words.parent}</Link>
          <span class="muted">
            <Time at={Date.parse(startDate)} /> ·{' '}
            <Took from={Date.parse(startDate)} to={stopDate === null ? null : Date.parse(stopDate)} />
          </span>
        </>
      }
    >
      <div>
        <progress value={total === 0 ? 1 : done / total} max={1} aria-label={words.progress} />
        <p>
          {words.items(done, total)}
          {rate !== null && status === 'RUNNING' && (
            <span class="muted"> · {words.rate(Math.round(rate * 10) / 10)}</span>
          )}
          {left !== undefined && left > 0 && <span class="muted"> · {words.left(durationText(left))}</span>}
        </p>
      </div>
      <dl class="counts">
        {shownCounts
          .filter((name) => name === 'succeeded' || count(items, name) > 0)
          .map((name) => (
            <div key={name} class={['failed', 'timedOut', 'aborted'].includes(name) ? 'look-failed' : ''}>
              <dt>{words.counts[name]}</dt>
              <dd>
                {count(items, name)} <span class="muted">{words.executions(count(executions, name))}</span>
              </dd>
            </div>
          ))}
      </dl>
      <Children arn={arn} />
    </Page>
  );
}

function Children({ arn }: { arn: string }) {
  const live = useTopic<MapItemRow>(`map-items:${arn}`);
  const changes = live.changes.value;
  const children = useMemo(() => badFirst(live.rows), [live, changes]);
  const words = t().mapRuns;
  if (!live.ready.value && children.length === 0) return <Loading />;
  return (
    <VirtualList
      label={words.children}
      rows={children}
      keyOf={([executionArn]) => executionArn}
      columns={columns()}
      onOpen={([executionArn]) => go(pathTo.execution(executionArn))}
      empty={words.none}
    />
  );
}

function columns(): Column<Child>[] {
  const words = t().executions;
  return [
    {
      key: 'status',
      head: words.status,
      width: '130px',
      cell: ([, { status }]) => <Status status={status} />,
    },
    {
      key: 'name',
      head: words.name,
      width: 'minmax(260px, 1fr)',
      cell: ([executionArn, { name }]) => (
        <Link href={pathTo.execution(executionArn)} tabIndex={-1}>
          {name}
        </Link>
      ),
    },
    {
      key: 'started',
      head: words.started,
      width: '110px',
      cell: ([, { from }]) => <Time at={from} />,
    },
    {
      key: 'took',
      head: words.took,
      width: '110px',
      align: 'right',
      cell: ([, { from, to }]) => <Took from={from} to={to} />,
    },
  ];
}
