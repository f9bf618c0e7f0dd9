import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { builtinMachines } from '../../../src/framework/machines.js';
import { plannedRun } from '../../../src/workflow/statistics/planned-run.js';
import { material } from '../../shared.js';
import { startStandIn } from '../../stand-in/application.js';
import { zipOf } from '../../stand-in/zip-file.js';
import { directory, run } from '../world.js';

const rowsOf = (rows: number): string =>
  `id,name\n${Array.from({ length: rows }, (_, row) => `${row},n${row}\n`).join('')}`;
const definition = (name: string): string =>
  builtinMachines().find((machine) => machine.name === name)?.definition ?? '';
const fan = { inline: 3, distributed: () => ({ children: 5, items: 2 }) };

test('import --dry-run says what the import takes, and that is what stats counts afterwards', async () => {
  const cwd = directory();
  writeFileSync(join(cwd, 'a.csv'), rowsOf(234));
  const entries = ['20260101093000-p.csv', '20260102093000-q.csv'];
  writeFileSync(join(cwd, 'x.zip'), zipOf(entries.map((name, n) => ({ name, text: rowsOf(101 + n) }))));
  const inJson = async (...words: string[]) =>
    JSON.parse((await run([...words, '-o', 'json'], { cwd })).stdout);
  const { cost } = await inJson('import', 'a.csv', '--dry-run');
  expect(cost).toEqual({
    ...{ transitions: 6, children: 3, expressChildren: 0, requests: 4 },
    ...{ usd: 0.00015, commands: null },
  });
  const text = await run(['import', 'a.csv', '--dry-run'], { cwd });
  expect(text.stdout).toContain(
    'cost    about 6 state transitions, 3 child executions, 4 Lambda requests, 0.00015 USD',
  );
  const zip = (await inJson('import', 'x.zip', '--dry-run')).cost;
  await inJson('import', 'a.csv');
  const counted = async (machine: string) => (await inJson('stats', machine)).machines[0].cost;
  expect(await counted('import-csv')).toMatchObject({ transitions: 6, children: 3 });
  await inJson('import', 'x.zip');
  const each = await counted('import-csv');
  const { transitions } = await counted('import-zip');
  // Means of the three imports: the one before and the two files.
  expect(zip.transitions).toBe(Math.round(transitions + each.transitions * 3 - 6));
  expect(zip.children).toBe(Math.round(each.children * 3 - 3));
});

material.test('of an app whose rows become commands, those too', async () => {
  const app = await startStandIn('import-good');
  app.write('a.csv', rowsOf(120));
  const { stdout } = await app.run('import', 'a.csv', '--tenant', 't1', '--dry-run', '-o', 'json');
  expect(JSON.parse(stdout).cost.commands).toEqual({
    ...{ executions: 120, transitions: 120 * 9, children: 0, expressChildren: 0, requests: 120 * 6 },
    usd: 0.027,
  });
});

test('the way of a run: the shortest that ends well, each branch, each item; EXPRESS children are requests', () => {
  expect(plannedRun(definition('command'), { ...fan, inline: 1 })).toMatchObject({
    transitions: 9,
    requests: 6,
  });
  const express = JSON.parse(definition('import-csv'));
  express.States['import-csv'].ItemProcessor.ProcessorConfig.ExecutionType = 'EXPRESS';
  expect(plannedRun(JSON.stringify(express), fan)).toEqual({
    ...{ transitions: 3, children: 5, expressChildren: 5, requests: 6 },
  });
  const pass = (next: object) => ({ Type: 'Pass', ...next });
  const circle = {
    StartAt: 'a',
    States: {
      a: { Type: 'Choice', Choices: [{ Next: 'b' }, { Next: 'f' }], Default: 'p' },
      b: pass({ Next: 'a' }),
      f: { Type: 'Fail' },
      p: {
        Type: 'Parallel',
        Branches: [
          { StartAt: 'x', States: { x: pass({ End: true }) } },
          { StartAt: 'y', States: { y: pass({ End: true }) } },
        ],
        Next: 'm',
      },
      m: { Type: 'Map', Iterator: { StartAt: 'z', States: { z: pass({ End: true }) } }, End: true },
    },
  };
  expect(plannedRun(JSON.stringify(circle), fan).transitions).toBe(1 + 3 + 4);
});
