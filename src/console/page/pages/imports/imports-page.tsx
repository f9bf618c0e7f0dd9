import type { JobRow } from '../../../api.js';
import { useTopic } from '../../core/live.js';
import { go, pathTo } from '../../core/router.js';
import { target } from '../../core/target.js';
import { t } from '../../text/index.js';
import { saidText } from '../../text/translations/page-language.js';
import { Link } from '../../ui/button.js';
import { Loading, Page } from '../../ui/page.js';
import { Status } from '../../ui/status.js';
import { Time } from '../../ui/time.js';
import { type Column, VirtualList } from '../../ui/virtual-list.js';
import { draft } from './draft.js';
import { DraftPanel } from './draft-panel.js';
import { DropZone } from './drop-zone.js';
import { RunLine } from './run-line.js';

/** What is imported and was: a file to begin with, the imports that were started here, and the framework's jobs. */
export function ImportsPage() {
  const runs = useTopic('import-runs');
  const jobs = useTopic('jobs');
  void runs.changes.value;
  void jobs.changes.value;
  const words = t().imports;
  const inZips = new Set([...runs.rows.values()].flatMap(({ files }) => files?.ids ?? []));
  const started = [...runs.rows.values()]
    .filter(({ id }) => !inZips.has(id))
    .sort((a, b) => b.startedAt - a.startedAt);
  const listed = [...jobs.rows.values()].sort((a, b) => b.startedAt - a.startedAt);
  const { at, missing } = jobs.facts.value ?? {};
  const { importRecords = 'listed' } = target.value ?? {};
  const unrecorded = importRecords === 'listed' ? undefined : words.unrecorded[importRecords];
  return (
    <Page title={words.title} facts={jobs.facts.value}>
      {draft.value ? <DraftPanel key={draft.value.upload} draft={draft.value} /> : <DropZone />}
      {started.length > 0 && (
        <section class="block">
          <h2>{words.startedHere}</h2>
          <ul class="runs">
            {started.map((run) => (
              <RunLine key={run.id} run={run} />
            ))}
          </ul>
        </section>
      )}
      <section class="block jobs">
        <h2>{words.jobs}</h2>
        {unrecorded && (
          <p class="muted">
            {unrecorded} <Link href="/executions?machine=import-csv">{words.theirExecutions}</Link>
          </p>
        )}
        {at === undefined && listed.length === 0 ? (
          <Loading />
        ) : listed.length === 0 ? (
          missing === undefined ? (
            !unrecorded && <p class="muted">{words.noJobs}</p>
          ) : (
            <p class="muted">{saidText(missing)}</p>
          )
        ) : (
          <div class="boxed">
            <VirtualList
              label={words.jobs}
              rows={listed}
              keyOf={({ kind, key }) => `${kind} ${key}`}
              columns={columns()}
              onOpen={(job) => go(placeOf(job))}
            />
          </div>
        )}
      </section>
    </Page>
  );
}

const placeOf = ({ kind, key, executionArn }: JobRow): string =>
  kind === 'import' || executionArn === undefined ? pathTo.job(key) : pathTo.execution(executionArn);

function columns(): Column<JobRow>[] {
  const words = t().imports;
  return [
    {
      key: 'status',
      head: words.status,
      width: '130px',
      cell: ({ status }) => <Status status={jobStatus(status)} />,
    },
    {
      key: 'name',
      head: words.what,
      width: 'minmax(200px, 2fr)',
      cell: (job) => (
        <>
          <Link href={placeOf(job)} tabIndex={-1}>
            {job.name || job.key}
          </Link>{' '}
          <span class="muted">{words.kinds[job.kind]}</span>
        </>
      ),
    },
    {
      key: 'total',
      head: words.rows,
      width: '90px',
      align: 'right',
      labelled: true,
      cell: ({ total }) => total ?? '',
    },
    {
      key: 'done',
      head: words.done,
      width: '90px',
      align: 'right',
      wide: true,
      cell: ({ done }) => done ?? '',
    },
    {
      key: 'failed',
      head: words.failed,
      width: '90px',
      align: 'right',
      labelled: true,
      cell: ({ failed }) => (failed ? <span class="look-failed">{failed}</span> : (failed ?? '')),
    },
    { key: 'started', head: words.started, width: '104px', cell: ({ startedAt }) => <Time at={startedAt} /> },
  ];
}

/** The records of the framework have words of their own. */
const jobStatus = (status: string): string =>
  ({
    COMPLETED: 'SUCCEEDED',
    PROCESSING: 'RUNNING',
    CREATED: 'RUNNING',
    QUEUED: 'RUNNING',
    STARTED: 'RUNNING',
  })[status] ?? status;
