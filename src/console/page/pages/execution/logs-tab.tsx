import { useEffect, useMemo, useState } from 'preact/hooks';
import type { LogFacts, LogRow } from '../../../api.js';
import { useTopic } from '../../core/live.js';
import { t } from '../../text/index.js';
import { saidText } from '../../text/translations/page-language.js';
import { Loading } from '../../ui/page.js';
import { SearchField } from '../../ui/search-field.js';
import { clockTime } from '../../ui/time.js';
import { type Column, VirtualList } from '../../ui/virtual-list.js';
import type { Wish } from './tab-request.js';

/** Its functions' log lines, in the order in which they came. */
export function LogsTab({ arn, wish }: { arn: string; wish: Wish }) {
  const live = useTopic<LogRow, LogFacts>(`logs:${arn}`);
  const [text, setText] = useState(wish.text ?? '');
  useEffect(() => setText(wish.text ?? ''), [wish]);
  const changes = live.changes.value;
  const rows = useMemo(() => {
    const wanted = text.trim().toLowerCase();
    return [...live.rows].filter(([, { message, requestId = '', group, level = '' }]) =>
      `${message} ${requestId} ${group} ${level}`.toLowerCase().includes(wanted),
    );
  }, [live, changes, text]);
  const words = t().execution;
  const facts = live.facts.value;
  if (!facts) return <Loading />;
  return (
    <div class="filled">
      <div class="filters">
        <SearchField value={text} label={t().shell.search} onInput={(next) => setText(next)} />
        {facts.more && <span class="muted">{words.capped}</span>}
        {facts.missing !== undefined && <span class="muted">{saidText(facts.missing)}</span>}
        {(facts.groups ?? []).length > 0 && (
          <span class="muted">{words.missingGroups((facts.groups ?? []).join(', '))}</span>
        )}
        {(facts.unclear ?? []).map(({ functionName, calls }) => (
          <span key={functionName} class="muted">
            {words.unclear(functionName, calls)}
          </span>
        ))}
      </div>
      <VirtualList
        label={words.logLines}
        rows={rows}
        keyOf={([key]) => key}
        columns={columns()}
        empty={live.rows.size === 0 ? words.noLogLines : t().shell.noMatch}
      />
    </div>
  );
}

function columns(): Column<[string, LogRow]>[] {
  const words = t().execution;
  return [
    {
      key: 'time',
      head: words.time,
      width: '110px',
      cell: ([, { at }]) => <span class="muted">{at === null ? '' : clockTime(at)}</span>,
    },
    {
      key: 'group',
      head: words.logFunction,
      width: 'minmax(90px, 180px)',
      wide: true,
      cell: ([, { group }]) => <span title={group}>{group.split('/').at(-1) || group}</span>,
    },
    {
      key: 'level',
      head: words.logLevel,
      width: '64px',
      cell: ([, { level = '' }]) => (
        <span class={/^(ERROR|FATAL|CRITICAL)$/.test(level) ? 'look-failed' : 'muted'}>{level}</span>
      ),
    },
    {
      key: 'name',
      head: words.logMessage,
      width: 'minmax(200px, 1fr)',
      cell: ([, { message }]) => (
        <span class="mono" title={message}>
          {message}
        </span>
      ),
    },
  ];
}
