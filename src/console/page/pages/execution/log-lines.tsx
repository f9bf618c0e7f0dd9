import { useMemo } from 'preact/hooks';
import type { LogFacts, LogRow } from '../../../api.js';
import { useTopic } from '../../core/live.js';
import { now } from '../../core/now.js';
import { t } from '../../text/index.js';
import { clockTime } from '../../ui/time.js';
import type { TreeRow } from './timeline/tree-row.js';

/** Milliseconds that the clocks of a function and of the history may be apart. */
const SLACK = 50;
const MOST = 200;

/** What was logged in the calls of a step. */
export function LogLines({ arn, row }: { arn: string; row: TreeRow }) {
  const live = useTopic<LogRow, LogFacts>(`logs:${arn}`);
  const changes = live.changes.value;
  const words = t().execution;
  const { lines, byTime } = useMemo(() => linesOf([...live.rows], row), [live, changes, row]);
  if (lines.length === 0) return null;
  return (
    <section class="log" aria-label={words.logLines}>
      <h3>{words.logLines}</h3>
      {byTime && <p class="muted">{words.byTime}</p>}
      <ul tabIndex={0}>
        {lines.slice(0, MOST).map(([key, line]) => (
          <LogLine key={key} line={line} />
        ))}
        {lines.length > MOST && <li class="muted">{t().shell.moreItems(lines.length - MOST)}</li>}
      </ul>
    </section>
  );
}

/** By the function's request ids, where the history tells them; else by the time. */
function linesOf(all: [string, LogRow][], { requestIds = [], from, to, type }: TreeRow) {
  const own = all.filter(([, { requestId }]) => requestId !== undefined && requestIds.includes(requestId));
  if (own.length > 0 || type !== 'Task') return { lines: own, byTime: false };
  const until = (to ?? now.peek()) + SLACK;
  const lines = all.filter(([, { at }]) => at !== null && at >= from - SLACK && at <= until);
  return { lines, byTime: lines.length > 0 };
}

function LogLine({ line: { at, level, message } }: { line: LogRow }) {
  const bad = /^(ERROR|FATAL|CRITICAL)$/.test(level ?? '');
  return (
    <li class={bad ? 'bad' : ''}>
      <span class="muted">{at === null ? '' : clockTime(at)}</span>
      {level !== undefined && <span class="level">{level}</span>}
      <span class="message">{message}</span>
    </li>
  );
}
