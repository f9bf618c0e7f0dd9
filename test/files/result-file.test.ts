import { chmodSync, existsSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { directory, errorOf, run } from '../cli/world.js';

test('--failed-rows and --results neither follow nor replace a link, nor what is read-only', async () => {
  const cwd = directory();
  writeFileSync(join(cwd, 'a.csv'), 'id,name\n,x\n');
  writeFileSync(join(cwd, 'items.json'), '[{"a":1}]');
  writeFileSync(join(cwd, 'precious'), 'mine');
  symlinkSync('precious', join(cwd, 'link'));
  writeFileSync(join(cwd, 'closed'), 'mine');
  chmodSync(join(cwd, 'closed'), 0o400);
  for (const file of ['link', 'closed'])
    for (const line of [
      ['import', 'a.csv', '--failed-rows', file],
      ['task', 'start', 'items.json', '--type', 'sample', '--results', file],
    ])
      expect(errorOf(await run([...line, '-o', 'json'], { cwd }))).toMatchObject({
        code: 'FileNotWritable',
        exitCode: 2,
      });
  expect([readlinkSync(join(cwd, 'link')), readFileSync(join(cwd, 'precious'), 'utf8')]).toEqual([
    'precious',
    'mine',
  ]);
  expect(readFileSync(join(cwd, 'closed'), 'utf8')).toBe('mine');
});

test('a relative XDG folder is ignored: nothing is written into the project', async () => {
  const cwd = directory();
  writeFileSync(join(cwd, 'a.csv'), 'id,name\n1,x\n');
  const env = { XDG_CACHE_HOME: 'rel', XDG_STATE_HOME: 'rel' };
  expect((await run(['import', 'a.csv'], { cwd, env })).code).toBe(0);
  expect([existsSync(join(cwd, 'rel')), existsSync(join(cwd, 'home/.cache/mbc-flow'))]).toEqual([
    false,
    true,
  ]);
});
