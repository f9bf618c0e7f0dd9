import { rmSync } from 'node:fs';
import { randomNumbers } from '../soak/seed.js';
import { canonical } from './canonical.js';
import { expectedOf } from './expected.js';
import { brokenProperties } from './properties.js';
import { INPUT, randomMachine } from './random-machine.js';
import { redriven, run, snapshots, startFunction } from './ways.js';

/** Real time is this much faster than the machines' waits. */
const FAST = 0.01;

/**
 * A random machine run straight, on virtual time and killed after `kills` of its commits (all, if there are fewer):
 * the same history each time, and all that must hold for any. Or one that fails: redriven, it repeats nothing that
 * succeeded. Answers with what is wrong.
 */
export async function wrongWith(seed: number, kills: number): Promise<{ wrong: string[]; killed: number }> {
  const random = randomNumbers(seed);
  const machine = randomMachine(random, random() < 0.3);
  const lambda = await startFunction();
  const wrong: string[] = [];
  let killed = 0;
  const told = (way: string, faults: string[]): void => {
    wrong.push(...faults.map((fault) => `seed ${seed}, ${way}: ${fault}`));
  };
  try {
    const virtual = { lambdaEndpoint: lambda.endpoint, timeScale: 0 };
    const straight = await run(machine, { ...virtual, timeScale: FAST });
    const expected = expectedOf(machine, INPUT, false);
    told('straight', brokenProperties(straight, expected));
    const same = (way: string, history: typeof straight): void => {
      told(way, brokenProperties(history, expected));
      told(way, differences(canonical(straight), canonical(history)));
    };
    same('on virtual time', await run(machine, virtual));
    const copies = await snapshots(machine, virtual);
    for (const [index, dataDir] of copies.entries()) {
      if (random() * copies.length < kills) {
        same(`killed after commit ${index + 1}`, await run(machine, { ...virtual, dataDir }));
        killed++;
      }
      rmSync(dataDir, { recursive: true, force: true });
    }
    if (expected.output === undefined) {
      const healed = expectedOf(machine, INPUT, true);
      told('redriven', brokenProperties(await redriven(machine, virtual), healed));
    }
  } catch (error) {
    told('run', [error instanceof Error ? (error.stack ?? error.message) : String(error)]);
  } finally {
    lambda.stop();
  }
  return { wrong: wrong.length > 0 ? [...wrong, JSON.stringify(machine)] : [], killed };
}

function differences(expected: string[], actual: string[]): string[] {
  const open = [...actual];
  const missing = expected.filter((event) => {
    const index = open.indexOf(event);
    if (index >= 0) open.splice(index, 1);
    return index < 0;
  });
  return [...missing.map((event) => `lacks ${event}`), ...open.map((event) => `has ${event}`)].slice(0, 4);
}
