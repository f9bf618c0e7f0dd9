import { expect, test } from 'vitest';
import { tableLines } from '../../../src/views/text/table.js';
import { widthOf } from '../../../src/views/text/width.js';

const columns = [{ head: '商品' }, { head: 'REASON', flexible: true }, { head: 'N' }];
const rows = [
  ['りんご', '価格が数字ではありません: 百円', '1'],
  ['pear', 'short', '22'],
  ['👨‍👩‍👧 e\u0301', 'line\nbreak\u001b[31m', '3'],
];

test('columns stay aligned with wide characters; nothing is cut in a pipe', () => {
  const lines = tableLines(columns, rows, { stdoutIsTTY: false, columns: 10 });
  expect(lines).toHaveLength(4);
  expect(lines[1]).toBe('りんご  価格が数字ではありません: 百円  1');
  const last = lines.map((line) => widthOf(line.replace(/\S+$/, '')));
  expect(new Set(last)).toEqual(new Set([last[0]]));
  expect(lines.join('')).not.toContain('\u001b');
});

test('on a terminal every line fits: the flexible column is cut at a character’s border', () => {
  for (const width of [24, 25, 30, 31]) {
    const lines = tableLines(columns, rows, { stdoutIsTTY: true, columns: width });
    expect(lines).toHaveLength(4);
    for (const line of lines) expect(widthOf(line), line).toBeLessThanOrEqual(width);
    expect(lines[1]).toMatch(/^りんご {2}価格が.*… +1$/);
    expect(lines[2]).toMatch(/^pear {4}short +22$/);
  }
});

test('a few long cells cost the other rows no column: each stands below its row', () => {
  const table = (rows: string[][], width: number) =>
    tableLines(executions, rows, { stdoutIsTTY: true, columns: width });
  const [long, short] = ['x'.repeat(80), 'abc'];
  const row = (key: string) => ['RUNNING', '2026-01-31 09:05:00', '1 s', 'approval', key, ''];
  for (const width of [60, 80]) {
    const lines = table([row(short), row(long), row(short), row(short)], width);
    expect(lines[0]).toMatch(width === 80 ? /MACHINE.*NAME/ : /MACHINE +NAME/);
    expect(lines.slice(1)).toHaveLength(5);
    expect(lines[3]).toBe(`  ${long}`);
    expect(lines[2]).toMatch(/^RUNNING .*approval$/);
  }
  // Where most are long, their cells decide.
  expect(table([row(long), row(long), row(short)], 80)).toHaveLength(6);
});

test('colours take no room', () => {
  const green = (text: string) => `\u001b[32m${text}\u001b[39m`;
  const lines = tableLines([{ head: 'A', paint: green }, { head: 'B' }], [['成功', 'x']], {
    stdoutIsTTY: true,
    columns: 80,
  });
  expect(lines).toEqual(['A     B', `${green('成功')}  x`]);
});

const executions = [
  { head: 'STATUS' },
  { head: 'STARTED (UTC)', drop: 3 },
  { head: 'TOOK', drop: 1 },
  { head: 'MACHINE', drop: 2 },
  { head: 'NAME' },
  { head: 'WHY', flexible: true },
];
const name = 'a81bc81b-dead-4e5d-abff-90865d1e13b1';
const cells = [
  'TIMED_OUT',
  '2026-01-31 09:05:00',
  '3 min 12 s',
  '受注-approval',
  name,
  '承認: 期限が切れました (States.Timeout)',
];

test('what one would type is never cut: free text is, then columns go, then rows take more lines', () => {
  for (let width = 40; width <= 160; width++) {
    const lines = tableLines(executions, [cells], { stdoutIsTTY: true, columns: width });
    for (const line of lines) expect(widthOf(line), `${width}: ${line}`).toBeLessThanOrEqual(width);
    expect(lines.join('\n'), String(width)).toContain(name);
    for (const cell of [lines[0]?.includes('MACHINE') && cells[3], lines[0]?.includes('STARTED') && cells[1]])
      if (cell) expect(lines[1]).toContain(cell);
  }
  const heads = (columns: number): string | undefined =>
    tableLines(executions, [cells], { stdoutIsTTY: true, columns })[0]?.replace(/\s+/g, ' ');
  expect(heads(160)).toBe('STATUS STARTED (UTC) TOOK MACHINE NAME WHY');
  expect(heads(110)).toBe('STATUS STARTED (UTC) MACHINE NAME WHY');
  expect(heads(80)).toBe('STATUS NAME WHY');
  expect(tableLines(executions, [cells], { stdoutIsTTY: true, columns: 45 })).toEqual([
    name,
    '  TIMED_OUT  2026-01-31 09:05:00  3 min 12 s',
    '  受注-approval  承認: 期限が切れました (Sta…',
  ]);
});

test('a quarter of a megabyte in Japanese is cut on a terminal of any width, and stands whole in a pipe', () => {
  const long = '行'.repeat(130_000);
  const began = process.cpuUsage();
  for (const columns of [20, 80, 200]) {
    const lines = tableLines(executions, [cells.with(5, long)], { stdoutIsTTY: true, columns });
    for (const line of lines.slice(1))
      expect(widthOf(line)).toBeLessThanOrEqual(Math.max(columns, name.length));
    expect(lines.at(-1)).toContain('行…');
  }
  const piped = tableLines(executions, [cells.with(5, long)], { stdoutIsTTY: false, columns: 80 });
  expect(piped.at(-1)).toContain(long);
  const { user, system } = process.cpuUsage(began);
  // Once it took half a minute a cell; on a busy machine, with what else runs in this process, it now takes seconds.
  expect((user + system) / 1e6).toBeLessThan(30);
});
