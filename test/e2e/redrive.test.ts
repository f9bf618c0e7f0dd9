import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DevServer, runCli, startDev, workDirectory } from './cli.js';
import { runHere } from './here.js';

const call = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: 'stock', 'Payload.$': '$' },
  End: true,
};
const machines = {
  order: { StartAt: '準備', States: { 準備: { Type: 'Pass', Next: '在庫を確認' }, 在庫を確認: call } },
  rows: {
    StartAt: '各行',
    States: {
      各行: {
        Type: 'Map',
        ItemsPath: '$.items',
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          StartAt: '行',
          States: { 行: call },
        },
        End: true,
      },
    },
  },
};

const cwd = workDirectory();
const mbc = (...args: string[]) => runHere(args, { cwd });
const json = async (...args: string[]) => JSON.parse((await mbc(...args, '-o', 'json')).stdout);
let server: DevServer;

beforeAll(async () => {
  // Mended by a file beside it.
  const stock = `import { existsSync } from 'node:fs';
    export const handler = async () => {
      if (!existsSync(${JSON.stringify(join(cwd, 'mended'))})) throw new Error('在庫サービスに届きません');
      return { ok: true };
    };`;
  writeFileSync(join(cwd, 'stock.mjs'), stock);
  for (const [name, definition] of Object.entries(machines))
    writeFileSync(join(cwd, `${name}.json`), JSON.stringify(definition));
  const local = {
    functions: { stock: './stock.handler' },
    machines: { order: './order.json', rows: './rows.json' },
  };
  writeFileSync(join(cwd, 'mbc-flow.json'), JSON.stringify({ local }));
  server = await startDev({ cwd });
});
afterAll(async () => {
  await server.kill();
});

test('what failed is told, mended, and goes on where it failed: a task, and the items of a map run', async () => {
  const failed = await mbc('start', 'order', '--name', 'o-1', '--follow');
  expect(failed.exitCode).toBe(1);
  expect(failed.stdout).toMatch(/execution {2}FAILED: 在庫サービスに届きません \(Error\)\n$/);
  const items = JSON.stringify({ items: [1, 2, 3] });
  expect((await mbc('start', 'rows', '--name', 'r-1', '--input', items, '--follow')).exitCode).toBe(1);
  expect((await mbc('show', 'r-1')).stdout).toMatch(/root +行: Error: 在庫サービスに届きません/);

  expect((await json('redrive', 'o-1', '--plan')).plans).toMatchObject([
    { redrivable: true, runsAgain: [{ stateName: '在庫を確認' }] },
  ]);
  expect((await json('redrive', 'r-1', '--plan')).plans).toMatchObject([
    {
      redrivable: true,
      runsAgain: [{ stateName: '各行', what: expect.stringContaining('did not succeed') }],
    },
  ]);
  expect((await json('show', 'o-1')).redriveCount).toBe(0);

  writeFileSync(join(cwd, 'mended'), '');
  const redriven = await runCli(['redrive', 'o-1', '--follow'], { cwd });
  expect(redriven).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/execution {2}SUCCEEDED\n$/) });
  expect(redriven.stdout).not.toContain('FAILED');
  expect(await json('show', 'o-1')).toMatchObject({ status: 'SUCCEEDED', redriveCount: 1, failure: null });

  // By filter, as after a bad day.
  const { exitCode } = await mbc('redrive', '--machine', 'rows', '--since', '1h');
  expect(exitCode).toBe(0);
  expect((await mbc('watch', 'r-1')).exitCode).toBe(0);
  const { mapRuns } = await json('show', 'r-1');
  expect(mapRuns).toMatchObject([{ status: 'SUCCEEDED', itemCounts: { succeeded: 3, failed: 0 } }]);
  expect((await mbc('redrive', 'r-1')).exitCode).toBe(5);
});
