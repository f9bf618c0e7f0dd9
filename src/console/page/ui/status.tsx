import { statusLook } from '../../../views/text/status-look.js';
import { t } from '../text/index.js';
import { Sign } from './status-icon.js';

/** What a status means, as its colour says it. */
const lookOf = (status: string): string =>
  status === 'PAUSED' ? 'waiting' : (statusLook[status] ?? 'plain');

/** Sign and word: no colour is needed to tell them apart. */
export function Status({ status, short = false }: { status: string; short?: boolean }) {
  const look = lookOf(status);
  const word = (t().shell.statuses as Record<string, string>)[status] ?? status;
  return (
    <span class={`status ${look}`} title={status}>
      <Sign look={look} size={16} word={short ? word : undefined} />
      {!short && <span>{word}</span>}
    </span>
  );
}
