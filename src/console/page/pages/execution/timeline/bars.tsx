import type { Line } from './lines.js';
import { barIn, type Span } from './scale.js';

/** The bar of a line: of several attempts, what failed of it is marked. `end`: until when open ones go. */
export function Bars({ line: { row, attempt }, span, end }: { line: Line; span: Span; end: number }) {
  const from = attempt?.of.from ?? row.from;
  const to = (attempt ? attempt.of.to : row.to) ?? end;
  const bar = barIn(span, from, to);
  if (!bar) return null;
  const look = attempt ? (attempt.of.failed ? 'failed' : row.look) : row.look;
  const failed = attempt ? [] : (row.tries ?? []).filter((one) => one.failed && one.to !== null);
  return (
    <>
      <span
        class={`bar ${look}${row.kind === 'state' ? '' : ' group'}${row.to === null ? ' open' : ''}`}
        style={{ left: `${bar.left}%`, width: `${bar.width}%` }}
      />
      {failed.slice(0, MOST_MARKS).map((one) => {
        const part = barIn(span, one.from, one.to ?? end);
        return (
          part && (
            <span
              key={one.from}
              class="bar tried"
              style={{ left: `${part.left}%`, width: `${part.width}%` }}
            />
          )
        );
      })}
    </>
  );
}

const MOST_MARKS = 5;
