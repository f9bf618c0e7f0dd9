import { useTopic } from '../../core/live.js';
import { Loading, Page } from '../../ui/page.js';
import { JobView } from './job-view.js';
import { RunView } from './run-view.js';

/** One import: of those that were started here, or a job of the framework's records. */
export function ImportPage({ id }: { id: string }) {
  const runs = useTopic('import-runs');
  void runs.changes.value;
  const run = runs.rows.get(id);
  if (run) return <RunView run={run} />;
  if (!runs.ready.value)
    return (
      <Page title="">
        <Loading />
      </Page>
    );
  return <JobView id={id} />;
}
