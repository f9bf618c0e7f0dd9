import { signal } from '@preact/signals';
import { go } from './router.js';
import { nextTheme } from './settings.js';

/** The help of the keyboard is shown. */
export const helpShown = signal(false);

export const goKeys: Record<
  string,
  { path: string; page: 'overview' | 'executions' | 'paused' | 'imports' | 'machines' }
> = {
  o: { path: '/', page: 'overview' },
  e: { path: '/executions', page: 'executions' },
  p: { path: '/paused', page: 'paused' },
  i: { path: '/imports', page: 'imports' },
  m: { path: '/machines', page: 'machines' },
};

let going = 0;

/** `g` and a letter goes to a page, `/` searches, `?` helps. Where somebody types, letters are letters. */
export function listenToKeys(): void {
  addEventListener('keydown', (event) => {
    if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector('dialog[open]')) return;
    const goes = performance.now() - going < 1_500;
    going = 0;
    const to = goes ? goKeys[event.key] : undefined;
    if (to) go(to.path);
    else if (event.key === 'g') going = performance.now();
    else if (event.key === '?') helpShown.value = true;
    else if (event.key === 't') nextTheme();
    else if (event.key === '/') {
      const field = document.querySelector<HTMLInputElement>('main input[type=search]');
      if (!field) return;
      field.focus();
      field.select();
    } else return;
    event.preventDefault();
  });
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('input,textarea,select,[contenteditable]') !== null;
