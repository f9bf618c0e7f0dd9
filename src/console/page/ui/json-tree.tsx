import { useMemo, useState } from 'preact/hooks';
import { t } from '../text/index.js';
import { Button, IconButton } from './button.js';
import { copyText } from './copy.js';
import { Icon } from './icon.js';

type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value };

/** Of an object or a list that is open, so many are drawn at once. */
const PORTION = 100;
const LONGEST = 2_000;

interface TreeProps {
  label: string;
  /** JSON text; what is none is shown as it is. */
  text: string;
  /** Levels that are open at first. */
  depth?: number;
}

/** JSON as a tree: only what is open is there. Search opens the ways to what it finds; copying gives the text itself. */
export function JsonTree({ label, text, depth = 2 }: TreeProps) {
  const value = useMemo(() => parsed(text), [text]);
  const [wanted, setWanted] = useState('');
  const [open, setOpen] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [at, setAt] = useState(0);
  const found = useMemo(() => (wanted === '' || !value ? [] : matches(value.json, wanted)), [value, wanted]);
  const current = found[at % Math.max(1, found.length)];
  const ways = useMemo(() => new Set(current === undefined ? [] : parentsOf(current)), [current]);
  const words = t().shell;
  return (
    <div class="json">
      <div class="json-head">
        <span class="json-label">{label}</span>
        {value && (
          <label class="search small">
            <Icon name="search" />
            <input
              type="search"
              value={wanted}
              aria-label={`${words.search}: ${label}`}
              placeholder={words.search}
              onInput={(event) => {
                setWanted(event.currentTarget.value);
                setAt(0);
              }}
              onKeyDown={(event) => {
                if (event.key === 'Enter') setAt(at + 1);
              }}
            />
          </label>
        )}
        {wanted !== '' && (
          <button
            type="button"
            class="button quiet"
            onClick={() => setAt(at + 1)}
            disabled={found.length === 0}
          >
            {found.length === 0 ? words.noMatch : `${(at % found.length) + 1} / ${found.length}`}
          </button>
        )}
        <IconButton icon="copy" label={`${words.copy}: ${label}`} onClick={() => copyText(text)} />
      </div>
      {value ? (
        <div class="tree" role="group" aria-label={label} tabIndex={0}>
          <Node
            path=""
            value={value.json}
            level={0}
            tree={{
              isOpen: (path, level) => (open.get(path) ?? level < depth) || ways.has(path),
              toggle: (path, to) => setOpen(new Map(open).set(path, to)),
              wanted: wanted.toLowerCase(),
              current,
            }}
          />
        </div>
      ) : (
        <pre class="tree" tabIndex={0}>
          {text.slice(0, 100_000)}
        </pre>
      )}
    </div>
  );
}

interface Tree {
  isOpen(path: string, level: number): boolean;
  toggle(path: string, to: boolean): void;
  wanted: string;
  current: string | undefined;
}

interface NodeProps {
  path: string;
  name?: string;
  value: Value;
  level: number;
  tree: Tree;
}

function Node({ path, name, value, level, tree }: NodeProps) {
  const isCurrent = tree.current === path;
  const key = name === undefined ? null : <span class="key">{name}: </span>;
  const mark = isCurrent ? ' current' : '';
  const scroll = isCurrent
    ? (element: HTMLElement | null) => element?.scrollIntoView({ block: 'nearest' })
    : undefined;
  if (typeof value !== 'object' || value === null)
    return (
      <div ref={scroll} class={`leaf${mark}`}>
        {key}
        <Leaf value={value} />
      </div>
    );
  const list = Array.isArray(value);
  const count = list ? value.length : Object.keys(value).length;
  const isOpen = tree.isOpen(path, level);
  if (count === 0)
    return (
      <div ref={scroll} class={`leaf${mark}`}>
        {key}
        <span class="count">{list ? '[]' : '{}'}</span>
      </div>
    );
  return (
    <div class="branch">
      <button
        ref={scroll}
        type="button"
        class={`fold${mark}`}
        aria-expanded={isOpen}
        onClick={() => tree.toggle(path, !isOpen)}
      >
        <Icon name="chevron" size={12} />
        {key}
        <span class="count">{list ? `[${count}]` : `{${count}}`}</span>
      </button>
      {isOpen && <Children path={path} value={value} level={level + 1} tree={tree} />}
    </div>
  );
}

function Children({ path, value, level, tree }: { path: string; value: object; level: number; tree: Tree }) {
  const [most, setMost] = useState(PORTION);
  const entries = Object.entries(value) as [string, Value][];
  // What was found is there, however far down it is.
  const at = entries.findIndex(([name]) => tree.current?.startsWith(`${path}/${escapedName(name)}`) === true);
  const from = at >= most ? Math.max(0, at - PORTION / 2) : 0;
  const shown = entries.slice(from, from + Math.max(most, PORTION));
  const left = entries.length - from - shown.length;
  return (
    <div class="children">
      {shown.map(([name, child]) => (
        <Node
          key={name}
          path={`${path}/${escapedName(name)}`}
          name={name}
          value={child}
          level={level}
          tree={tree}
        />
      ))}
      {left > 0 && (
        <Button kind="quiet" onClick={() => setMost(most + PORTION)}>
          {t().shell.moreItems(left)}
        </Button>
      )}
    </div>
  );
}

function Leaf({ value }: { value: null | boolean | number | string }) {
  const [whole, setWhole] = useState(false);
  if (typeof value !== 'string')
    return <span class={value === null ? 'null' : typeof value}>{String(value)}</span>;
  const long = value.length > LONGEST && !whole;
  return (
    <>
      <span class="string">{JSON.stringify(long ? value.slice(0, LONGEST) : value)}</span>
      {long && (
        <Button kind="quiet" onClick={() => setWhole(true)}>
          {t().shell.more}
        </Button>
      )}
    </>
  );
}

/** JSON Pointer's way to write a name in a path. */
const escapedName = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

function parsed(text: string): { json: Value } | undefined {
  try {
    return { json: JSON.parse(text) as Value };
  } catch {
    return undefined;
  }
}

const MOST_MATCHES = 1_000;

/** Paths of what has the text in its name or its value, in the order of the tree. */
function matches(root: Value, wanted: string): string[] {
  const text = wanted.toLowerCase();
  const found: string[] = [];
  const visit = (value: Value, path: string, name: string): void => {
    if (found.length >= MOST_MATCHES) return;
    const isLeaf = typeof value !== 'object' || value === null;
    if (name.toLowerCase().includes(text) || (isLeaf && String(value).toLowerCase().includes(text)))
      found.push(path);
    if (!isLeaf)
      for (const [key, child] of Object.entries(value)) visit(child, `${path}/${escapedName(key)}`, key);
  };
  visit(root, '', '');
  return found;
}

const parentsOf = (path: string): string[] => {
  const parts = path.split('/');
  return parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join('/'));
};
