import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { PausedRow } from '../../../api.js';
import { useTopic } from '../../core/live.js';
import { go, pathTo, place, setQuery } from '../../core/router.js';
import { narrow } from '../../core/width.js';
import { t } from '../../text/index.js';
import { Link } from '../../ui/button.js';
import { Loading, Page } from '../../ui/page.js';
import { SearchField } from '../../ui/search-field.js';
import { Answered } from './answered.js';
import { PausedBulk } from './paused-bulk.js';
import { PausedList } from './paused-list.js';
import { StepPanel } from './step-panel.js';

/** What waits for somebody, over all machines: the inbox on the left, the step that was chosen beside it. */
export function PausedPage({ id }: { id?: string }) {
  const live = useTopic('paused');
  const selected = useSignal<ReadonlySet<string>>(new Set());
  const answered = useSignal<string | undefined>(undefined);
  const changes = live.changes.value;
  const text = place.value.query.get('q') ?? '';
  const rows = useMemo(() => found([...live.rows], text), [live, changes, text]);
  const step = id === undefined ? undefined : live.rows.get(id);
  const words = t().paused;
  useEffect(() => {
    const still = [...selected.value].filter((key) => live.rows.has(key));
    if (still.length < selected.value.size) selected.value = new Set(still);
  }, [changes]);
  const next = rows.find(([key]) => key !== id && key !== answered.value);
  const leave = (done: readonly string[]): void => {
    selected.value = new Set();
    if (id !== undefined && done.includes(id)) go('/paused');
  };
  /** What was answered stays until somebody goes on: a second click must not meet the next one's buttons. */
  const onAnswered = (key: string): void => {
    if (narrow.value || next === undefined) leave([key]);
    else answered.value = key;
  };
  const facts = live.facts.value;
  const detail = id !== undefined && (
    <section class="step" aria-label={words.step}>
      {narrow.value && (
        <Link href="/paused" class="back">
          {`← ${words.title}`}
        </Link>
      )}
      {answered.value === id ? (
        <Answered id={id} next={next} />
      ) : step ? (
        <StepPanel key={id} step={step} onAnswered={() => onAnswered(id)} />
      ) : facts?.at === undefined ? (
        <Loading />
      ) : (
        <Gone id={id} />
      )}
    </section>
  );
  return (
    <Page
      fill
      title={words.title}
      facts={facts}
      beside={live.ready.value && <span class="muted">{words.count(rows.length, live.rows.size)}</span>}
    >
      {facts?.at === undefined && live.rows.size === 0 ? (
        <Loading />
      ) : (
        <div class={`inbox${id === undefined ? '' : ' open'}`}>
          {!(narrow.value && id !== undefined) && (
            <div class="inbox-list">
              <SearchField value={text} label={words.filter} onInput={(next) => setQuery({ q: next })} />
              {selected.value.size > 0 && (
                <PausedBulk
                  steps={[...selected.value].flatMap((key) => live.rows.get(key) ?? [])}
                  onSelectAll={() => {
                    selected.value = new Set(
                      rows.flatMap(([key, { answerable }]) => (answerable ? [key] : [])),
                    );
                  }}
                  onClear={() => {
                    selected.value = new Set();
                  }}
                  onDone={() => leave([...selected.value])}
                />
              )}
              <PausedList rows={rows} open={id} selected={selected} filtered={text !== ''} />
            </div>
          )}
          {detail}
        </div>
      )}
    </Page>
  );
}

/** Oldest first, as the server has them. */
function found(rows: [string, PausedRow][], text: string): [string, PausedRow][] {
  const wanted = text.trim().toLowerCase();
  const fits = ({ requestId, executionName, machine, stateName, asked, input }: PausedRow): boolean =>
    [requestId, executionName, machine, stateName, asked, input].some((one) =>
      one?.toLowerCase().includes(wanted),
    );
  return rows.filter(([, row]) => wanted === '' || fits(row)).sort(([, a], [, b]) => a.since - b.since);
}

/** It was answered, here or elsewhere, or its execution has ended. */
function Gone({ id }: { id: string }) {
  const [arn = ''] = id.split(' ');
  return (
    <p class="muted">
      {t().paused.gone} <Link href={pathTo.execution(arn)}>{t().paused.openExecution}</Link>
    </p>
  );
}
