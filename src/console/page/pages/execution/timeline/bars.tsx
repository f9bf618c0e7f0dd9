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
        style={placeOf(bar)}
      />
      {failed.slice(0, MOST_MARKS).map((one) => {
        const part = barIn(span, one.from, one.to ?? end);
        return part && <span key={one.from} class="bar tried" style={placeOf(part)} />;
      })}
    </>
  );
}

const MOST_MARKS = 5;

/** What ended at the very end still has the 3 pixels of the shortest bar. */
const placeOf = ({ left, width }: { left: number; width: number }) => ({
  left: `min(${left}%, calc(100% - 3px))`,
  width: `${width}%`,
});
