import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../../src/json/json.js';
import { ended } from '../../local/harness.js';
import { errorOf } from '../world.js';
import { pausedWorld, waiting } from './paused-machines.js';

const approvalAfterWait: JsonObject = {
  StartAt: 'Pick',
  States: {
    Pick: {
      Type: 'Choice',
      Choices: [{ Variable: '$.paused', BooleanEquals: true, Next: 'Approve' }],
      Default: 'Later',
    },
    Later: { Type: 'Wait', Seconds: 86_400, Next: 'Approve' },
    Approve: { ...waiting(), End: true },
  },
};

/** API calls by their names, from what `-v` tells. */
function calls(stderr: string): Record<string, number> {
  const counted: Record<string, number> = {};
  for (const [, name = ''] of stderr.matchAll(/^· (\w+) ok/gm)) counted[name] = (counted[name] ?? 0) + 1;
  return counted;
}
const sum = (counted: Record<string, number>): number => Object.values(counted).reduce((a, b) => a + b, 0);

test('20 approvals of one request at once: exactly one succeeds, the others are told', async () => {
  const world = await pausedWorld();
  const machine = await world.machine('m', { StartAt: 'W', States: { W: { ...waiting(), End: true } } });
  const executionArn = await world.begin(machine, { requestId: 'r-1' });
  const all = await Promise.all(Array.from({ length: 20 }, () => world.run('approve', 'r-1', '-o', 'json')));
  expect(all.map(({ code }) => code).sort()).toEqual([0, ...Array(19).fill(5)]);
  for (const ran of all.filter(({ code }) => code === 5)) expect(errorOf(ran).code).toBe('AlreadyAnswered');
  expect((await ended(world.sfn, executionArn)).status).toBe('SUCCEEDED');
});

test('one page of history for each running execution; the second time far less', async () => {
  const world = await pausedWorld();
  const machine = await world.machine('m', approvalAfterWait);
  const running = 300;
  for (let n = 0; n < running; n++) await world.begin(machine, { requestId: `r-${n}`, paused: n < 3 });
  const first = calls((await world.run('approve', 'r-0', '-v')).stderr);
  const pages = first.ListExecutions ?? 0;
  expect(first.GetExecutionHistory).toBeGreaterThanOrEqual(running);
  expect(sum(first)).toBeLessThanOrEqual(1.1 * (pages + running));
  const second = calls((await world.run('approve', 'r-1', '-v')).stderr);
  expect(sum(second)).toBeLessThanOrEqual(sum(first) / 2);
  const deep = calls((await world.run('approve', 'r-2', '-v', '--deep')).stderr);
  expect(deep.GetExecutionHistory).toBeGreaterThanOrEqual(running - 2);

  // What is kept on disk are facts that cannot change, and no token.
  const cache = join(world.cwd, 'home/.cache/mbc-flow/executions');
  const kept = readdirSync(cache)
    .map((file) => readFileSync(join(cache, file), 'utf8'))
    .join('');
  expect(kept).toContain('r-299');
  expect(kept).not.toMatch(/AQ[A-Za-z0-9+/=]{100,}/);
  expect(readFileSync(join(world.cwd, 'home/.local/state/mbc-flow/audit.jsonl'), 'utf8')).not.toMatch(
    /AQ[A-Za-z0-9+/=]{100,}/,
  );
});
