import type { ComponentChildren, TargetedKeyboardEvent } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { narrow } from '../core/width.js';
import { useInnerWidth, useWindow } from './window.js';

export interface Column<Row> {
  key: string;
  head: string;
  /** Of CSS grid: `120px`, `minmax(160px, 2fr)`. */
  width: string;
  cell(row: Row): ComponentChildren;
  align?: 'right';
  /** Its head is for those who listen. */
  unseenHead?: boolean;
  /** Not on a narrow screen. */
  wide?: boolean;
  /** A number that says nothing without its head: on a narrow screen that stands before it. */
  labelled?: boolean;
}

interface ListProps<Row> {
  label: string;
  rows: readonly Row[];
  keyOf(row: Row): string;
  columns: readonly Column<Row>[];
  /** Enter, or a click beside links and fields. */
  onOpen?(row: Row): void;
  /** Space: chosen or not. `range`: with all from the last one that was chosen. */
  onSelect?(row: Row, range: boolean): void;
  isSelected?(row: Row): boolean;
  /** Above the list's first row, instead of the heads of columns. */
  empty?: ComponentChildren;
  /** Pixels of a row; twice as many lines on a narrow screen. */
  rowHeight?: number;
}

const [ROW, NARROW_ROW] = [37, 60];
/** Of a row that is not stacked, as in `list.css`: between two columns, and at both ends. */
const [GAP, ENDS] = [12, 48];

/** Pixels that all columns need side by side. */
const leastWidth = (columns: readonly { width: string }[]): number =>
  columns.reduce((sum, { width }) => sum + GAP + Number(/\d+/.exec(width)?.[0] ?? 0), ENDS - GAP);

/**
 * A list of any length: only what is seen is there, and half a screen more. Arrow keys move, Enter opens, space chooses:
 * it is one stop of Tab, so that links and ticks in its rows have `tabIndex={-1}`.
 */
export function VirtualList<Row>(props: ListProps<Row>) {
  const { label, rows, keyOf, columns, onOpen, onSelect, isSelected, empty } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const innerWidth = useInnerWidth(scroller);
  const stacked = narrow.value || innerWidth < leastWidth(columns);
  const height = stacked ? NARROW_ROW : (props.rowHeight ?? ROW);
  const [activeKey, setActiveKey] = useState<string>();
  const id = useId();
  const { first, last, visible } = useWindow(scroller, rows.length, height);
  const shown = rows.slice(first, last);
  const active = activeKey === undefined ? -1 : rows.findIndex((row) => keyOf(row) === activeKey);
  const rowId = (index: number): string => `${id}-${index}`;

  const indexOf = (target: EventTarget | null): number => {
    if (!(target instanceof Element) || !target.matches('a,input[type=checkbox]')) return -1;
    const row = target.closest('.row');
    return row ? Number(row.getAttribute('aria-rowindex')) - 2 : -1;
  };
  const moveTo = (index: number): void => {
    const to = Math.max(0, Math.min(rows.length - 1, index));
    const row = rows[to];
    const element = scroller.current;
    if (row === undefined || !element) return;
    setActiveKey(keyOf(row));
    const [top, bottom] = [to * height, (to + 1) * height];
    if (top < element.scrollTop) element.scrollTop = top;
    else if (bottom > element.scrollTop + element.clientHeight)
      element.scrollTop = bottom - element.clientHeight;
  };
  const onKey = (event: TargetedKeyboardEvent<HTMLElement>): void => {
    const { target, currentTarget } = event;
    const inside = target !== currentTarget;
    // Where a click has put the focus on a row's link or its tick, arrows go on from that row.
    const on = inside ? indexOf(target) : active;
    if (inside && on < 0) return;
    const page = Math.max(1, visible - 1);
    const moves: Record<string, number> = {
      ArrowDown: on + 1,
      ArrowUp: on < 0 ? 0 : on - 1,
      PageDown: on + page,
      PageUp: on - page,
      Home: 0,
      End: rows.length - 1,
    };
    const row = rows[active];
    const to = moves[event.key];
    if (to !== undefined) {
      moveTo(to);
      currentTarget.focus({ preventScroll: true });
    } else if (inside) return;
    else if (event.key === 'Enter' && row !== undefined && onOpen) onOpen(row);
    else if (event.key === ' ' && row !== undefined && onSelect) onSelect(row, event.shiftKey);
    else return;
    event.preventDefault();
  };
  useEffect(() => {
    if (active < 0 && activeKey !== undefined) setActiveKey(undefined);
  }, [active, activeKey]);

  const template = columns
    .filter(({ wide }) => !stacked || !wide)
    .map(({ width }) => width)
    .join(' ');
  const seen = columns.filter(({ wide }) => !stacked || !wide);
  return (
    <div class={`list${stacked ? ' stacked' : ''}`}>
      <div
        ref={scroller}
        class="rows"
        role="grid"
        aria-label={label}
        aria-rowcount={rows.length + 1}
        aria-multiselectable={onSelect ? 'true' : undefined}
        aria-activedescendant={active >= first && active < first + shown.length ? rowId(active) : undefined}
        tabIndex={0}
        onKeyDown={onKey}
      >
        <div
          role="row"
          class="heads"
          aria-rowindex={1}
          style={stacked ? undefined : { gridTemplateColumns: template }}
        >
          {seen.map(({ key, head, align, unseenHead }) => (
            <div key={key} role="columnheader" class={align}>
              {unseenHead ? <span class="unseen">{head}</span> : head}
            </div>
          ))}
        </div>
        {rows.length === 0 ? (
          <div role="row" class="empty">
            <div role="gridcell">{empty}</div>
          </div>
        ) : (
          <div role="rowgroup" class="body" style={{ height: `${rows.length * height}px` }}>
            <div role="presentation" class="window" style={{ transform: `translateY(${first * height}px)` }}>
              {shown.map((row, offset) => {
                const index = first + offset;
                const selected = isSelected?.(row);
                return (
                  <div
                    key={keyOf(row)}
                    id={rowId(index)}
                    role="row"
                    aria-rowindex={index + 2}
                    aria-selected={onSelect ? selected === true : undefined}
                    class={`row${index === active ? ' active' : ''}${selected ? ' selected' : ''}`}
                    style={{ height: `${height}px`, ...(!stacked && { gridTemplateColumns: template }) }}
                    onClick={(event) => {
                      if (isControl(event.target)) return;
                      setActiveKey(keyOf(row));
                      if (!getSelection()?.toString()) onOpen?.(row);
                    }}
                  >
                    {seen.map(({ key, head, cell, align, labelled }) => {
                      const shownCell = cell(row);
                      return (
                        <div key={key} role="gridcell" class={`cell ${key} ${align ?? ''}`}>
                          {stacked && labelled && shownCell !== '' && `${head} `}
                          {shownCell}
                        </div>
                      );
                    })}
                  </div>
                );
              })}
            </div>
          </div>
        )}
      </div>
    </div>
  );
}

const isControl = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('a,button,input,select,label') !== null;
