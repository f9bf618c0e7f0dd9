import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { directory, run } from '../world.js';

test('a hint that no command wrote for a target reaches the one of the run, as typed or as chosen', async () => {
  const cwd = directory();
  const elsewhere = { targets: { prod: { region: 'ap-northeast-1' } }, defaultTarget: 'prod' };
  writeFileSync(join(cwd, 'mbc-flow.json'), JSON.stringify(elsewhere));
  const pass = { StartAt: 'P', States: { P: { Type: 'Pass', End: true } } };
  writeFileSync(join(cwd, 'pass.asl.json'), JSON.stringify(pass));
  const started = await run(['start', 'pass.asl.json', '--follow', '--local'], { cwd });
  expect(started.code).toBe(0);
  const { stderr } = await run(['import', '--retry', '@last', '--local'], { cwd });
  expect(stderr).toMatch(/ {2}try: {3}mbc-flow \S+ \S+ --local\n/);
  const json = await run(['import', '--retry', '@last', '--local', '-o', 'json'], { cwd });
  expect(JSON.parse(json.stderr).error.hint).toMatch(/^mbc-flow .* --local$/);
  const typed = await run(['approve', '--target', 'prod'], { cwd });
  expect(typed.stderr).toContain('mbc-flow pending --target prod\n');
});
