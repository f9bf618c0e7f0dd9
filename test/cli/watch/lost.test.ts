import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run, startDirectory } from '../world.js';

const rows = {
  StartAt: 'each',
  States: {
    each: {
      Type: 'Map',
      ItemsPath: '$.items',
      ToleratedFailurePercentage: 100,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'row',
        States: {
          row: {
            Type: 'Choice',
            Choices: [{ Variable: '$.bad', IsPresent: true, Next: 'refused' }],
            Default: 'stored',
          },
          refused: { Type: 'Fail', Error: 'Rejected' },
          stored: { Type: 'Succeed' },
        },
      },
      End: true,
    },
  },
};

test('an execution that SUCCEEDED and lost items ends a watch with 1, and is not headed by its status alone', async () => {
  const cwd = startDirectory();
  writeFileSync(join(cwd, 'rows.json'), JSON.stringify(rows));
  writeFileSync(join(cwd, 'mbc-flow.json'), JSON.stringify({ local: { machines: { rows: './rows.json' } } }));
  const mbc = (...args: string[]) => run(args, { cwd });
  const follow = (items: object[]) => mbc('start', 'rows', '--input', JSON.stringify({ items }), '--follow');
  const kept = await follow([{}, {}]);
  expect(kept.code).toBe(0);
  const lost = await follow([{ bad: 1 }, {}, { bad: 1 }]);
  expect(lost.code).toBe(1);
  expect(lost.stderr).toContain('Why, and what to type next: mbc-flow show ');
  expect((await mbc('watch', '@2')).code).toBe(0);
  expect((await mbc('watch', '@last')).code).toBe(1);
  expect((await mbc('history', '@2', '--follow')).code).toBe(0);
  expect((await mbc('history', '@last', '--follow')).code).toBe(1);
  const [headline] = (await mbc('show', '@last')).stdout.split('\n');
  expect(headline).toMatch(/^✖ SUCCEEDED, 2 items failed {2}/);
  expect((await mbc('show', '@2')).stdout).toMatch(/^✔ SUCCEEDED {2}/);
});

test('so does an import whose job FAILED', async () => {
  const cwd = startDirectory();
  writeFileSync(join(cwd, 'a.csv'), 'id\n1\n!fail closed\n');
  const mbc = (...args: string[]) => run(args, { cwd });
  expect((await mbc('import', 'a.csv')).code).toBe(1);
  expect((await mbc('watch', '@last')).code).toBe(1);
  expect((await mbc('show', '@last')).stdout).toMatch(/^✖ SUCCEEDED, job FAILED {2}/);
});
