import { useMemo, useState } from 'preact/hooks';
import { machineName, machineOfExecution } from '../../../../workflow/names/arn.js';
import type { ExecutionDiffDocument, ExecutionRow } from '../../../api.js';
import { useTopic } from '../../core/live.js';
import { useLoaded } from '../../core/load.js';
import { t } from '../../text/index.js';
import { Loading, Trouble } from '../../ui/page.js';
import { shortTime } from '../../ui/time.js';
import { Difference } from './difference.js';

const MOST = 200;

/** What went another way than in another execution of the machine. */
export function Compare({ arn }: { arn: string }) {
  const live = useTopic('executions');
  const changes = live.changes.value;
  const others = useMemo(() => othersOf([...live.rows.values()], arn), [live, changes, arn]);
  const [picked, setPicked] = useState<string>();
  const words = t().execution;
  // The newest that went well tells most.
  const other = picked ?? (others.find(({ status }) => status === 'SUCCEEDED') ?? others[0])?.executionArn;
  if (live.facts.value?.at === undefined) return <Loading />;
  if (others.length === 0) return <p class="nothing">{words.noOthers}</p>;
  return (
    <div class="compare">
      <label class="compare-with">
        <span>{words.compareWith}</span>
        <select value={other} onChange={(event) => setPicked(event.currentTarget.value)}>
          {others.slice(0, MOST).map(({ executionArn, name, status, startDate }) => (
            <option key={executionArn} value={executionArn}>
              {[
                name,
                (t().shell.statuses as Record<string, string>)[status] ?? status,
                shortTime(Date.parse(startDate)),
              ].join(' · ')}
            </option>
          ))}
        </select>
      </label>
      {other !== undefined && <Loaded key={other} arn={arn} other={other} />}
    </div>
  );
}

function Loaded({ arn, other }: { arn: string; other: string }) {
  const path = `/api/executions/${encodeURIComponent(arn)}/diff?with=${encodeURIComponent(other)}`;
  const { value, error } = useLoaded<ExecutionDiffDocument>(path);
  if (error !== undefined) return <Trouble error={error} />;
  return value ? <Difference diff={value} /> : <Loading />;
}

const othersOf = (rows: ExecutionRow[], arn: string): ExecutionRow[] =>
  rows
    .filter(
      ({ executionArn, stateMachineName }) =>
        executionArn !== arn && stateMachineName === machineName(machineOfExecution(arn)),
    )
    .sort((a, b) => (a.startDate < b.startDate ? 1 : -1));
