import { useComputed } from '@preact/signals';
import { machineName } from '../../../../workflow/names/arn.js';
import { useTopic } from '../../core/live.js';
import { pathTo } from '../../core/router.js';
import { Link } from '../../ui/button.js';
import { Page } from '../../ui/page.js';
import { Status } from '../../ui/status.js';
import { Time, Took } from '../../ui/time.js';

/** One execution: what all of its parts have in common. */
export function ExecutionPage({ arn }: { arn: string }) {
  const live = useTopic('executions');
  const row = useComputed(() => {
    void live.changes.value;
    return live.rows.get(arn);
  }).value;
  const name = arn.split(':').at(7) ?? arn;
  const stateMachineArn = arn.replace(':execution:', ':stateMachine:').split(':').slice(0, 7).join(':');
  return (
    <Page
      title={name}
      beside={
        <>
          {row && <Status status={row.status} />}
          <Link href={pathTo.machine(stateMachineArn)}>{machineName(stateMachineArn)}</Link>
          {row && (
            <span class="muted">
              <Time at={Date.parse(row.startDate)} /> ·{' '}
              <Took
                from={Date.parse(row.startDate)}
                to={row.stopDate === null ? null : Date.parse(row.stopDate)}
              />
            </span>
          )}
        </>
      }
    >
      <p class="muted">{arn}</p>
    </Page>
  );
}
