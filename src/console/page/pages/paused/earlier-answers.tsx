import type { EarlierAnswer } from '../../../api.js';
import { pathTo } from '../../core/router.js';
import { t } from '../../text/index.js';
import { Link } from '../../ui/button.js';
import { Time } from '../../ui/time.js';

/** Who answered the same state before, and how. */
export function EarlierAnswers({ earlier }: { earlier: readonly EarlierAnswer[] }) {
  const words = t().paused;
  if (earlier.length === 0) return null;
  return (
    <section class="earlier">
      <h3>{words.earlier}</h3>
      <ul>
        {earlier.map(({ time, verb, caller, outcome, executionArn, requestId }) => (
          <li key={`${time} ${executionArn}`}>
            <Time at={Date.parse(time)} /> <strong>{verbText(verb)}</strong>{' '}
            <Link href={pathTo.execution(executionArn)}>
              {requestId ?? executionArn.split(':').at(7) ?? ''}
            </Link>{' '}
            <span class="muted">
              {words.by(caller.split(':').at(-1) ?? caller)}
              {outcome === 'proven' ? '' : ` · ${outcome}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const verbText = (verb: string): string => (t().paused.done as Record<string, string>)[verb] ?? verb;
