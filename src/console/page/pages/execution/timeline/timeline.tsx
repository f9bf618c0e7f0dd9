import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import type { StepRow } from '../../../../api.js';
import { now } from '../../../core/now.js';
import { narrow } from '../../../core/width.js';
import { t } from '../../../text/index.js';
import { IconButton } from '../../../ui/button.js';
import { durationText } from '../../../ui/time.js';
import { useWindow } from '../../../ui/window.js';
import { around, type Line, linesOf } from './lines.js';
import { ItemsOf, useItemNames } from './map-items.js';
import { moved, type Span, ticksOf, zoomed } from './scale.js';
import { TimelineRow } from './timeline-row.js';
import type { Items } from './tree-row.js';

interface TimelineProps {
  rows: ReadonlyMap<string, StepRow>;
  /** Keys of rows by the row around them. */
  inside: ReadonlyMap<string | null, readonly string[]>;
  /** Of the map runs that are open. */
  items: Items;
  onItems: Parameters<typeof ItemsOf>[0]['onRows'];
  /** Epoch milliseconds. */
  startedAt: number;
  /** Undefined while it runs. */
  stoppedAt?: number;
  chosen: string | undefined;
  onChoose(key: string): void;
  /** This row is shown, whenever it becomes another. */
  jumpTo?: { key: string };
}

const ROW = 28;
/** Whose items are read at once. */
const MOST_RUNS = 6;
/** On the axis. */
const [TICKS, NARROW_TICKS] = [4, 2];

/**
 * What ran when: a line for each visit of a state, branch, item and attempt, as a tree. Arrow keys move, open and close;
 * + and − (or the wheel with Ctrl) change the span of time that is seen, the wheel with Shift moves it.
 */
export function Timeline(props: TimelineProps) {
  const { rows, inside, items, onItems, startedAt, stoppedAt, chosen, onChoose, jumpTo } = props;
  const [opened, setOpened] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [part, setPart] = useState<Span>();
  const lines = useMemo(() => linesOf(rows, inside, opened, items), [rows, inside, opened, items]);
  const scroller = useRef<HTMLDivElement>(null);
  const { first, last, visible } = useWindow(scroller, lines.length, ROW);
  const [active, setActive] = useState<string>();
  const id = useId();
  const words = t().execution;
  const end = stoppedAt ?? Math.max(now.value, startedAt);
  const whole: Span = { from: startedAt, to: Math.max(end, startedAt + 1) };
  const span = part ?? whole;

  const runs = lines.filter(({ row, open, attempt }) => open && !attempt && row.mapRunArn !== undefined);
  const seen = lines.slice(first, last);
  const names = useItemNames(seen.flatMap(({ row }) => row.executionArn ?? []));

  const at = lines.findIndex(({ key }) => key === (active ?? chosen));
  const show = (index: number): void => {
    const element = scroller.current;
    if (!element) return;
    const [top, bottom] = [index * ROW, (index + 1) * ROW];
    if (top < element.scrollTop) element.scrollTop = top;
    else if (bottom > element.scrollTop + element.clientHeight - ROW)
      element.scrollTop = bottom - element.clientHeight + ROW;
  };
  const toggle = ({ step, open }: Line): void => setOpened(new Map(opened).set(step, !open));
  const zoom = (factor: number, share = 0.5): void =>
    setPart(zoomed(span, whole, factor, span.from + share * (span.to - span.from)));

  useEffect(() => {
    if (!jumpTo) return;
    const next = new Map(opened);
    for (const key of around(rows, jumpTo.key)) next.set(key, true);
    if (rows.get(jumpTo.key)?.mapRunArn !== undefined) next.set(jumpTo.key, true);
    setOpened(next);
    setActive(jumpTo.key);
    setPart(undefined);
    const index = linesOf(rows, inside, next, items).findIndex(({ key }) => key === jumpTo.key);
    // The list is as long as that only when it was drawn again.
    requestAnimationFrame(() => {
      const element = scroller.current;
      if (element) element.scrollTop = Math.max(0, index * ROW - element.clientHeight / 2);
    });
  }, [jumpTo]);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const onWheel = (event: WheelEvent): void => {
      if (!event.ctrlKey && !event.metaKey && !event.shiftKey) return;
      const axis = element.querySelector('.axis')?.getBoundingClientRect();
      if (!axis) return;
      event.preventDefault();
      const by = event.deltaY || event.deltaX;
      if (event.shiftKey) setPart(moved(span, whole, (by / axis.width) * (span.to - span.from)));
      else zoom(Math.exp(by / 300), Math.max(0, Math.min(1, (event.clientX - axis.left) / axis.width)));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  });

  const onKey = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const line = lines[at];
    const go = (index: number): void => {
      const to = Math.max(0, Math.min(lines.length - 1, index));
      const next = lines[to];
      if (!next) return;
      setActive(next.key);
      show(to);
    };
    const right = (): void => {
      if (line?.holds && !line.open) toggle(line);
      else if (line?.open) go(at + 1);
    };
    const left = (): void => {
      const parent = line?.attempt ? line.step : line?.row.parent;
      if (line?.open) toggle(line);
      else if (parent) go(lines.findIndex(({ key }) => key === parent));
    };
    const keys: Record<string, () => void> = {
      ArrowDown: () => go(at + 1),
      ArrowUp: () => go(at < 0 ? 0 : at - 1),
      PageDown: () => go(at + visible - 1),
      PageUp: () => go(at - visible + 1),
      Home: () => go(0),
      End: () => go(lines.length - 1),
      ArrowRight: right,
      ArrowLeft: left,
      Enter: () => line && onChoose(line.step),
      ' ': () => line && onChoose(line.step),
      '+': () => zoom(0.5),
      '-': () => zoom(2),
      0: () => setPart(undefined),
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };

  return (
    <section class="panel timeline" aria-label={words.timeline}>
      {runs.slice(-MOST_RUNS).map(({ key, row }) => (
        <ItemsOf key={key} mapRunArn={row.mapRunArn ?? ''} parent={key} onRows={onItems} />
      ))}
      <header>
        <h2>{words.timeline}</h2>
        <div class="timeline-zoom">
          <IconButton icon="plus" label={words.zoomIn} onClick={() => zoom(0.5)} />
          <IconButton icon="minus" label={words.zoomOut} disabled={!part} onClick={() => zoom(2)} />
          <IconButton icon="fit" label={words.zoomAll} disabled={!part} onClick={() => setPart(undefined)} />
        </div>
      </header>
      <div
        ref={scroller}
        class="timeline-rows"
        role="treegrid"
        aria-label={words.timelineOf}
        aria-rowcount={lines.length + 1}
        aria-activedescendant={at >= first && at < last ? `${id}-${at}` : undefined}
        tabIndex={0}
        onKeyDown={onKey}
      >
        <div role="row" class="timeline-head" aria-rowindex={1}>
          <div role="columnheader">{words.step}</div>
          <div role="columnheader" class="axis" aria-label={words.time}>
            {ticksOf(span, startedAt, narrow.value ? NARROW_TICKS : TICKS).map((tick) => {
              const left = ((tick - span.from) / (span.to - span.from)) * 100;
              return (
                <span key={tick} class={left > 90 ? 'late' : ''} style={{ left: `${left}%` }}>
                  {durationText(tick - startedAt)}
                </span>
              );
            })}
          </div>
          <div role="columnheader" class="right">
            {words.took}
          </div>
        </div>
        {lines.length === 0 && (
          <div role="row" class="nothing">
            <div role="gridcell">{words.nothingRan}</div>
          </div>
        )}
        <div role="rowgroup" class="timeline-body" style={{ height: `${lines.length * ROW}px` }}>
          <div
            role="presentation"
            class="timeline-window"
            style={{ transform: `translateY(${first * ROW}px)` }}
          >
            {seen.map((line, offset) => {
              const index = first + offset;
              return (
                <TimelineRow
                  key={line.key}
                  id={`${id}-${index}`}
                  index={index}
                  line={line}
                  about={names.get(line.row.executionArn ?? '')}
                  span={span}
                  end={end}
                  active={index === at}
                  selected={line.step === chosen}
                  onChoose={() => {
                    setActive(line.key);
                    onChoose(line.step);
                  }}
                  onToggle={() => toggle(line)}
                />
              );
            })}
          </div>
        </div>
      </div>
    </section>
  );
}
