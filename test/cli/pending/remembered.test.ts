import { PublishStateMachineVersionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../../src/json/json.js';
import { advance, pausedWorld, waiting } from '../answer/paused-machines.js';
import { answer, approval, keysOf, listed, offered, pending } from './looks.js';

// What commands remember of executions never tells what is not so.

/** Small and well known: the same numbers for a seed everywhere. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state % below;
  };
}

function states({ States: all }: JsonObject): JsonObject {
  return all as JsonObject;
}

/** The same machine as it may be deployed anew: what has begun goes on as it was. */
const deployed: JsonObject[] = [
  approval,
  { ...approval, States: { ...states(approval), Again: { Type: 'Wait', Seconds: 58, Next: 'Second' } } },
  { ...approval, States: { ...states(approval), Later: { Type: 'Wait', Seconds: 7_000, Next: 'Approve' } } },
  { StartAt: 'Done', States: { Done: { Type: 'Succeed' } } },
];

/** A state is entered when its turn comes, also between two looks: until both saw the same. */
const untilSame = (looks: (() => Promise<unknown>)[]): Promise<void> =>
  expect
    .poll(async () => {
      const seen: string[] = [];
      for (const look of looks) seen.push(JSON.stringify(await look()));
      return seen;
    })
    .toSatisfy(([one, other]: string[]) => one === other);

test.each([1, 2, 3])(
  'what is remembered never hides or invents a step or an execution, whoever learned it (seed %i)',
  async (seed) => {
    const world = await pausedWorld();
    const machine = await world.machine('approval', approval);
    const pick = numbers(seed);
    const begun: string[] = [];
    for (let step = 0; step < 10; step++) {
      const act = pick(6);
      if (act < 2) {
        for (let n = 0; n <= pick(4); n++) {
          const seconds = [0, 0, 60, 7_000][pick(4)] as number;
          begun.push(await world.begin(machine, { requestId: `r-${begun.length}`, seconds }));
        }
      } else if (act === 2) await advance(world, [1, 59, 3_599, 7_001][pick(4)] as number);
      else if (act === 3) await world.machineAgain(machine, deployed[pick(deployed.length)] ?? approval);
      else {
        const open = await pending(world, '--reveal-token', '-y');
        const one = open[pick(Math.max(open.length, 1))];
        if (one && act === 4) await answer(world, one);
        if (one && act === 5)
          await world.sfn.send(new StopExecutionCommand({ executionArn: one.executionArn }));
      }
      // Whoever looks first has learned what the others start with.
      if (pick(2) === 0) await offered(world);
      const number = pick(begun.length + 1);
      expect(await listed(world, `r-${number}`)).toEqual(begun.slice(number, number + 1));
      await untilSame([() => pending(world), () => pending(world, '--deep')]);
      if (step % 3 === 2) await untilSame([() => offered(world), async () => keysOf(await pending(world))]);
    }
  },
);

test('a machine whose steps wait no more: what its older executions wait for is seen every time', async () => {
  const world = await pausedWorld();
  const machine = await world.machine('approval', approval);
  await world.begin(machine, { requestId: 'old', seconds: 0 });
  await expect.poll(async () => (await pending(world)).length).toBe(1);
  await world.machineAgain(machine, { StartAt: 'Done', States: { Done: { Type: 'Succeed' } } });
  for (let look = 0; look < 3; look++) expect(await pending(world)).toHaveLength(1);
  expect(await offered(world)).toHaveLength(1);
});

test('while an execution is on its way to its step, it is not said that nothing waits and no more', async () => {
  const world = await pausedWorld();
  const machine = await world.machine('approval', approval);
  const said = async (): Promise<string> => (await world.run('pending')).stderr;
  expect(await said()).toContain('Nothing waits for an answer on target local.');
  await world.begin(machine, { requestId: 'r-1', seconds: 60 });
  expect(await said()).toMatch(
    /Nothing waits for an answer on target local yet; 1 running execution may still ask for one\. Look again with mbc-flow pending --watch/,
  );
});

test('a machine that was changed meanwhile: what the older executions wait for is not guessed', async () => {
  const world = await pausedWorld();
  const machine = await world.machine('approval', {
    StartAt: 'Later',
    States: { Later: { Type: 'Wait', Seconds: 60, Next: 'Approve' }, Approve: { ...waiting(), End: true } },
  });
  await world.begin(machine, { requestId: 'old' });
  await world.machineAgain(machine, {
    StartAt: 'Later',
    States: {
      Later: { Type: 'Wait', Seconds: 90_000, Next: 'Approve' },
      Approve: { ...waiting(), End: true },
    },
  });
  await world.begin(machine, { requestId: 'new' });
  expect(await pending(world)).toEqual([]);
  await advance(world, 61);
  await expect.poll(async () => (await pending(world)).map(({ requestId }) => requestId)).toEqual(['old']);
});

test('an execution of a version, among others of the newest definition, sleeps as long as its own says', async () => {
  const world = await pausedWorld();
  const sleeping = (seconds: number): JsonObject => ({
    StartAt: 'Later',
    States: {
      Later: { Type: 'Wait', Seconds: seconds, Next: 'Approve' },
      Approve: { ...waiting(), End: true },
    },
  });
  const machine = await world.machine('approval', sleeping(60));
  const { stateMachineVersionArn = '' } = await world.sfn.send(
    new PublishStateMachineVersionCommand({ stateMachineArn: machine }),
  );
  await world.machineAgain(machine, sleeping(90_000));
  for (const [number, arn] of [machine, stateMachineVersionArn, machine].entries())
    await world.begin(arn, { requestId: `r-${number}` });
  for (let look = 0; look < 2; look++) expect(await pending(world)).toEqual([]);
  await advance(world, 61);
  await expect.poll(async () => (await pending(world)).map(({ requestId }) => requestId)).toEqual(['r-1']);
});
