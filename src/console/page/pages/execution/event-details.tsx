import type { EventRow } from '../../../../views/execution/event-row.js';
import { detailsOf } from '../../../../workflow/history/event-details.js';
import type { EventsDocument, StepRow } from '../../../api.js';
import { useTopic } from '../../core/live.js';
import { useLoaded } from '../../core/load.js';
import { t } from '../../text/index.js';
import { happened } from '../../text/translations/page-language.js';
import { IconButton } from '../../ui/button.js';
import { JsonTree } from '../../ui/json-tree.js';
import { Loading, Trouble } from '../../ui/page.js';
import { fullTime } from '../../ui/time.js';
import { LogLines } from './log-lines.js';
import { asEvent } from './timeline/step-details.js';

interface DetailsProps {
  arn: string;
  id: string;
  event: EventRow;
  onClose(): void;
}

/** One event, whole, and what the function that it tells of wrote. */
export function EventDetails({ arn, id, event, onClose }: DetailsProps) {
  const path = `/api/executions/${encodeURIComponent(arn)}/events?ids=${id}`;
  const { value, error } = useLoaded<EventsDocument>(path);
  const steps = useTopic<StepRow>(`steps:${arn}`);
  void steps.changes.value;
  const row = event.step === undefined ? undefined : steps.rows.get(event.step);
  const words = t().execution;
  const [found] = value?.events ?? [];
  return (
    <section class="event-details" aria-label={words.details}>
      <header>
        <h2>{event.type}</h2>
        <IconButton icon="close" label={words.closeDetails} onClick={onClose} />
      </header>
      <p class="muted">
        {[words.event(id), event.stateName, fullTime(event.at)].filter(Boolean).join(' · ')}
      </p>
      {event.failed && event.what !== undefined && <p class="look-failed">{happened(event.what)}</p>}
      {error !== undefined && <Trouble error={error} />}
      {!value && error === undefined && <Loading />}
      {found && partsOf(found).map(([name, text]) => <JsonTree key={name} label={name} text={text} />)}
      {row?.kind === 'state' && row.type === 'Task' && <LogLines arn={arn} row={row} />}
    </section>
  );
}

/** Texts that hold JSON by themselves, the rest together. */
function partsOf(event: EventsDocument['events'][number]): [name: string, text: string][] {
  const details = detailsOf(asEvent(event));
  const parts: [string, string][] = [];
  const rest: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(details))
    if (typeof value === 'string' && /^\s*[[{]/.test(value)) parts.push([name, value]);
    else rest[name] = value;
  if (Object.keys(rest).length > 0 || parts.length === 0)
    parts.push([t().execution.whole, JSON.stringify({ previousEventId: event.previousEventId, ...rest })]);
  return parts;
}
