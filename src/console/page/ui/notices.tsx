import { signal } from '@preact/signals';
import { t } from '../text/index.js';
import { IconButton } from './button.js';
import { saidOf } from './error-text.js';
import { Icon } from './icon.js';

interface Notice {
  id: number;
  text: string;
  bad: boolean;
  hint?: string;
}

const notices = signal<Notice[]>([]);
let count = 0;

const drop = (id: number): void => {
  notices.value = notices.value.filter((notice) => notice.id !== id);
};

/** What was done. */
export function tell(text: string): void {
  const id = ++count;
  notices.value = [...notices.value, { id, text, bad: false }].slice(-4);
  setTimeout(() => drop(id), 6_000);
}

/** What went wrong: it stays until it is closed. */
export function tellFailure(error: unknown): void {
  const { text, original, hint } = saidOf(error);
  notices.value = [...notices.value, { id: ++count, text, hint: original ?? hint, bad: true }].slice(-4);
}

/** The same in one sentence. */
export const tellBad = (text: string): void => {
  notices.value = [...notices.value, { id: ++count, text, bad: true }].slice(-4);
};

export const Notices = () => (
  <div class="notices" aria-live="polite">
    {notices.value.map(({ id, text, bad, hint }) => (
      <div key={id} class={`notice ${bad ? 'bad' : 'good'}`}>
        <Icon name={bad ? 'warning' : 'check'} />
        <div>
          <div>{text}</div>
          {hint !== undefined && <div class="muted">{hint}</div>}
        </div>
        <IconButton icon="close" label={t().shell.close} onClick={() => drop(id)} />
      </div>
    ))}
  </div>
);
