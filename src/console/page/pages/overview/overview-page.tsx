import { useMemo } from 'preact/hooks';
import type { ExecutionRow, PausedRow } from '../../../api.js';
import { bucketsOf, tallyOf } from '../../core/executions.js';
import { useTopic } from '../../core/live.js';
import { now } from '../../core/now.js';
import { pathTo } from '../../core/router.js';
import { t } from '../../text/index.js';
import { Link } from '../../ui/button.js';
import { Loading, Page } from '../../ui/page.js';
import { Status } from '../../ui/status.js';
import { agoText, durationText } from '../../ui/time.js';
import { MachinesTable } from '../machines/machines-table.js';
import { Card, percentText } from './card.js';
import { DayChart } from './day-chart.js';

const HOUR = 3_600_000;
const WIDTH = HOUR / 2;
const COUNT = 48;
const MOST_FAILURES = 8;

/** What runs, failed, waits and is stuck, now and over the last day. */
export function OverviewPage() {
  const executions = useTopic('executions');
  const paused = useTopic('paused');
  const changes = executions.changes.value;
  void paused.changes.value;
  // The chart moves on with the half hours, not with the seconds.
  const end = Math.ceil(now.value / WIDTH) * WIDTH;
  const rows = useMemo(() => [...executions.rows.values()], [executions, changes]);
  const day = useMemo(() => {
    const since = new Date(end - COUNT * WIDTH).toISOString();
    return rows.filter(({ startDate }) => startDate >= since);
  }, [rows, end]);
  const tally = useMemo(() => tallyOf(day), [day]);
  const buckets = useMemo(() => bucketsOf(day, end, WIDTH, COUNT), [day, end]);
  const running = rows.filter(({ status }) => status === 'RUNNING');
  const failures = useMemo(() => failuresOf(day), [day]);
  const steps = [...paused.rows.values()];
  const stuck = steps.filter(({ stuck: why }) => why !== undefined);
  const bad = tally.failed + tally.timedOut + tally.aborted;
  const since = new Date(end - COUNT * WIDTH).toISOString();
  // Of what was not read yet there is no number.
  const known = paused.facts.value?.at !== undefined || steps.length > 0;
  const words = t().overview;
  if (executions.facts.value?.at === undefined && rows.length === 0)
    return (
      <Page title={words.title} facts={executions.facts.value}>
        <Loading />
      </Page>
    );
  return (
    <Page title={words.title} facts={executions.facts.value}>
      <section class="cards" aria-label={words.now}>
        <Card look="running" label={words.running} value={running.length} href="/executions?status=RUNNING">
          {oldestOf(running, words.longest)}
        </Card>
        <Card
          look={known ? 'waiting' : 'plain'}
          label={words.waiting}
          value={known ? steps.length : '–'}
          href="/paused"
        >
          {longestWait(steps, words.oldest)}
        </Card>
        <Card
          look={known ? 'failed' : 'plain'}
          label={words.stuck}
          value={known ? stuck.length : '–'}
          href="/paused"
        >
          {stuck.length > 0 ? words.nothingWakes : undefined}
        </Card>
        <Card look="failed" label={words.failed} value={bad} href={`/executions?status=bad&from=${since}`} />
        <Card
          look="succeeded"
          label={words.succeeded}
          value={tally.succeeded}
          href={`/executions?status=SUCCEEDED&from=${since}`}
        />
        <Card
          look="plain"
          label={words.rate}
          value={percentText(tally.rate)}
          href={`/executions?from=${since}`}
        >
          {tally.took && (
            <>
              <span class="whole">p50 {durationText(tally.took.p50)}</span>
              {' · '}
              <span class="whole">p95 {durationText(tally.took.p95)}</span>
            </>
          )}
        </Card>
      </section>
      <section class="panel">
        <header>
          <h2>{words.started}</h2>
          <span class="muted">{executions.facts.value?.more ? words.capped : words.chartHint}</span>
        </header>
        <DayChart buckets={buckets} />
      </section>
      <div class="columns">
        <section class="panel">
          <header>
            <h2>{words.machines}</h2>
          </header>
          <MachinesTable />
        </section>
        <section class="panel">
          <header>
            <h2>{words.lastFailures}</h2>
          </header>
          <Failures rows={failures} />
        </section>
      </div>
    </Page>
  );
}

function Failures({ rows }: { rows: readonly ExecutionRow[] }) {
  const words = t().overview;
  if (rows.length === 0) return <p class="nothing">{words.noFailures}</p>;
  return (
    <ul class="failures">
      {rows.map(({ executionArn, name, status, stateMachineName, stopDate, startDate, failure }) => (
        <li key={executionArn}>
          <Status status={status} short />
          <div>
            <div class="head">
              <Link href={pathTo.execution(executionArn)}>{name}</Link>
              <span class="muted">
                {stateMachineName} · {words.ago(agoText(Date.parse(stopDate ?? startDate)))}
              </span>
            </div>
            {failure && (
              <div class="why">
                {failure.error ? `${failure.error}: ${failure.message}` : failure.message}
              </div>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}

const failuresOf = (rows: readonly ExecutionRow[]): ExecutionRow[] =>
  rows
    .filter(({ status }) => status === 'FAILED' || status === 'TIMED_OUT')
    .sort((a, b) => ((a.stopDate ?? '') < (b.stopDate ?? '') ? 1 : -1))
    .slice(0, MOST_FAILURES);

function oldestOf(rows: readonly ExecutionRow[], text: (age: string) => string): string | undefined {
  let first: string | undefined;
  for (const { startDate } of rows) if (first === undefined || startDate < first) first = startDate;
  return first === undefined ? undefined : text(agoText(Date.parse(first)));
}

function longestWait(steps: readonly PausedRow[], text: (age: string) => string): string | undefined {
  let first: number | undefined;
  for (const { since } of steps) if (first === undefined || since < first) first = since;
  return first === undefined ? undefined : text(agoText(first));
}
