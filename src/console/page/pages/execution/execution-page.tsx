import { useState } from 'preact/hooks';
import { isExpress, machineName, machineOfExecution } from '../../../../workflow/names/arn.js';
import { consoleUrl } from '../../../../workflow/names/console-url.js';
import type { ExecutionFacts, StateLook } from '../../../api.js';
import { type LiveRows, useTopic } from '../../core/live.js';
import { pathTo, place, setQuery } from '../../core/router.js';
import { target } from '../../core/target.js';
import { t } from '../../text/index.js';
import { saidText } from '../../text/translations/page-language.js';
import { Link } from '../../ui/button.js';
import { Loading, Page } from '../../ui/page.js';
import { Status } from '../../ui/status.js';
import { Tabs } from '../../ui/tabs.js';
import { Time, Took } from '../../ui/time.js';
import { Acts } from './actions.js';
import { Cause } from './cause.js';
import { Compare } from './compare.js';
import { DataTab } from './data-tab.js';
import { EventsTab } from './events-tab.js';
import { LogsTab } from './logs-tab.js';
import { MapRuns } from './map-runs.js';
import type { Wish } from './tab-request.js';
import { StepsTab } from './timeline/steps-tab.js';
import { Standing } from './where-it-stands.js';

type Part = 'steps' | 'events' | 'data' | 'logs' | 'compare';
const parts: readonly Part[] = ['steps', 'events', 'data', 'logs', 'compare'];

/** One execution: how it stands and why, its states on a picture and in time, its events, data and log. */
export function ExecutionPage({ arn }: { arn: string }) {
  const live = useTopic<StateLook, ExecutionFacts>(`execution:${arn}`);
  const [wish, setWish] = useState<Wish>({});
  const facts = live.facts.value;
  const execution = facts?.execution;
  const part = parts.find((one) => one === place.value.query.get('part')) ?? 'steps';
  const words = t().execution;
  const name = execution?.name ?? arn.split(':').at(7) ?? arn;
  const open = (next: Part, wanted: Wish = {}): void => {
    setWish(wanted);
    setQuery({ part: next === 'steps' ? '' : next, event: '' });
  };
  return (
    <Page
      title={name}
      facts={facts?.missing === undefined ? facts : undefined}
      beside={execution && <Head arn={arn} facts={facts} />}
      actions={
        execution && (
          <Acts arn={arn} execution={execution} parent={facts.parent} repeatable={facts.repeatable} />
        )
      }
    >
      {facts?.missing !== undefined && !execution && <Missing arn={arn} why={facts.missing} />}
      {!execution && facts?.missing === undefined && <Loading />}
      {execution && (
        <>
          {execution.failure && <Cause facts={facts} execution={execution} onOpen={open} />}
          {execution.status === 'RUNNING' && <Standing arn={arn} execution={execution} />}
          {execution.mapRuns.length > 0 && <MapRuns execution={execution} />}
          <Tabs
            label={words.tabs.label}
            tabs={parts.map((key) => ({ key, name: words.tabs[key] }))}
            open={part}
            onOpen={(key) => open(key as Part)}
          >
            {part === 'steps' && (
              <StepsTab arn={arn} execution={execution} looks={live as LiveRows<StateLook>} wish={wish} />
            )}
            {part === 'events' && <EventsTab arn={arn} execution={execution} wish={wish} />}
            {part === 'data' && <DataTab arn={arn} status={execution.status} />}
            {part === 'logs' && <LogsTab arn={arn} wish={wish} />}
            {part === 'compare' && <Compare arn={arn} />}
          </Tabs>
        </>
      )}
    </Page>
  );
}

/** Of an EXPRESS execution there may be nothing to read, and it may have run all the same. */
function Missing({ arn, why }: { arn: string; why: string }) {
  const machine = machineOfExecution(arn);
  return (
    <>
      <p class="muted">{isExpress(arn) ? saidText(why) : t().execution.gone}</p>
      <p>
        <Link href={pathTo.machine(machine)}>{machineName(machine)}</Link>
      </p>
    </>
  );
}

function Head({ arn, facts }: { arn: string; facts: ExecutionFacts | undefined }) {
  const { execution, parent, traceUrl } = facts ?? {};
  if (!execution) return null;
  const words = t().execution;
  const machine = machineOfExecution(arn);
  const { status, startDate, stopDate, redriveCount } = execution;
  const local = target.value?.local !== false;
  return (
    <>
      <Status status={status} />
      <Link href={pathTo.machine(machine)}>{machineName(machine)}</Link>
      <span class="muted">
        {startDate !== null && (
          <>
            <Time at={Date.parse(startDate)} /> ·{' '}
            <Took from={Date.parse(startDate)} to={stopDate === null ? null : Date.parse(stopDate)} />
          </>
        )}
        {redriveCount > 0 && ` · ${words.redriven(redriveCount)}`}
      </span>
      {parent !== undefined && (
        <span class="muted">
          {words.partOf} <Link href={pathTo.execution(parent)}>{parent.split(':').at(-1) ?? parent}</Link>
        </span>
      )}
      {!local && <Outside href={consoleUrl(arn)}>{words.awsConsole}</Outside>}
      {traceUrl !== undefined && !local && <Outside href={traceUrl}>{words.trace}</Outside>}
    </>
  );
}

const Outside = ({ href, children }: { href: string; children: string }) => (
  <a href={href} target="_blank" rel="noreferrer noopener">
    {children}
  </a>
);
