import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type PausedWorld, pausedWorld, until, waiting } from '../answer/paused-machines.js';
import { directory, errorOf, type Running, run, start } from '../world.js';

// Every command that lasts is left by the same rules: the signal's exit code, what goes on, what to type.

const waits = { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 3600, End: true } } };
const history = {
  events: [
    { timestamp: 0, type: 'ExecutionStarted', id: 1, previousEventId: 0 },
    { timestamp: 3600, type: 'ExecutionSucceeded', id: 2, previousEventId: 1 },
  ],
};

/** Command lines that last, and what is printed (under -v) once they do. */
const lasting: [name: string, args: string[], ready: RegExp][] = [
  ['watch', ['watch', 'one', '-v'], /W.*running|W/],
  ['watch of several', ['watch', 'one', 'two', '-v'], /one[\s\S]*two/],
  ['watch --replay', ['watch', '--replay', 'history.json', '--speed', '1'], /./],
  ['start --follow', ['start', 'waits', '--input', '{}', '--follow'], /Started/],
  ['rerun --follow', ['rerun', 'one', '--follow'], /Started/],
  [
    'start --each --follow',
    ['start', 'waits', '--each', 'inputs.ndjson', '--follow', '-v'],
    /DescribeExecution ok/,
  ],
  ['history --follow', ['history', 'one', '--follow'], /WaitStateEntered/],
  ['logs -f', ['logs', 'import-csv', '-f', '-v'], /DescribeStateMachine ok/],
  ['pending --watch', ['pending', '--watch'], /REQUEST|waits for an answer/],
  ['import', ['import', 'slow.csv', '-v'], /started arn/],
  ['task start', ['task', 'start', 'slow.json', '--type', 'sample', '-v'], /started arn/],
];

async function left(running: Running, ready: RegExp, signal: 'SIGINT' | 'SIGTERM') {
  await running.waitFor(ready);
  running.signal(signal);
  return await running.done;
}

async function lastingWorld(): Promise<PausedWorld> {
  const cwd = directory();
  writeFileSync(join(cwd, 'history.json'), JSON.stringify(history));
  writeFileSync(join(cwd, 'inputs.ndjson'), '{"n":1}\n{"n":2}\n');
  writeFileSync(join(cwd, 'slow.csv'), 'id,name\n1,a\n');
  writeFileSync(join(cwd, 'slow.json'), JSON.stringify([{ sleepMs: 20_000 }]));
  const slow = 'export const handler = () => new Promise((done) => setTimeout(done, 20_000));\n';
  writeFileSync(join(cwd, 'slow.mjs'), slow);
  const world = await pausedWorld({ cwd }, ['--functions', '*=./slow.mjs']);
  const machine = await world.machine('waits', waits);
  await world.begin(machine, {}, 'one');
  await world.begin(machine, {}, 'two');
  return world;
}

test('commands × signals: the exit code is the signal’s, and what goes on is said', {
  timeout: 60_000,
}, async () => {
  const { cwd } = await lastingWorld();
  for (const [name, args, ready] of lasting)
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      const more = name === 'import' || name === 'task start' ? ['--again'] : [];
      const ran = await left(start([...args, ...more], { cwd }), ready, signal);
      expect({ name, signal, code: ran.code, stderr: ran.stderr }).toMatchObject({ name, signal, code });
      expect(ran.stderr, name).not.toMatch(/^error:/m);
      if (/follow|import|task|^watch(?! --replay)/.test(name) && name !== 'history --follow')
        expect(ran.stderr, name).toMatch(/keeps? running/);
    }
});

test('--timeout of a watch: 124', async () => {
  const { cwd } = await lastingWorld();
  const ran = await run(['watch', 'one', '--timeout', '1', '-o', 'json'], { cwd });
  expect(errorOf(ran)).toMatchObject({ code: 'Timeout', exitCode: 124, hint: 'mbc-flow watch one' });
});

/** Ends at the first line of a bulk change; what was said adds up to what was done. */
test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s in the middle of a change of several: %i, and the counts are true', async (signal, code) => {
  const world = await pausedWorld();
  const machine = await world.machine('waits', waits);
  const arns: string[] = [];
  for (let n = 0; n < 40; n++) arns.push(await world.begin(machine, {}, `n-${n}`));
  const { cwd } = world;
  const aborted = async (): Promise<number> =>
    JSON.parse(
      (await world.run('list', 'waits', '--status', 'ABORTED', '--limit', '99', '-o', 'json')).stdout,
    ).executions.length;

  const stopped = await left(
    start(['stop', '--machine', 'waits', '-o', 'ndjson'], { cwd }),
    /ABORTED/,
    signal,
  );
  const stops = stopped.stdout.trim().split('\n').length;
  expect(errorOf(stopped)).toMatchObject({ exitCode: code, done: stops, of: 40 });
  expect(await aborted()).toBe(stops);

  await world.run('stop', '--machine', 'waits');
  const redriven = await left(
    start(['redrive', '--machine', 'waits', '-o', 'ndjson'], { cwd }),
    /redriveDate/,
    signal,
  );
  const redrives = redriven.stdout.trim().split('\n').length;
  expect(errorOf(redriven)).toMatchObject({ exitCode: code, done: redrives, of: 40 });
  expect(40 - (await aborted())).toBe(redrives);
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  '%s while many are answered: %i; answered and not begun are all that were asked',
  async (signal, code) => {
    const world = await pausedWorld();
    const machine = await world.machine('paused', {
      StartAt: 'P',
      States: { P: { ...waiting(), End: true } },
    });
    const ids = Array.from({ length: 40 }, (_, n) => `r-${n}`);
    for (const requestId of ids)
      await until(world, await world.begin(machine, { requestId }), 'TaskSubmitted');
    writeFileSync(join(world.cwd, 'ids'), [...ids, 'r-0', 'nobody'].join('\n'));
    const args = ['approve', '--from', 'ids', '-o', 'ndjson'];
    const ran = await left(start(args, { cwd: world.cwd }), /proven/, signal);
    const error = errorOf(ran) as unknown as Record<string, number>;
    expect(error.exitCode).toBe(code);
    const { answered = 0, unproven = 0, refused = 0, left: rest = 0 } = error;
    expect([refused, answered + unproven + refused + rest]).toEqual([1, 41]);
    expect(rest).toBeGreaterThan(0);
    const pending = JSON.parse((await world.run('pending', '-o', 'json')).stdout).pending.length;
    expect(pending).toBe(rest);
  },
);
