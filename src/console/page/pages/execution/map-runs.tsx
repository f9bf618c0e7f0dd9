import type { ExecutionFacts } from '../../../api.js';
import { pathTo } from '../../core/router.js';
import { t } from '../../text/index.js';
import { Link } from '../../ui/button.js';
import { Status } from '../../ui/status.js';

type Execution = NonNullable<ExecutionFacts['execution']>;

const SHOWN = 5;

/** What its Distributed Maps came to; each has a page of its own. */
export function MapRuns({ execution: { mapRuns } }: { execution: Execution }) {
  const words = t().execution;
  return (
    <section class="standing" aria-label={words.mapRuns}>
      <h2>{words.mapRuns}</h2>
      <ul>
        {mapRuns.slice(-SHOWN).map(({ mapRunArn, stateName, status, itemCounts, failureGroups }) => {
          const failed = itemCounts ? itemCounts.failed + itemCounts.timedOut + itemCounts.aborted : 0;
          const [reason] = failureGroups ?? [];
          return (
            <li key={mapRunArn}>
              <Status status={status} short />
              <Link href={pathTo.mapRun(mapRunArn)}>{stateName}</Link>
              {itemCounts && <span class="muted">{words.items(itemCounts.succeeded, itemCounts.total)}</span>}
              {failed > 0 && <span class="look-failed">{words.failedItems(failed)}</span>}
              {reason && <span class="muted">{reason.reason}</span>}
            </li>
          );
        })}
        {mapRuns.length > SHOWN && <li class="muted">{words.and(mapRuns.length - SHOWN)}</li>}
      </ul>
    </section>
  );
}
