import { t } from '../text/index.js';

/** What a status means, as its colour says it. */
const looks: Record<string, string> = {
  RUNNING: 'running',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  TIMED_OUT: 'failed',
  ABORTED: 'aborted',
  PENDING_REDRIVE: 'waiting',
  PAUSED: 'waiting',
};

export const lookOf = (status: string): string => looks[status] ?? 'plain';

const signs: Record<string, string> = {
  running: 'M8 3.5a4.5 4.5 0 1 1-4.5 4.5',
  succeeded: 'M4.5 8.3 7 10.8l4.6-5',
  failed: 'M5.3 5.3l5.4 5.4M10.7 5.3l-5.4 5.4',
  aborted: 'M4.8 8h6.4',
  waiting: 'M6.4 5.5v5M9.6 5.5v5',
  plain: 'M7.5 8h1',
};

/** Sign and word: no colour is needed to tell them apart. */
export function Status({ status, short = false }: { status: string; short?: boolean }) {
  const look = lookOf(status);
  const word = (t().shell.statuses as Record<string, string>)[status] ?? status;
  return (
    <span class={`status ${look}`} title={status}>
      <svg
        class="sign"
        width="16"
        height="16"
        viewBox="0 0 16 16"
        role={short ? 'img' : undefined}
        aria-label={short ? word : undefined}
        aria-hidden={short ? undefined : 'true'}
      >
        <circle cx="8" cy="8" r="6.5" />
        <path d={signs[look]} />
      </svg>
      {!short && <span>{word}</span>}
    </span>
  );
}
