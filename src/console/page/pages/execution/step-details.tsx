import { detailsOf, textOf } from '../../../../workflow/history/event-details.js';
import type { EventsDocument, StepRow } from '../../../api.js';
import { useLoaded } from '../../core/load.js';
import { pathTo } from '../../core/router.js';
import { t } from '../../text/index.js';
import { IconButton, Link } from '../../ui/button.js';
import { JsonTree } from '../../ui/json-tree.js';
import { Loading, Trouble } from '../../ui/page.js';
import { Time, Took } from '../../ui/time.js';
import { LogLines } from './log-lines.js';
import { nameOfStep, StepSign } from './step-name.js';

interface DetailsProps {
  arn: string;
  row: StepRow;
  /** Indexes in the Maps around it. */
  items: readonly number[];
  onClose(): void;
}

/** One step: its input and output, why it failed, what its function wrote meanwhile. */
export function StepDetails({ arn, row, items, onClose }: DetailsProps) {
  const words = t().execution;
  const { look, from, to, type, tries = [], begunBy, endedBy, mapRunArn } = row;
  const ids = endedBy === undefined ? `${begunBy}` : `${begunBy},${endedBy}`;
  const path = `/api/executions/${encodeURIComponent(arn)}/events?ids=${ids}`;
  const { value, error } = useLoaded<EventsDocument>(path);
  const [begun, ended] = [
    value?.events.find(({ id }) => id === begunBy),
    value?.events.find(({ id }) => id === endedBy),
  ];
  const input = begun && textOf(detailsOf(asEvent(begun)).input);
  const { output, error: code, cause } = (ended ? detailsOf(asEvent(ended)) : {}) as Record<string, unknown>;
  const [outputText, causeText] = [textOf(output), textOf(cause)];
  return (
    <section class="panel step-details" aria-label={words.details}>
      <header>
        <h2>
          <StepSign look={look} /> {nameOfStep(row)}
          {row.kind === 'state' && items.length > 0 && (
            <span class="mono">{items.map((index) => `[${index}]`).join('')}</span>
          )}
        </h2>
        <span class="muted">
          {[type, words.looks[look]].filter(Boolean).join(' · ')} · <Time at={from} /> ·{' '}
          <Took from={from} to={to} />
          {tries.length > 1 && ` · ${words.attempts(tries.length)}`}
        </span>
        {mapRunArn !== undefined && <Link href={pathTo.mapRun(mapRunArn)}>{words.mapRuns}</Link>}
        <IconButton icon="close" label={words.closeDetails} onClick={onClose} />
      </header>
      {error !== undefined && <Trouble error={error} />}
      {!value && error === undefined && <Loading />}
      {value && row.kind !== 'item' && (
        <div class="two">
          {(code !== undefined || causeText !== undefined) && (
            <JsonTree label={textOf(code) ?? words.error} text={causeText ?? textOf(code) ?? ''} />
          )}
          {input !== undefined && <JsonTree label={words.input} text={input} />}
          {outputText !== undefined && <JsonTree label={words.output} text={outputText} />}
        </div>
      )}
      {row.kind === 'state' && <LogLines arn={arn} row={row} />}
    </section>
  );
}

/** As `history -o json` has it: the time alone is another. */
export const asEvent = ({ timestamp, ...event }: EventsDocument['events'][number]) =>
  ({ ...event, timestamp: Date.parse(timestamp ?? '') }) as Parameters<typeof detailsOf>[0];
