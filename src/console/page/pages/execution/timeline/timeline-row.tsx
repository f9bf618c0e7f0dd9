import { narrow } from '../../../core/width.js';
import { t } from '../../../text/index.js';
import { durationText } from '../../../ui/time.js';
import { Bars } from './bars.js';
import type { Line } from './lines.js';
import type { Span } from './scale.js';
import { nameOfStep, StepSign } from './step-name.js';

interface RowProps {
  id: string;
  /** Among all lines. */
  index: number;
  line: Line;
  /** What an item of a Distributed Map is about. */
  about: string | undefined;
  span: Span;
  /** Until when open bars go. */
  end: number;
  active: boolean;
  selected: boolean;
  onChoose(): void;
  onToggle(): void;
}

/** A line of the timeline: its place in the tree, its bar, how long it took. */
export function TimelineRow(props: RowProps) {
  const { id, index, line, about, span, end, active, selected, onChoose, onToggle } = props;
  const { row, depth, holds, open, attempt } = line;
  const words = t().execution;
  const name = attempt ? words.attempt(attempt.number) : nameOfStep(row);
  const { from, to } = attempt?.of ?? row;
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-level={depth + 1}
      aria-expanded={holds ? open : undefined}
      aria-selected={selected}
      class={`timeline-row${active ? ' active' : ''}${selected ? ' selected' : ''}`}
      onClick={onChoose}
    >
      <div
        role="gridcell"
        class="timeline-name"
        style={{ paddingLeft: `${Math.min(depth, 8) * (narrow.value ? 6 : 14)}px` }}
      >
        {holds ? (
          <button
            type="button"
            class="twist"
            tabIndex={-1}
            aria-label={open ? words.shut(name) : words.open(name)}
            onClick={(event) => {
              event.stopPropagation();
              onToggle();
            }}
          >
            <svg width="10" height="10" viewBox="0 0 16 16" aria-hidden="true">
              <path d={open ? 'M3 5.5 8 10.5 13 5.5' : 'M5.5 3 10.5 8 5.5 13'} />
            </svg>
          </button>
        ) : (
          <span class="twist" />
        )}
        <StepSign look={attempt ? lookOfAttempt(line) : row.look} />
        <span class={`text${attempt ? ' muted' : ''}`} title={about ? `${name}: ${about}` : name}>
          {about || name}
          {row.items !== undefined && !attempt && <span class="muted"> × {row.items}</span>}
        </span>
      </div>
      <div role="gridcell" class="timeline-bars">
        <Bars line={line} span={span} end={end} />
      </div>
      <div role="gridcell" class="right muted">
        {durationText((to ?? end) - from)}
      </div>
    </div>
  );
}

function lookOfAttempt({ attempt, row }: Line): Line['row']['look'] {
  if (attempt?.of.failed) return 'failed';
  return attempt?.of.to === null ? row.look : 'succeeded';
}
