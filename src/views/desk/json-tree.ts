import { isObject, type Json } from '../../json/json.js';
import { entriesOf, jsonText } from '../../json/lossless.js';
import type { Line } from '../states/styled-lines.js';
import { oneLine } from '../text/safe-text.js';
import { truncate, widthOf } from '../text/width.js';
import { movedBy } from '../watch/cursor.js';
import { foldedText } from './folded-text.js';

/** Where one is in a tree of JSON. */
export interface JsonView {
  /** Paths that were opened or closed by hand. */
  toggled: ReadonlySet<string>;
  cursor: string;
  search: string;
}
export const initialJson: JsonView = { toggled: new Set(), cursor: '', search: '' };

/** One line of the tree. */
export interface JsonRow {
  path: string;
  depth: number;
  name: string;
  /** Of a leaf; of what is closed, what is in it. */
  text: string;
  inner: boolean;
  open: boolean;
}

/** What is open without having been touched: two levels, and what has few members. */
const OPEN_DEPTH = 2;
const FEW = 12;

/** The rows of what is open. */
function jsonRows(value: Json, { toggled }: Pick<JsonView, 'toggled'>): JsonRow[] {
  const rows: JsonRow[] = [];
  const add = (name: string, inner: Json, path: string, depth: number): void => {
    const members = membersOf(inner);
    const byItself = members !== undefined && (depth < OPEN_DEPTH || members.length <= FEW) && depth < 6;
    const open = members !== undefined && byItself !== toggled.has(path);
    rows.push({
      path,
      depth,
      name,
      inner: members !== undefined,
      open,
      text: open ? '' : textOf(inner, members),
    });
    if (open) for (const [key, one] of members ?? []) add(key, one, `${path}/${key}`, depth + 1);
  };
  for (const [key, one] of membersOf(value) ?? [['', value] as const]) add(key, one, `/${key}`, 0);
  return rows;
}

function membersOf(value: Json): (readonly [string, Json])[] | undefined {
  const members: (readonly [string, Json])[] | undefined = Array.isArray(value)
    ? value.map((one, index) => [String(index), one] as const)
    : isObject(value)
      ? entriesOf(value)
      : undefined;
  return members && members.length > 0 ? members : undefined;
}

function textOf(value: Json, members: readonly unknown[] | undefined): string {
  if (members === undefined) return oneLine(jsonText(value));
  return Array.isArray(value) ? `[ ${members.length} ]` : `{ ${members.length} }`;
}

/** A key of the tree; undefined where it has none of that name. */
export function pressInJson(view: JsonView, key: string, value: Json, page: number): JsonView | undefined {
  const rows = jsonRows(value, view);
  const at = Math.max(
    0,
    rows.findIndex(({ path }) => path === view.cursor),
  );
  const to = (index: number): JsonView => ({
    ...view,
    cursor: rows[Math.max(0, Math.min(rows.length - 1, index))]?.path ?? '',
  });
  const row = rows[at];
  const toggle = (): JsonView => {
    if (!row?.inner) return view;
    const toggled = new Set(view.toggled);
    if (!toggled.delete(row.path)) toggled.add(row.path);
    return { ...view, cursor: row.path, toggled };
  };
  const next = movedBy(key, at, rows.length, page);
  if (next !== undefined) return to(next);
  switch (key) {
    case 'return':
    case ' ':
      return toggle();
    case 'left':
      return row?.open
        ? toggle()
        : to(rows.findLastIndex(({ depth }, index) => index < at && depth < (row?.depth ?? 0)));
    case 'right':
      return row?.inner && !row.open ? toggle() : to(at + 1);
    case 'n':
      return searched(view, value, 1);
    case 'N':
      return searched(view, value, -1);
    default:
      return undefined;
  }
}

/** The next line, in whatever is closed too, that has what is searched; what it stands in is opened. */
export function searched(view: JsonView, value: Json, step: 1 | -1): JsonView {
  const wanted = view.search.toLowerCase();
  if (wanted === '') return view;
  const all: { path: string; hit: boolean }[] = [];
  const walk = (name: string, inner: Json, path: string): void => {
    const members = membersOf(inner);
    const text = members ? name : `${name} ${typeof inner === 'string' ? inner : jsonText(inner)}`;
    all.push({ path, hit: text.toLowerCase().includes(wanted) });
    for (const [key, one] of members ?? []) walk(key, one, `${path}/${key}`);
  };
  for (const [key, one] of membersOf(value) ?? [['', value] as const]) walk(key, one, `/${key}`);
  const from = all.findIndex(({ path }) => path === view.cursor);
  for (let index = 1; index <= all.length; index++) {
    const found = all[(((from + step * index) % all.length) + all.length) % all.length];
    if (found?.hit) return { ...view, cursor: found.path, toggled: opened(view.toggled, value, found.path) };
  }
  return view;
}

/** With everything open that leads to a path. */
function opened(toggled: ReadonlySet<string>, value: Json, path: string): ReadonlySet<string> {
  const next = new Set(toggled);
  for (;;) {
    const rows = jsonRows(value, { toggled: next });
    if (rows.some((row) => row.path === path)) return next;
    const closed = rows.findLast((row) => row.inner && !row.open && path.startsWith(`${row.path}/`));
    if (!closed) return next;
    if (!next.delete(closed.path)) next.add(closed.path);
  }
}

/** As many lines as there is room for, around the chosen one. */
export function jsonLines(value: Json, view: JsonView, columns: number, room: number): Line[] {
  const rows = jsonRows(value, view);
  const at = Math.max(
    0,
    rows.findIndex(({ path }) => path === view.cursor),
  );
  const from = Math.max(0, Math.min(at - Math.floor(room / 2), rows.length - room));
  const wanted = view.search.toLowerCase();
  return rows.slice(from, from + room).flatMap((row, index): Line[] => {
    const chosen = from + index === at;
    const indent = '  '.repeat(Math.min(row.depth, Math.floor(columns / 6)));
    const head = `${chosen ? '❯ ' : '  '}${indent}${row.inner ? (row.open ? '▾ ' : '▸ ') : '  '}`;
    const hit = wanted !== '' && `${row.name} ${row.text}`.toLowerCase().includes(wanted);
    const name = truncate(
      row.name === '' ? '' : `${oneLine(row.name)}  `,
      Math.max(0, columns - head.length),
    );
    const left = columns - head.length - widthOf(name);
    const [text = '', ...folded] =
      chosen && !row.inner && left >= 16
        ? foldedText(row.text, left)
        : [truncate(row.text, Math.max(0, left))];
    const style = { dim: row.inner, bold: hit, ...(hit && { color: 'yellow' as const }) };
    return [
      [
        { text: head, ...(chosen && { color: 'cyan' as const }) },
        { text: name, color: 'cyan', bold: chosen || hit },
        { text, ...style },
      ],
      // A long text is whole where one is.
      ...folded
        .slice(0, Math.floor(room / 2))
        .map((line): Line => [{ text: ' '.repeat(columns - left) }, { text: line, ...style }]),
    ];
  });
}
