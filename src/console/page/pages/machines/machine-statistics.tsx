import type { StatsDocument } from '../../../api.js';
import { useLoaded } from '../../core/load.js';
import { t } from '../../text/index.js';
import { Loading, Trouble } from '../../ui/page.js';
import { durationText } from '../../ui/time.js';
import { percentText } from '../overview/card.js';

/** How its executions of the last day went, and its states. */
export function MachineStatistics({ arn, express }: { arn: string; express: boolean }) {
  const { value, error } = useLoaded<StatsDocument | null>(`/api/machines/${encodeURIComponent(arn)}/stats`);
  const words = t().machines;
  return (
    <section class="panel">
      <header>
        <h2>{words.statistics}</h2>
        {value?.source && <span class="muted">{words.statisticsFrom[value.source]}</span>}
      </header>
      {error !== undefined && <Trouble error={error} />}
      {value === undefined && error === undefined && <Loading />}
      {value && express && value.executions.started === 0 && <p class="nothing">{words.express}</p>}
      {value && !(express && value.executions.started === 0) && <Numbers stats={value} />}
      {value && value.states.length > 0 && <States stats={value} />}
    </section>
  );
}

const seconds = (value: number | undefined): string =>
  value === undefined ? '–' : durationText(value * 1000);

function Numbers({
  stats: { executions, successRate, durationSeconds, retries, cost },
}: {
  stats: StatsDocument;
}) {
  const words = t().machines;
  const numbers: [string, string | number][] = [
    [words.started, executions.started],
    [words.succeeded, executions.succeeded],
    [words.failed, executions.failed + executions.timedOut + executions.aborted],
    [words.rate, percentText(successRate ?? undefined)],
    ['p50', seconds(durationSeconds?.p50)],
    ['p95', seconds(durationSeconds?.p95)],
    ['p99', seconds(durationSeconds?.p99)],
    [words.retries, retries ?? '–'],
    [words.transitions, cost?.transitions ?? '–'],
  ];
  return (
    <dl class="numbers">
      {numbers.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function States({ stats }: { stats: StatsDocument }) {
  const words = t().machines;
  return (
    <div class="table-scroll" tabIndex={0} role="group" aria-label={words.states(stats.sampled)}>
      <table class="table">
        <caption>{words.states(stats.sampled)}</caption>
        <thead>
          <tr>
            <th>{words.state}</th>
            <th class="right">{words.runs}</th>
            <th class="right">{words.failed}</th>
            <th class="right">{words.retries}</th>
            <th class="right">p50</th>
            <th class="right">p95</th>
          </tr>
        </thead>
        <tbody>
          {stats.states.map(({ stateName, runs, failed, retries, durationSeconds }) => (
            <tr key={stateName}>
              <th scope="row">{stateName}</th>
              <td class="right">{runs}</td>
              <td class={`right ${failed > 0 ? 'look-failed' : ''}`}>{failed}</td>
              <td class="right">{retries}</td>
              <td class="right">{seconds(durationSeconds?.p50)}</td>
              <td class="right">{seconds(durationSeconds?.p95)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
