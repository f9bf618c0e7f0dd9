import type { ImportRunRow } from '../../../api.js';
import { now } from '../../core/now.js';
import { pathTo } from '../../core/router.js';
import { t } from '../../text/index.js';
import { saidText } from '../../text/translations/page-language.js';
import { Link } from '../../ui/button.js';
import { LongText } from '../../ui/long-text.js';
import { Page } from '../../ui/page.js';
import { Status } from '../../ui/status.js';
import { durationText, Time } from '../../ui/time.js';
import { FailedRows } from './failed-rows.js';
import { Reasons } from './failure-reasons.js';
import { RowCounts } from './row-counts.js';
import { badRows, phaseText, ratioOf, statusOf } from './run-status.js';
import { FilesOf } from './zip-files.js';

/** An import while it runs, and what came of it: the rows that failed can be corrected on the spot. */
export function RunView({ run }: { run: ImportRunRow }) {
  const { file, startedAt, end, error, progress, executionArn, mapRunArn, rows } = run;
  const words = t().imports;
  const left =
    progress?.rate && !end
      ? ((rows - progress.succeeded - progress.failed) / progress.rate) * 1_000
      : undefined;
  return (
    <Page
      title={file}
      beside={
        <>
          <Status status={statusOf(run)} />
          <span class="muted">
            <Time at={startedAt} /> ·{' '}
            {durationText(end ? end.durationSeconds * 1_000 : Math.max(0, now.value - startedAt))}
          </span>
        </>
      }
    >
      <div>
        <progress
          value={ratioOf(run)}
          max={1}
          aria-label={end ? phaseText(run) : words.progress}
          class={end && !end.good ? 'bad' : ''}
        />
        <p>
          {phaseText(run)}
          {progress?.rate && !end ? (
            <span class="muted"> · {words.rate(Math.round(progress.rate))}</span>
          ) : null}
          {left !== undefined && left > 0 && <span class="muted"> · {words.left(durationText(left))}</span>}
        </p>
        {error?.hint !== undefined && <p class="muted">{saidText(error.hint)}</p>}
        {end?.why !== undefined && (
          <p class="look-failed">
            <LongText text={end.why} />
          </p>
        )}
      </div>
      <p class="links">
        {executionArn !== undefined && <Link href={pathTo.execution(executionArn)}>{words.execution}</Link>}
        {mapRunArn !== undefined && <Link href={pathTo.mapRun(mapRunArn)}>{words.mapRun}</Link>}
        {end?.jobId !== undefined && <Link href={pathTo.job(end.jobId)}>{words.job}</Link>}
      </p>
      {end?.rows && <RowCounts rows={end.rows} />}
      {run.files && <FilesOf ids={run.files.ids} />}
      {end && end.groups.length > 0 && <Reasons groups={end.groups} />}
      {end && !run.files && badRows(run) > 0 && <FailedRows run={run} />}
    </Page>
  );
}
