import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { CheckDocument, MachineDocument, RerunDocument, StartedDocument } from '../../../api.js';
import { post } from '../../core/api.js';
import { go, pathTo } from '../../core/router.js';
import { target } from '../../core/target.js';
import { t } from '../../text/index.js';
import { saidText } from '../../text/translations/page-language.js';
import { Button } from '../../ui/button.js';
import { confirmChange, Dialog } from '../../ui/dialog.js';
import { Icon } from '../../ui/icon.js';
import { tell, tellFailure } from '../../ui/notices.js';

/** Milliseconds after the last letter until the input is tried. */
const PAUSE = 350;

interface StartProps {
  machine: Pick<MachineDocument, 'name' | 'stateMachineArn'>;
  /** An execution that is started again: with its input, unless that is changed. */
  again?: RerunDocument & { executionArn: string };
  onClose: () => void;
}

/** An input, tried on the definition while it is written, and the start. */
export function StartDialog({ machine, again, onClose }: StartProps) {
  const [input, setInput] = useState(() => (again ? (formatted(again.input) ?? again.input) : '{}'));
  const [given] = useState(input);
  const [name, setName] = useState(again?.name ?? '');
  const [check, setCheck] = useState<CheckDocument>();
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const [inputId, nameId, checkId] = [useId(), useId(), useId()];
  const path = `/api/machines/${encodeURIComponent(machine.stateMachineArn)}`;
  const words = t().machines;

  useEffect(() => {
    setCheck(undefined);
    const stop = new AbortController();
    const timer = setTimeout(() => {
      post<CheckDocument>(`${path}/check`, { input, ...(!again && { name }) }, { signal: stop.signal }).then(
        setCheck,
        () => {},
      );
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [input, name, path]);

  const start = async (): Promise<void> => {
    const on = target.value;
    // What one thing changes here is asked only where the target is protected, as the terminal does.
    const confirm = on?.protected
      ? await confirmChange({ title: words.confirmStart(machine.name, on.name), action: words.startNow })
      : true;
    if (confirm === undefined) return;
    setBusy(true);
    try {
      const start = again
        ? `/api/executions/${encodeURIComponent(again.executionArn)}/rerun`
        : `${path}/start`;
      const { executionArn, express, former } = await post<StartedDocument>(start, {
        ...(!(again && input === given) && { input }),
        ...(name.trim() !== '' && { name }),
        confirm,
      });
      onClose();
      tell(express ? words.expressStarted : former ? words.former : words.startedNow(machine.name));
      go(pathTo.execution(executionArn));
    } catch (error) {
      tellFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const { problem } = check ?? {};
  // A text that is no JSON can't be started; an input that would fail can.
  const refused = problem !== undefined && problem.code !== 'InputDoesNotFit';
  return (
    <Dialog
      wide
      title={again ? t().execution.rerunTitle(machine.name) : words.startTitle(machine.name)}
      onClose={onClose}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!refused && !busy) void start();
        }}
      >
        <div class="field whole">
          <label for={inputId}>{words.input}</label>
          <textarea
            id={inputId}
            ref={field}
            autofocus
            rows={12}
            spellcheck={false}
            value={input}
            aria-invalid={problem !== undefined}
            aria-describedby={checkId}
            onInput={(event) => setInput(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.metaKey || event.ctrlKey))
                event.currentTarget.form?.requestSubmit();
            }}
          />
          <div id={checkId} class={`check ${problem ? 'bad' : check ? 'good' : ''}`} role="status">
            {problem ? (
              <button
                type="button"
                class="problem"
                onClick={() => field.current && moveTo(field.current, problem.details)}
              >
                <Icon name="warning" />
                <span>
                  {problem.details?.line !== undefined && `${problem.where}: `}
                  {problem.code === 'InvalidInput' ? words.notJson : linesOf(problem.message)}
                </span>
              </button>
            ) : (
              <span>
                {check && <Icon name="check" />}
                {check ? words.fits : words.checking}
              </span>
            )}
          </div>
        </div>
        <div class="field">
          <label for={nameId}>{words.inputName}</label>
          <input
            id={nameId}
            value={name}
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </div>
        <footer>
          <Button
            onClick={() => {
              const text = formatted(input);
              if (text !== undefined) setInput(text);
            }}
          >
            {words.format}
          </Button>
          <Button onClick={onClose}>{t().shell.cancel}</Button>
          <Button type="submit" kind="main" icon="play" disabled={refused || busy}>
            {problem && !refused ? words.startAnyway : words.startNow}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

/** The first says it, the others why. */
const linesOf = (message: string): string =>
  message
    .split('\n')
    .map((line) => saidText(line.trim()))
    .join('\n');

/** To the place that the check complains of. */
function moveTo(field: HTMLTextAreaElement, details: Record<string, unknown> | undefined): void {
  const { line, column } = details ?? {};
  field.focus();
  if (typeof line !== 'number' || typeof column !== 'number') return;
  const before = field.value.split('\n').slice(0, line - 1);
  const at = before.reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
  field.setSelectionRange(at, at + 1);
}

function formatted(text: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return undefined;
  }
}
