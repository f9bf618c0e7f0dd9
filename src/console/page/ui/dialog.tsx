import { type Signal, signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { focused, giveFocus } from '../core/focus.js';
import { target } from '../core/target.js';
import { t } from '../text/index.js';
import { Button, IconButton } from './button.js';

interface DialogProps {
  title: string;
  children: ComponentChildren;
  onClose: () => void;
  wide?: boolean;
}

/** The browser's own modal dialog: it keeps the focus, closes at Escape, and gives the focus back. */
export function Dialog({ title, children, onClose, wide = false }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = focused();
    dialog.current?.showModal();
    return () => giveFocus(before);
  }, []);
  return (
    <dialog
      ref={dialog}
      class={wide ? 'wide' : ''}
      aria-labelledby={id}
      onClose={onClose}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header>
        <h2 id={id}>{title}</h2>
        <IconButton icon="close" label={t().shell.close} onClick={onClose} />
      </header>
      {children}
    </dialog>
  );
}

interface Question {
  title: string;
  /** What will happen. */
  children?: ComponentChildren;
  /** On the button. */
  action: string;
  danger?: boolean;
}

interface Asked extends Question {
  answer(confirm: string | boolean | undefined): void;
}

const asked: Signal<Asked | undefined> = signal(undefined);

/**
 * Asks before a change, as the terminal does: yes or no, or the name of a protected target. What it gives goes into the
 * field `confirm` of the request; undefined: declined.
 */
export function confirmChange(question: Question): Promise<string | boolean | undefined> {
  return new Promise((resolve) => {
    asked.value = {
      ...question,
      answer(confirm) {
        asked.value = undefined;
        resolve(confirm);
      },
    };
  });
}

export const Confirmations = () => (asked.value ? <Confirmation {...asked.value} /> : null);

function Confirmation({ title, children, action, danger, answer }: Asked) {
  const [typed, setTyped] = useState('');
  const id = useId();
  const name = target.value?.protected ? target.value.name : undefined;
  return (
    <Dialog title={title} onClose={() => answer(undefined)}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name === undefined || typed.trim() === name) answer(name ?? true);
        }}
      >
        {children && <div class="what">{children}</div>}
        {name !== undefined && (
          <div class="field">
            <label for={id}>{t().shell.confirm.protected(name)}</label>
            <input
              id={id}
              autofocus
              value={typed}
              autocomplete="off"
              spellcheck={false}
              onInput={(event) => setTyped(event.currentTarget.value)}
            />
          </div>
        )}
        <footer>
          <Button onClick={() => answer(undefined)}>{t().shell.cancel}</Button>
          <Button
            type="submit"
            kind={danger ? 'danger' : 'main'}
            disabled={name !== undefined && typed.trim() !== name}
          >
            {action}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
