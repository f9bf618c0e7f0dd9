import { useTopic } from '../../core/live.js';
import { t } from '../../text/index.js';
import { RunLine } from './run-line.js';

/** The imports of a ZIP's files, in their order. */
export function FilesOf({ ids }: { ids: readonly string[] }) {
  const runs = useTopic('import-runs');
  void runs.changes.value;
  return (
    <section class="block">
      <h2>{t().imports.files}</h2>
      <ul class="runs">
        {ids.map((id) => {
          const run = runs.rows.get(id);
          return run && <RunLine key={id} run={run} />;
        })}
      </ul>
    </section>
  );
}
