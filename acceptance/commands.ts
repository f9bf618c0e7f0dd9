import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json, JsonObject } from '../src/json/json.js';
import type { Omit } from '../test/conformance/compare.js';
import { difference } from '../test/conformance/compare.js';
import { type Bound, maskedIn } from '../test/conformance/placeholders.js';
import { type Group, groups, type Step } from './cases/commands.js';
import { failed, type Result, type Sides } from './differ.js';
import { type Place, type Ran, run, type Start } from './process.js';
import { createMachine, logged, objects } from './provide.js';
import { recorder, renamed, withoutTokens } from './recording.js';
import { bucketOf, type Side } from './side.js';
import { eachOf } from './take-down.js';

/** How commands are run, and below which folder they leave their files. */
export interface Binary extends Place {
  start: Start;
}

const atOnce = 3;
/** Lists and logs of AWS are behind what was done by seconds, at times by a minute. */
const PATIENCE_MS = 90_000;

/** Our commands on both sides: the same exit codes and documents. */
export async function runCommands(
  sides: Sides,
  binary: Binary,
  only: RegExp | undefined,
  told: (result: Result) => void,
): Promise<Result[]> {
  const results: Result[] = [];
  const tell = (result: Result): void => {
    results.push(result);
    told(result);
  };
  await eachOf(
    groups.filter(({ id }) => !only || only.test(`command ${id}`)),
    (group) => runGroup(sides, binary, group, tell),
    atOnce,
  );
  return results;
}

async function runGroup(
  sides: Sides,
  binary: Binary,
  group: Group,
  tell: (result: Result) => void,
): Promise<void> {
  const lacking = group.needs.find((need) => !sides.target.has.has(need));
  const id = `command ${group.id}`;
  if (lacking) {
    tell({ id, verdict: 'left out', why: `needs a ${lacking} there`, masked: 0 });
    return;
  }
  const both = Object.entries(sides) as ['target' | 'embedded', Side][];
  try {
    for (const [which, side] of both) await settle(side, which, binary, group);
    for (const step of group.steps) {
      const [theirs, ours] = await Promise.all(
        both.map(([which, side]) => runStep(side, which, binary, group, step)),
      );
      if (!theirs || !ours) return;
      const result = stepResult(sides, `${id}: ${step.id}`, theirs, ours);
      tell(result);
      // What follows would only say the same again.
      if (result.verdict !== 'same' && theirs.code !== ours.code) return;
    }
  } catch (error) {
    sides.target.signal.throwIfAborted();
    tell(failed(id, error));
  }
}

const cwdOf = (binary: Binary, which: string, group: Group): string => join(binary.cwd, which, group.id);

/** The machines of a group, and its folder with the config of a team that uses them. */
async function settle(side: Side, which: string, binary: Binary, group: Group): Promise<void> {
  const cwd = cwdOf(binary, which, group);
  mkdirSync(cwd, { recursive: true });
  for (const [id, definition] of Object.entries(group.machines))
    await createMachine(side, id, definition, { type: group.type, logs: logged.includes(id) });
  const target = {
    ...side.target,
    bucket: bucketOf(side),
    machines: { 'import-csv': `${side.name}-cli-import-csv` },
  };
  writeFileSync(
    join(cwd, 'mbc-flow.json'),
    JSON.stringify({ defaultTarget: 'kit', targets: { kit: target } }),
  );
  writeFileSync(join(cwd, 'rows.csv'), objects['rows.csv'] ?? '');
}

async function runStep(side: Side, which: string, binary: Binary, group: Group, step: Step): Promise<Ran> {
  const cwd = cwdOf(binary, which, group);
  await step.before?.(side);
  const { region, account } = side.place;
  const args = step.args.map((arg) =>
    arg
      .replace(/\{(cli-[\w-]+)\}/g, `arn:aws:states:{region}:{account}:stateMachine:{name}-$1`)
      .replaceAll('{region}', region)
      .replaceAll('{account}', account)
      .replaceAll('{name}', side.name),
  );
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const ran = await run(binary.start, [...args, '-o', 'json', '--utc'], { ...binary, cwd }, side.signal);
    const done = !step.until || ran.code !== 0 || step.until(documentsOf(ran));
    if (done || Date.now() > until) return ran;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** One, or one a line. */
function documentsOf({ stdout }: Ran): JsonObject[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as JsonObject);
}

/** How long something took, and how long ago it was. */
const OF_ONE_RUN: Omit = new Set(['took', 'ageSeconds', 'durationSeconds']);

function stepResult({ target, embedded }: Sides, id: string, theirs: Ran, ours: Ran): Result {
  const missing = /UnknownOperation|NotImplemented|UnreadableAnswer/.test(theirs.stderr);
  if (missing && theirs.code !== ours.code)
    return { id, verdict: 'left out', why: 'needs an operation that the endpoint does not have', masked: 0 };
  const record = recorder('');
  const expected = record(renamed(documentsOf(theirs), target) as Json);
  const why =
    theirs.code === ours.code
      ? difference(expected, renamed(documentsOf(ours), embedded), new Map() as Bound, OF_ONE_RUN)
      : `exit code: expected ${theirs.code}, got ${ours.code}\n     ${(theirs.code ? theirs : ours).stderr.trim()}`;
  return {
    id,
    verdict: why ? 'different' : 'same',
    why: why && withoutTokens(why),
    masked: maskedIn(expected),
  };
}
