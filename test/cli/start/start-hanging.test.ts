import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { directory, run } from '../world.js';

const hanging = {
  QueryLanguage: 'JSONata',
  StartAt: 'h',
  States: { h: { Type: 'Pass', Output: '{% $contains($states.input.t, /^(a+)+$/) %}', End: true } },
};

test('an expression that hangs does not hang the trial of an input', async () => {
  const cwd = directory();
  writeFileSync(join(cwd, 'hanging.json'), JSON.stringify(hanging));
  const config = { local: { machines: { hanging: './hanging.json' } } };
  writeFileSync(join(cwd, 'mbc-flow.json'), JSON.stringify(config));
  const input = JSON.stringify({ t: `${'a'.repeat(60)}!` });
  expect((await run(['start', 'hanging', '--input', input, '--dry-run'], { cwd })).code).toBe(0);
  const started = await run(['start', 'hanging', '--input', input, '--follow', '-o', 'json'], { cwd });
  expect(started.code).not.toBe(0);
  expect(started.stdout).toContain('Expression evaluation timeout: Check for infinite loop');
});
