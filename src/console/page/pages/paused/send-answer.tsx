import { executionParts } from '../../../../workflow/names/arn.js';
import type { AnsweredDocument, AnswerPlanDocument, PausedRow } from '../../../api.js';
import { post } from '../../core/api.js';
import { target } from '../../core/target.js';
import { t } from '../../text/index.js';
import { saidText } from '../../text/translations/page-language.js';
import { confirmChange } from '../../ui/dialog.js';
import { tell, tellBad } from '../../ui/notices.js';

/** What is said, as the API takes it; `answer` is JSON text. */
export type Decision =
  | { verb: 'approve'; comment?: string; fields?: object }
  | { verb: 'reject'; reason: string }
  | { verb: 'resume'; answer?: string }
  | { verb: 'fail'; error?: string; cause?: string };

type Planned = AnswerPlanDocument['ready'][number];

/** Tries the answer on the engine, shows what would be sent and what comes of it, asks, and sends. False: declined. */
export async function answerWith(rows: readonly PausedRow[], decision: Decision): Promise<boolean> {
  const steps = rows.map(({ executionArn, stateName, iteration }) => ({
    executionArn,
    stateName,
    iteration,
  }));
  const plan = await post<AnswerPlanDocument>('/api/paused/plan', { steps, decision });
  const words = t().paused;
  for (const { requestId, error } of plan.refused)
    tellBad(`${requestId ?? ''}: ${saidText(error.message, error.code)}`);
  const [first] = plan.ready;
  if (first === undefined) return false;
  const one = plan.ready.length === 1;
  const confirm = await confirmChange({
    title: words.ask(decision.verb, one ? nameOf(first) : plan.ready.length, targetName()),
    children: one ? <Sent planned={first} /> : <Several ready={plan.ready} />,
    action: words.verbs[decision.verb],
    danger: decision.verb === 'reject' || decision.verb === 'fail',
  });
  if (confirm === undefined) return false;
  const done = await post<AnsweredDocument>('/api/paused/answer', { steps, decision, confirm });
  const [answered] = done.answered;
  if (done.answered.length === 1 && answered) tell(answeredText(answered));
  else if (done.answered.length > 1) tell(words.answeredSeveral(done.answered.length));
  for (const { requestId, error } of done.refused)
    tellBad(`${requestId ?? ''}: ${saidText(error.message, error.code)}`);
  return done.answered.length > 0;
}

/** As the list calls it. */
const nameOf = ({ requestId, executionArn }: { requestId: string | null; executionArn: string }): string =>
  requestId ?? executionParts(executionArn).name ?? executionArn;

const targetName = (): string => target.value?.name ?? '';

function answeredText(answered: AnsweredDocument['answered'][number]): string {
  const { nextState, status, proven } = answered;
  const words = t().paused;
  const name = nameOf(answered);
  if (!proven) return words.sentOnly(name);
  if (nextState !== null) return words.wentOn(name, nextState);
  return status === null ? words.answered(name) : words.ended(name, status);
}

function Sent({ planned }: { planned: Planned }) {
  const words = t().paused;
  return (
    <dl class="facts">
      <div>
        <dt>{words.sends}</dt>
        <dd>
          <pre class="sent">{JSON.stringify(planned.answer, null, 2)}</pre>
        </dd>
      </div>
      <div>
        <dt>{words.after}</dt>
        <dd>{effectText(planned)}</dd>
      </div>
    </dl>
  );
}

function Several({ ready }: { ready: readonly Planned[] }) {
  const shown = ready.slice(0, 8);
  return (
    <ul class="names">
      {shown.map((one) => (
        <li key={`${one.executionArn} ${one.stateName}`}>
          {nameOf(one)} <span class="muted">{effectText(one)}</span>
        </li>
      ))}
      {ready.length > shown.length && (
        <li class="muted">{t().shell.moreItems(ready.length - shown.length)}</li>
      )}
    </ul>
  );
}

/** What the machine would do with it. */
function effectText({ effect }: Planned): string {
  const words = t().paused.effect;
  if (effect === null) return words.unknown;
  if (effect.retried) return words.retried;
  const way = effect.entered.length > 0 ? words.goesOn(effect.entered.join(' → ')) : '';
  const { ended } = effect;
  if (!ended) return way;
  const end = ended.status === 'SUCCEEDED' ? words.succeeds : words.ends(ended.status, ended.error ?? '');
  return way === '' ? end : `${way}${words.andThen}${end}`;
}
