import { useEffect, useState } from 'preact/hooks';
import type { PausedRow, PausedStepDocument } from '../../../api.js';
import { post } from '../../core/api.js';
import { pathTo } from '../../core/router.js';
import { t } from '../../text/index.js';
import { Link } from '../../ui/button.js';
import { JsonTree } from '../../ui/json-tree.js';
import { Trouble } from '../../ui/page.js';
import { Time, Took } from '../../ui/time.js';
import { AnswerForm } from './answer-form.js';
import { EarlierAnswers } from './earlier-answers.js';
import { nameOf } from './paused-list.js';
import { askedText } from './sent-text.js';
import { Left } from './time-left.js';

/** One step: what is asked, by whom and until when, and the answer to it. */
export function StepPanel({ step, onAnswered }: { step: PausedRow; onAnswered: () => void }) {
  const [known, setKnown] = useState<PausedStepDocument>();
  const [trouble, setTrouble] = useState<unknown>();
  const { executionArn, stateName, input, answerable } = step;
  useEffect(() => {
    const left = new AbortController();
    post<PausedStepDocument>('/api/paused/step', { executionArn, stateName }, { signal: left.signal })
      .then(setKnown)
      .catch((error: unknown) => {
        if (!left.signal.aborted) setTrouble(error);
      });
    return () => left.abort();
  }, [executionArn, stateName]);
  const words = t().paused;
  const asked = askedText(step);
  return (
    <>
      <h2>{nameOf(step)}</h2>
      <Facts step={step} />
      {asked !== undefined && <JsonTree label={words.asked} text={asked} depth={3} />}
      {trouble !== undefined && <Trouble error={trouble} />}
      {answerable ? (
        known && <AnswerForm step={step} known={known} onAnswered={onAnswered} />
      ) : (
        <p class="muted">{words.notFromHere(step.waitsOn)}</p>
      )}
      {input !== undefined && input !== asked && <JsonTree label={words.input} text={input} depth={1} />}
      {known && <EarlierAnswers earlier={known.earlier} />}
    </>
  );
}

function Facts({ step }: { step: PausedRow }) {
  const { executionArn, executionName, machine, stateName, iteration, since, timeoutAt, heartbeatAt } = step;
  const words = t().paused;
  const machineArn = executionArn.replace(':execution:', ':stateMachine:').split(':').slice(0, 7).join(':');
  return (
    <dl class="facts">
      <div>
        <dt>{words.where}</dt>
        <dd>
          {iteration === undefined ? stateName : `${stateName} [${iteration}]`}{' '}
          <span class="muted">{words.of} </span>
          <Link href={pathTo.machine(machineArn)}>{machine}</Link>
        </dd>
      </div>
      <div>
        <dt>{words.execution}</dt>
        <dd>
          <Link href={pathTo.execution(executionArn)}>{executionName}</Link>
        </dd>
      </div>
      <div>
        <dt>{words.since}</dt>
        <dd>
          <Time at={since} />{' '}
          <span class="muted">
            (<Took from={since} />)
          </span>
        </dd>
      </div>
      {timeoutAt !== undefined && <Deadline name={words.until} at={timeoutAt} />}
      {heartbeatAt !== undefined && <Deadline name={words.heartbeat} at={heartbeatAt} />}
      <div>
        <dt>{words.askedBy}</dt>
        <dd class="mono">{step.waitsOn}</dd>
      </div>
    </dl>
  );
}

function Deadline({ name, at }: { name: string; at: number }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <Time at={at} /> (<Left at={at} />)
      </dd>
    </div>
  );
}
