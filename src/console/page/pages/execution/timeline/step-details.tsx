import { detailsOf, textOf } from '../../../../../workflow/history/event-details.js';
import type { EventsDocument, ExecutionDataDocument } from '../../../../api.js';
import { useLoaded } from '../../../core/load.js';
import { pathTo } from '../../../core/router.js';
import { t } from '../../../text/index.js';
import { IconButton, Link } from '../../../ui/button.js';
import { JsonTree } from '../../../ui/json-tree.js';
import { Loading, Trouble } from '../../../ui/page.js';
import { Time, Took } from '../../../ui/time.js';
import { LogLines } from '../log-lines.js';
import { nameOfStep, StepSign } from './step-name.js';
import type { TreeRow } from './tree-row.js';

interface DetailsProps {
  arn: string;
  row: TreeRow;
  /** Indexes in the Maps around it. */
  items: readonly number[];
  onClose(): void;
}

/** One step: its input and output, why it failed, what its function wrote meanwhile. */
export function StepDetails({ arn, row, items, onClose }: DetailsProps) {
  const words = t().execution;
  const { look, from, to, type, tries = [], mapRunArn, executionArn } = row;
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
        {executionArn !== undefined && (
          <Link href={pathTo.execution(executionArn)}>{words.itsExecution}</Link>
        )}
        <IconButton icon="close" label={words.closeDetails} onClick={onClose} />
      </header>
      {executionArn !== undefined && <DataOfItem key={`${executionArn} ${look}`} arn={executionArn} />}
      {row.begunBy !== undefined && row.kind !== 'item' && (
        <DataOfStep arn={arn} begunBy={row.begunBy} endedBy={row.endedBy} />
      )}
      {row.kind === 'state' && <LogLines arn={arn} row={row} />}
    </section>
  );
}

function DataOfStep({ arn, begunBy, endedBy }: { arn: string; begunBy: number; endedBy?: number }) {
  const ids = endedBy === undefined ? `${begunBy}` : `${begunBy},${endedBy}`;
  const path = `/api/executions/${encodeURIComponent(arn)}/events?ids=${ids}`;
  const { value, error } = useLoaded<EventsDocument>(path);
  if (error !== undefined) return <Trouble error={error} />;
  if (!value) return <Loading />;
  const begun = value.events.find(({ id }) => id === begunBy);
  const ended = value.events.find(({ id }) => id === endedBy);
  const { output, error: code, cause } = (ended ? detailsOf(asEvent(ended)) : {}) as Record<string, unknown>;
  const input = begun && textOf(detailsOf(asEvent(begun)).input);
  return <Data input={input} output={textOf(output)} error={textOf(code)} cause={textOf(cause)} />;
}

/** Of an item of a Distributed Map: what its execution was given, and what became of it. */
function DataOfItem({ arn }: { arn: string }) {
  const { value, error } = useLoaded<ExecutionDataDocument>(
    `/api/executions/${encodeURIComponent(arn)}/data`,
  );
  if (error !== undefined) return <Trouble error={error} />;
  return value ? <Data {...value} /> : <Loading />;
}

type Texts = Partial<Record<'input' | 'output' | 'error' | 'cause', string | null>>;

function Data({ input, output, error, cause }: Texts) {
  const words = t().execution;
  const why = cause ?? error;
  return (
    <div class="two">
      {why && <JsonTree label={error ?? words.error} text={why} />}
      {input != null && <JsonTree label={words.input} text={input} />}
      {output != null && <JsonTree label={words.output} text={output} />}
    </div>
  );
}

/** As `history -o json` has it: the time alone is another. */
export const asEvent = ({ timestamp, ...event }: EventsDocument['events'][number]) =>
  ({ ...event, timestamp: Date.parse(timestamp ?? '') }) as Parameters<typeof detailsOf>[0];
