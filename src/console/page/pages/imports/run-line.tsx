import type { ImportRunRow } from '../../../api.js';
import { pathTo } from '../../core/router.js';
import { Link } from '../../ui/button.js';
import { Status } from '../../ui/status.js';
import { Time } from '../../ui/time.js';
import { phaseText, statusOf } from './run-status.js';

export function RunLine({ run }: { run: ImportRunRow }) {
  return (
    <li>
      <Status status={statusOf(run)} />
      <Link href={pathTo.job(run.id)}>{run.file}</Link>
      <span class="muted">{phaseText(run)}</span>
      <span class="muted end">
        <Time at={run.startedAt} />
      </span>
    </li>
  );
}
