import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../../src/json/json.js';
import { ended } from '../../local/harness.js';
import { apiCalls, sumOf } from '../api-calls.js';
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
  const first = apiCalls((await world.run('approve', 'r-0', '-v')).stderr);
  const pages = first.ListExecutions ?? 0;
  expect(first.GetExecutionHistory).toBeGreaterThanOrEqual(running);
  expect(sumOf(first)).toBeLessThanOrEqual(1.1 * (pages + running));
  const second = apiCalls((await world.run('approve', 'r-1', '-v')).stderr);
  expect(sumOf(second)).toBeLessThanOrEqual(sumOf(first) / 2);
  const deep = apiCalls((await world.run('approve', 'r-2', '-v', '--deep')).stderr);
  expect(deep.GetExecutionHistory).toBeGreaterThanOrEqual(running - 2);

  // What is kept on disk are facts that cannot change, and no token.
  const cache = join(world.cwd, 'home/.cache/mbc-flow/executions');
  const kept = readdirSync(cache, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'))
    .join('');
  expect(kept).toContain('r-299');
  expect(kept).not.toMatch(/AQ[A-Za-z0-9+/=]{100,}/);
  expect(readFileSync(join(world.cwd, 'home/.local/state/mbc-flow/audit.jsonl'), 'utf8')).not.toMatch(
    /AQ[A-Za-z0-9+/=]{100,}/,
  );
});
