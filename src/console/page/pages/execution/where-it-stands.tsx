import type { ExecutionFacts } from '../../../api.js';
import { useTopic } from '../../core/live.js';
import { pathTo } from '../../core/router.js';
import { t } from '../../text/index.js';
import { Link } from '../../ui/button.js';
import { Took } from '../../ui/time.js';

type Execution = NonNullable<ExecutionFacts['execution']>;

const SHOWN = 4;

/** Where it stands, and what waits for somebody. */
export function Standing({ arn, execution }: { arn: string; execution: Execution }) {
  const { current, openTokens } = execution;
  const words = t().execution;
  if (current.length === 0) return null;
  const tokens = new Map(openTokens.map((token) => [placeOf(token), token]));
  const waitsFirst = [...current].sort(
    (a, b) => Number(tokens.has(placeOf(b))) - Number(tokens.has(placeOf(a))),
  );
  return (
    <section class="standing" aria-label={words.standsAt}>
      <h2>{words.standsAt}</h2>
      <ul>
        {waitsFirst.slice(0, SHOWN).map((one) => {
          const token = tokens.get(placeOf(one));
          const { stateName, iteration, since, attempt } = one;
          return (
            <li key={placeOf(one)}>
              <strong>{stateName}</strong>
              {iteration !== undefined && <span class="mono">[{iteration}]</span>}
              <span class="muted">
                {since !== null && <Took from={Date.parse(since)} />}
                {attempt > 1 && ` · ${words.attemptOf(attempt)}`}
              </span>
              {token && (
                <>
                  <span class="badge warn">{[words.waits, token.requestId].filter(Boolean).join(': ')}</span>
                  <AnswerLink arn={arn} place={one} />
                </>
              )}
            </li>
          );
        })}
        {current.length > SHOWN && <li class="muted">{words.and(current.length - SHOWN)}</li>}
      </ul>
    </section>
  );
}

const placeOf = ({ stateName, iteration }: { stateName: string; iteration?: number }): string =>
  `${stateName} ${iteration ?? ''}`;

/** To its place in the inbox, which knows it a moment later. */
function AnswerLink({ arn, place }: { arn: string; place: { stateName: string; iteration?: number } }) {
  const paused = useTopic('paused');
  void paused.changes.value;
  for (const [key, { executionArn, ...step }] of paused.rows)
    if (executionArn === arn && placeOf(step) === placeOf(place))
      return <Link href={pathTo.pausedStep(key)}>{t().execution.answer}</Link>;
  return <Link href="/paused">{t().execution.answer}</Link>;
}
