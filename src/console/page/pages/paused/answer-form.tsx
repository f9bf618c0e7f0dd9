import { useId, useState } from 'preact/hooks';
import type { PausedRow, PausedStepDocument } from '../../../api.js';
import { target } from '../../core/target.js';
import { t } from '../../text/index.js';
import { Button } from '../../ui/button.js';
import { tellFailure } from '../../ui/notices.js';
import { FieldInput } from './field-input.js';
import { fieldName, isJson, put, typedValue } from './field-values.js';
import { answerWith, type Decision } from './send-answer.js';

type Verb = Decision['verb'];
const verbs: readonly Verb[] = ['approve', 'reject', 'resume', 'fail'];

interface FormProps {
  step: PausedRow;
  known: PausedStepDocument;
  onAnswered: () => void;
}

/** What is said to the step; what the machine would do with it is shown before it is sent. */
export function AnswerForm({ step, known, onAnswered }: FormProps) {
  const [verb, setVerb] = useState<Verb>('approve');
  const [texts, setTexts] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const words = t().paused;
  const text = (name: string): string => texts[name] ?? '';
  const set = (name: string, value: string): void => setTexts({ ...texts, [name]: value });
  const decide = (as: Verb): void => {
    const decision = decisionOf(as, texts, known);
    if (decision === undefined) return;
    setBusy(true);
    answerWith([step], decision)
      .then((answered) => answered && onAnswered())
      .catch(tellFailure)
      .finally(() => setBusy(false));
  };
  const readOnly = target.value?.readOnly === true;
  const missing = verb === 'reject' && text('reason').trim() === '';
  return (
    <form
      class="answer"
      onSubmit={(event) => {
        event.preventDefault();
        if (!missing) decide(verb);
      }}
    >
      <fieldset class="choice">
        <legend>{words.answer}</legend>
        {verbs.map((one) => (
          <label key={one} class={one === verb ? 'chosen' : ''}>
            <input type="radio" name="verb" checked={one === verb} onChange={() => setVerb(one)} />
            {words.verbs[one]}
          </label>
        ))}
      </fieldset>
      <p class="muted">{whatItDoes(verb, known)}</p>
      {verb === 'approve' && (
        <>
          {known.fields.map((field) => (
            <FieldInput
              key={field.path.join('.')}
              field={field}
              value={text(fieldName(field))}
              onChange={set}
            />
          ))}
          <Labelled
            label={words.comment}
            value={text('comment')}
            onInput={(value) => set('comment', value)}
          />
        </>
      )}
      {verb === 'reject' && (
        <Labelled label={words.reason} value={text('reason')} onInput={(value) => set('reason', value)} />
      )}
      {verb === 'resume' && (
        <Labelled
          label={words.answerJson}
          value={text('answer')}
          onInput={(value) => set('answer', value)}
          mono
          bad={text('answer').trim() !== '' && !isJson(text('answer')) ? words.noJson : undefined}
        />
      )}
      {verb === 'fail' && (
        <>
          <Labelled label={words.error} value={text('error')} onInput={(value) => set('error', value)} />
          <Labelled label={words.cause} value={text('cause')} onInput={(value) => set('cause', value)} />
        </>
      )}
      <div>
        <Button
          type="submit"
          kind={verb === 'approve' || verb === 'resume' ? 'main' : 'danger'}
          disabled={busy || readOnly || missing}
        >
          {`${words.verbs[verb]}…`}
        </Button>
      </div>
    </form>
  );
}

interface LabelledProps {
  label: string;
  value: string;
  onInput: (value: string) => void;
  mono?: boolean;
  bad?: string;
}

function Labelled({ label, value, onInput, mono, bad }: LabelledProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <textarea
        id={id}
        rows={mono ? 5 : 2}
        class={mono ? 'mono' : 'prose'}
        value={value}
        aria-invalid={bad !== undefined}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {bad !== undefined && <span class="field-error">{bad}</span>}
    </div>
  );
}

function whatItDoes(verb: Verb, { rejectsBy }: PausedStepDocument): string {
  const { does } = t().paused;
  return verb === 'reject' ? (rejectsBy === 'answer' ? does.rejectAnswer : does.rejectFailure) : does[verb];
}

/** Undefined: something in it is no JSON. */
function decisionOf(
  verb: Verb,
  texts: Record<string, string>,
  { fields }: PausedStepDocument,
): Decision | undefined {
  const given = (name: string): string | undefined => texts[name]?.trim() || undefined;
  switch (verb) {
    case 'approve': {
      const members: Record<string, unknown> = {};
      for (const field of fields) {
        const text = given(fieldName(field));
        if (text !== undefined) put(members, field.path, typedValue(text, field.kind));
      }
      const some = Object.keys(members).length > 0;
      return { verb, comment: given('comment'), ...(some && { fields: members }) };
    }
    case 'reject':
      return { verb, reason: given('reason') ?? '' };
    case 'resume':
      return given('answer') !== undefined && !isJson(given('answer') ?? '')
        ? undefined
        : { verb, answer: given('answer') };
    case 'fail':
      return { verb, error: given('error'), cause: given('cause') };
  }
}
