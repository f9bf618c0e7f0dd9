import { describe, expect, test } from 'vitest';
import type { Json } from '../../../src/json/json.js';
import { graphMermaid } from '../../../src/views/graph/mermaid.js';
import { overlayOf } from '../../../src/views/graph/overlay.js';
import { graphSvg } from '../../../src/views/graph/svg.js';
import { graphLines } from '../../../src/views/graph/terminal.js';
import { lineText } from '../../../src/views/states/styled-lines.js';
import { oneLine } from '../../../src/views/text/safe-text.js';
import { widthOf } from '../../../src/views/text/width.js';
import { allFlowStates, graphOf } from '../../../src/workflow/definition/graph.js';
import { hostileTexts } from '../../hostile-texts.js';
import { material } from '../../shared.js';
import { failed, fold, paused } from '../sample.js';

interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
  name: string;
  container: boolean;
  text: boolean;
}

/** Boxes and texts of a drawing, read from the document as a viewer would: letters 0.6 em wide, wide ones 1.2 em. */
function read(svg: string): { boxes: Rect[]; texts: Rect[] } {
  const number = (tag: string, name: string): number =>
    Number(new RegExp(` ${name}="([^"]+)"`).exec(tag)?.[1]);
  const size = Number(/font-size="(\d+)"/.exec(svg)?.[1]);
  const boxes = [...svg.matchAll(/<title>(.*?)<\/title>(<rect [^>]*>)/g)].map(([, name = '', tag = '']) => ({
    x: number(tag, 'x'),
    y: number(tag, 'y'),
    width: number(tag, 'width'),
    height: number(tag, 'height'),
    name,
    container: / class="[^"]*container/.test(tag),
    text: false,
  }));
  const texts = [...svg.matchAll(/(<text [^>]*>)(.*?)<\/text>/g)].map(([, tag = '', name = '']) => {
    const text = name.replace(/&(amp|lt|gt|quot);/g, '.');
    const width = widthOf(text) * size * 0.6;
    const start = tag.includes('header') ? number(tag, 'x') : number(tag, 'x') - width / 2;
    return {
      x: start,
      y: number(tag, 'y') - size / 2,
      width,
      height: size,
      name,
      container: false,
      text: true,
    };
  });
  return { boxes, texts };
}

const apart = (a: Rect, b: Rect): boolean =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
const within = (a: Rect, b: Rect): boolean =>
  a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width && a.y + a.height <= b.y + b.height;

/** What overlaps in a drawing; nothing but what a container holds may. */
function overlaps({ boxes, texts }: ReturnType<typeof read>): string[] {
  const found: string[] = [];
  const all = [...boxes, ...texts];
  for (const [index, a] of all.entries()) {
    for (const b of all.slice(index + 1)) {
      if (apart(a, b)) continue;
      const aText = a.text;
      const bText = b.text;
      const held = within(b, a) && (bText || a.container) && !aText;
      const holds = within(a, b) && (aText || b.container) && !bText;
      if (!held && !holds) found.push(`${a.name} / ${b.name}`);
    }
  }
  return found;
}

function chain(states: number): Json {
  const name = (index: number): string => `状態-${index}`;
  const defined: Record<string, unknown> = {};
  for (let index = 0; index < states; index++) {
    const next = index + 1 < states ? { Next: name(index + 1) } : { End: true };
    defined[name(index)] =
      index % 7 === 3
        ? {
            Type: 'Choice',
            Choices: [
              { Variable: '$.n', NumericGreaterThan: index, Next: name(Math.min(states - 1, index + 5)) },
              { Variable: '$.again', BooleanEquals: true, Next: name(Math.max(0, index - 6)) },
            ],
            Default: name(Math.min(states - 1, index + 1)),
          }
        : {
            Type: 'Task',
            Resource: 'arn:aws:states:::lambda:invoke',
            Catch: [{ ErrorEquals: ['States.ALL'], Next: name(states - 2) }],
            ...next,
          };
  }
  return { StartAt: name(0), States: defined } as Json;
}

/** Each drawing is checked, and takes less than a second of the processor. */
function check(id: string, definition: Json): void {
  const began = process.cpuUsage();
  const graph = graphOf(definition);
  const svg = graphSvg(graph, undefined);
  expect(process.cpuUsage(began).user / 1000, id).toBeLessThan(1000);
  const drawn = read(svg);
  const states = [...allFlowStates(graph)];
  expect(drawn.boxes.length, id).toBe(states.length);
  expect(overlaps(drawn), id).toEqual([]);
  const shown = graphLines(graph, undefined)
    .map((line) => lineText(line, false))
    .join('\n');
  for (const { name } of states) expect(shown, id).toContain(name.slice(0, 15));
}

test('sixty states with loops, jumps and one catcher of all', () => check('sixty', chain(60)));
test('a hundred and twenty', () => check('a hundred and twenty', chain(120)));
test('ten thousand in a row, as long as AWS lets a definition be', () => {
  const last = 9_999;
  const states = Array.from({ length: last + 1 }, (_, at) => [
    `S${at}`,
    at < last ? { Type: 'Pass', Next: `S${at + 1}` } : { Type: 'Succeed' },
  ]);
  const graph = graphOf({ StartAt: 'S0', States: Object.fromEntries(states) });
  expect(read(graphSvg(graph, undefined)).boxes).toHaveLength(last + 1);
});
test('what would be larger than a terminal can show is a list', () => {
  const names = Array.from({ length: 60 }, (_, at) => `C${at}`);
  const choices = names.map((Next, at) => ({ Variable: '$.a', NumericEquals: at, Next }));
  const states = names.map((name) => [name, { Type: 'Choice', Choices: choices, Default: 'C0' }]);
  const graph = graphOf({ StartAt: 'C0', States: Object.fromEntries(states) });
  const lines = graphLines(graph, undefined).map((line) => lineText(line, false));
  expect(lines.filter((line) => line.endsWith('  Choice'))).toHaveLength(60);
});

material.describe('state machines of others', () => {
  const index = material.table<{ file: string; label: string }>('asl/index.json');
  test('no box or label lies on another', () => {
    const drawable = index.filter(({ label }) => label !== 'invalid');
    expect(drawable.length).toBeGreaterThan(150);
    for (const { file } of drawable) check(file, JSON.parse(material.text(`asl/${file}`)));
  });
});

test('what ran is told, once and in the terminal', () => {
  const definition = {
    StartAt: '承認と通知',
    States: {
      承認と通知: {
        Type: 'Parallel',
        Branches: [
          {
            StartAt: '上長の承認を待つ',
            States: { 上長の承認を待つ: { Type: 'Task', Resource: 'r', End: true } },
          },
          { StartAt: 'notify', States: { notify: { Type: 'Task', Resource: 'r', End: true } } },
        ],
        End: true,
      },
    },
  };
  const lines = graphLines(graphOf(definition as unknown as Json), overlayOf(fold(paused()))).map((line) =>
    lineText(line, false),
  );
  expect(lines.join('\n')).toMatchInlineSnapshot(`
    "                     ●
                         ╷
                         ▼
    ╭╌ ▸ 承認と通知 (Parallel) ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╮
    ╎                                         ╎
    ╎            ●                    ●       ╎
    ╎            ╷                    ╷       ╎
    ╎            ▼                    ▼       ╎
    ╎ ╔═════════════════════╗   ╔═══════════╗ ╎
    ╎ ║ ▸ 上長の承認を待つ  ║   ║ ▸ notify  ║ ╎
    ╎ ╚═════════════════════╝   ║ 1 failed  ║ ╎
    ╎                           ╚═══════════╝ ╎
    ╰╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╯
    "
  `);
  const svg = graphSvg(
    graphOf({ StartAt: 'check_version', States: { check_version: { Type: 'Task', End: true } } }),
    overlayOf(fold(failed())),
  );
  expect(svg).toContain('<rect class="end failed"');
});

test('a line of a wide name is as wide as the others', () => {
  const lines = graphLines(graphOf(chain(3)), undefined).map((line) => lineText(line, false));
  expect(lines.join('\n')).toMatchInlineSnapshot(`
    "        ●
            ╷
            ▼
       ┌─────────┐
       │ 状態-0  │
       └─────────┘
            ╷
            │
          catch
            ╷
            ▼──────────┐
       ┌─────────┐     │
       │ 状態-1  │     │
       └─────────┘     │
            ╷          │
         ┌──┴───┐      │
         │    catch    │
         │      ╷      │
         ▼      └──────┤
    ╔═════════╗        │
    ║ 状態-2  ║        │
    ╚═════════╝        │
         ╷             │
         │             │
       catch           │
         ╷             │
         └─────────────┘"
  `);
});

describe('names that mean something to the format', () => {
  const names = [
    ...hostileTexts,
    ...[
      'end',
      'direction LR',
      'subgraph x',
      '%%{init: {"theme":"dark"}}%%',
      '- item',
      '1. first',
      '`**x**` __y__',
    ],
    ...[
      'click s1 href "javascript:alert(1)"',
      'a]b)c}d|e-->f',
      '<script>x</script> &amp; #35; ]]>',
      '@{ shape: x }',
    ],
  ];
  const branch = (name: string) => ({ StartAt: name, States: { [name]: { Type: 'Succeed' } } });
  const graph = graphOf({
    StartAt: names[0] ?? '',
    States: {
      ...Object.fromEntries(
        names.map((name, index) => [
          name,
          {
            Type: 'Task',
            Resource: name,
            Next: names[index + 1] ?? 'all',
            Catch: [{ ErrorEquals: [name], Next: 'all' }],
          },
        ]),
      ),
      all: { Type: 'Parallel', Branches: names.map((name) => branch(`${name}.`)), End: true },
    },
  });

  test('SVG is well-formed', () => {
    const svg = graphSvg(graph, undefined);
    expect(svg).not.toMatch(/[^\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
    expect(svg).not.toMatch(/&(?!(?:amp|lt|gt|quot);)/);
    const tags = svg.match(/<[^>]*>/g) ?? [];
    const open: string[] = [];
    for (const tag of tags) {
      expect(tag).toMatch(
        /^<\/?(?:svg|style|defs|marker|path|circle|rect|g|title|text)\b(?: [\w:-]+="[^"<]*")*\/?>$/,
      );
      const name = /\w+/.exec(tag)?.[0] ?? '';
      if (tag.startsWith('</')) expect(open.pop()).toBe(name);
      else if (!tag.endsWith('/>')) open.push(name);
    }
    expect(open).toEqual([]);
    expect(read(svg).boxes).toHaveLength(2 * names.length + 1);
  });

  test('Mermaid has a line a state, and its names as they are', () => {
    const lines = graphMermaid(graph, undefined).trimEnd().split('\n').slice(1);
    const plain = /^ +(?:end|(?:start\d+\(\( \)\)|s\d+) -\.?->(?:\|"[^"|]*"\|)? s\d+)$/;
    const named = /^ +(?:subgraph )?s\d+(?:\[|\(\[)"([^"]*)"(?:\]|\]\))$/;
    const labels = lines.filter((line) => !plain.test(line)).map((line) => named.exec(line)?.[1] ?? line);
    const special = /%%|\$\$|[`"\\*[\]{}|]|direction LR|(?:^|<br\/>)(?:-|\d+\.)/;
    for (const label of labels) expect(label).not.toMatch(special);
    const decoded = labels.map((label) =>
      (label.split('<br/>')[0] ?? '').replace(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code))),
    );
    expect(new Set(decoded)).toEqual(
      new Set([...names, 'all', ...names.map((name) => `${name}.`)].map(oneLine)),
    );
  });
});
