import type { RowFailure } from '../../../../framework/import/row-ledger.js';
import type { ImportJobRow, TopicFacts } from '../../../api.js';
import { useTopic } from '../../core/live.js';
import { pathTo } from '../../core/router.js';
import { t } from '../../text/index.js';
import { saidText } from '../../text/translations/page-language.js';
import { Link } from '../../ui/button.js';
import { Loading, Page } from '../../ui/page.js';
import { Status } from '../../ui/status.js';
import { Time } from '../../ui/time.js';
import { RowCounts } from './row-counts.js';

const MOST = 500;

/** What a job has only once its execution has ended, or as a ZIP's. */
interface Followed {
  failures: RowFailure[];
  children: ImportJobRow[];
  notFollowed: string;
}

const lineOf = (failure: RowFailure): number | undefined =>
  'line' in failure ? failure.line : failure.firstLine;

/** A job of the framework's records, to the end of its queued rows. */
export function JobView({ id }: { id: string }) {
  const live = useTopic<ImportJobRow, TopicFacts>(`import-job:${id}`);
  void live.changes.value;
  const job = live.rows.get(id);
  const words = t().imports;
  const facts = live.facts.value;
  if (!job)
    return (
      <Page title={id} facts={facts}>
        {facts?.trouble === undefined && <Loading />}
      </Page>
    );
  const { execution, failures = [], children = [], notFollowed } = job as Partial<Followed> & ImportJobRow;
  return (
    <Page
      title={job.name || id}
      facts={facts}
      beside={
        <>
          <span class={job.status === 'FAILED' ? 'look-failed' : 'muted'}>{job.status}</span>
          {job.startDate !== null && (
            <span class="muted">
              <Time at={Date.parse(job.startDate)} />
            </span>
          )}
        </>
      }
    >
      {job.message !== null && <p>{job.message}</p>}
      <p class="links">
        <span class="mono muted">{id}</span>
        {execution && <Link href={pathTo.execution(execution.executionArn)}>{words.execution}</Link>}
      </p>
      {job.rows && (
        <RowCounts rows={{ ...job.rows, succeeded: job.rows.succeeded ?? 0, failed: job.rows.failed ?? 0 }} />
      )}
      {notFollowed !== undefined && <p class="muted">{saidText(notFollowed)}</p>}
      {failures.length > 0 && (
        <section class="block">
          <h2>{words.failedRows}</h2>
          <ul class="reasons">
            {failures.slice(0, MOST).map((failure) => (
              <li key={`${lineOf(failure)} ${failure.reason}`}>
                <span class="mono">{lineOf(failure)}</span>
                <span>{failure.reason}</span>
              </li>
            ))}
          </ul>
          {failures.length > MOST && <p class="muted">{t().shell.moreItems(failures.length - MOST)}</p>}
        </section>
      )}
      {children.length > 0 && (
        <section class="block">
          <h2>{words.files}</h2>
          <ul class="runs">
            {children.map((child) => (
              <li key={child.id}>
                <Status status={child.status === 'COMPLETED' ? 'SUCCEEDED' : child.status} />
                <Link href={pathTo.job(child.id)}>{child.name || child.id}</Link>
                {child.rows && (
                  <span class="muted">{words.result(child.rows.succeeded ?? 0, child.rows.failed ?? 0)}</span>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
    </Page>
  );
}
