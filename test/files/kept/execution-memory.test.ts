import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { executionMemory } from '../../../src/files/kept/execution-memory.js';
import type { RememberedExecution } from '../../../src/ports/execution-memory.js';

const machine = 'arn:aws:states:ap-northeast-1:123456789012:stateMachine:承認';

const scratch = (): string => mkdtempSync(join(tmpdir(), 'memory-'));
const learned = (...executions: [name: string, one: RememberedExecution][]) => ({
  executions: new Map(executions),
});
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

test('several that add at the same time lose nothing of each other, and leave one file in the end', async () => {
  const folder = scratch();
  const add = async (command: number): Promise<void> => {
    const memory = executionMemory('dev', folder);
    for (let n = 0; n < 20; n++)
      await memory.add(machine, learned([`e-${command}-${n}`, { startDate: n, inputIds: [`r-${n}`] }]));
  };
  await Promise.all([0, 1, 2, 3, 4].map(add));
  const after = executionMemory('dev', folder);
  expect((await after.load(machine)).executions.size).toBe(100);
  await after.add(machine, learned(['last', { startDate: 1 }]));
  expect(filesIn(folder)).toHaveLength(1);
  expect((await executionMemory('dev', folder).load(machine)).executions.size).toBe(101);
  expect((await executionMemory('prod', folder).load(machine)).executions.size).toBe(0);
});

test('what two have learned of one execution is put together; of another one of its name nothing is kept', async () => {
  const memory = executionMemory('dev', scratch());
  const requestIds = ['r-2'];
  await memory.add(machine, learned(['夜間', { startDate: 1, inputIds: ['r-1'] }]));
  await memory.add(machine, learned(['夜間', { startDate: 1, steps: { redriveCount: 0, requestIds } }]));
  expect((await memory.load(machine)).executions.get('夜間')).toEqual({
    startDate: 1,
    inputIds: ['r-1'],
    steps: { redriveCount: 0, requestIds },
  });
  const redriven = { redriveCount: 1, requestIds: [], asleep: { until: 9, by: 'b' } };
  await memory.add(machine, learned(['夜間', { startDate: 1, steps: redriven }]));
  await memory.add(machine, learned(['夜間', { startDate: 1, steps: { redriveCount: 0, requestIds } }]));
  expect((await memory.load(machine)).executions.get('夜間')?.steps).toEqual(redriven);
  await memory.add(machine, learned(['夜間', { startDate: 2 }], ['__proto__', { startDate: 3 }]));
  const { executions } = await executionMemory('dev', scratch()).load(machine);
  expect(executions.size).toBe(0);
  expect([...(await memory.load(machine)).executions]).toEqual([
    ['夜間', { startDate: 2 }],
    ['__proto__', { startDate: 3 }],
  ]);
});

test('of very many the newest are kept, and those that sleep longest', async () => {
  const memory = executionMemory('dev', scratch(), 3);
  const steps = { redriveCount: 0, requestIds: [], asleep: { until: 100 } };
  await memory.add(machine, learned(['old', { startDate: 1 }], ['asleep', { startDate: 2, steps }]));
  await memory.add(machine, learned(['a', { startDate: 3 }], ['b', { startDate: 4 }]));
  expect([...(await memory.load(machine)).executions.keys()].sort()).toEqual(['a', 'asleep', 'b']);
});

test('what is damaged, cut short or of another form remembers nothing, and is cleared away', async () => {
  const folder = scratch();
  const memory = executionMemory('dev', folder);
  await memory.add(machine, learned(['e', { startDate: 1 }]));
  const [file = ''] = filesIn(folder);
  for (const text of ['', '{"version":2,"execu', '[]', 'null', '{"version":1,"executions":{"e":{}}}']) {
    writeFileSync(file, text);
    expect((await executionMemory('dev', folder).load(machine)).executions.size).toBe(0);
  }
  const unsound = { a: null, b: { startDate: '1' }, c: { startDate: 1, steps: {} }, d: { startDate: 1 } };
  writeFileSync(file, JSON.stringify({ version: 2, executions: unsound }));
  const again = executionMemory('dev', folder);
  expect([...(await again.load(machine)).executions.keys()]).toEqual(['d']);
  await again.add(machine, learned(['e', { startDate: 1 }]));
  expect(filesIn(folder)).not.toContain(file);
});

test('where nothing can be written, that is no error, and what was there is still there', async () => {
  const folder = scratch();
  writeFileSync(join(folder, 'mbc-flow'), 'a file where the folder should be');
  const memory = executionMemory('dev', folder);
  expect(await memory.add(machine, learned(['e', { startDate: 1 }]))).toBeUndefined();
  expect((await memory.load(machine)).executions.size).toBe(0);
  const other = scratch();
  await executionMemory('dev', other).add(machine, learned(['e', { startDate: 1 }]));
  const [file = ''] = filesIn(other);
  // Not to be read, whatever the user may do.
  mkdirSync(join(file, '..', 'folder.json'));
  const damaged = executionMemory('dev', other);
  expect((await damaged.load(machine)).executions.size).toBe(1);
});
