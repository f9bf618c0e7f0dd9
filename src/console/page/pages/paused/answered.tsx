import type { PausedRow } from '../../../api.js';
import { go, pathTo } from '../../core/router.js';
import { t } from '../../text/index.js';
import { Button, Link } from '../../ui/button.js';
import { nameOf } from './paused-list.js';

/** In the place of a step that was answered here, with the way to the next one. */
export function Answered({ id, next }: { id: string; next: [key: string, step: PausedRow] | undefined }) {
  const words = t().paused;
  const [arn = ''] = id.split(' ');
  return (
    <>
      <h2>{words.answeredHere}</h2>
      <p>
        <Link href={pathTo.execution(arn)}>{words.openExecution}</Link>
      </p>
      {next ? (
        <div>
          <Button kind="main" focus onClick={() => go(pathTo.pausedStep(next[0]))}>
            {words.next(nameOf(next[1]))}
          </Button>
        </div>
      ) : (
        <p class="muted">{words.none}</p>
      )}
    </>
  );
}
