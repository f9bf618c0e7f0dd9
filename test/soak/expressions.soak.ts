import { CreateStateMachineCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { ended, startServer } from '../local/harness.js';
import { count, randomNumbers, seed } from './seed.js';

type Random = (below: number) => number;
interface Hostile {
  expression: string;
  input?: unknown;
  /** What the cause of its failure says. Undefined: it may succeed or fail, the server lives on. */
  fails?: RegExp;
}

const TIME = /evaluation timeout: Check for infinite loop/;
const MEMORY = /memory limit exceeded/;
const TIME_OR_MEMORY = /evaluation timeout|memory limit exceeded/;

/** A kind of hostile expression a line, with how often it comes: those that take all of their second come seldom. */
const kinds: [weight: number, make: (random: Random) => Hostile][] = [
  [1, (n) => ({ expression: `( $f := function($x){$f($x + ${n(9)})}; $f(1) )`, fails: TIME })],
  [1, (n) => ({ expression: `$contains("${'a'.repeat(40 + n(20))}!", /^(a+)+$/)`, fails: TIME })],
  [1, (n) => ({ expression: `$match("${'ab'.repeat(40 + n(20))}!", /^((ab)*)*$/)`, fails: TIME })],
  [
    1,
    (n) => ({
      expression: `($f := function($a){$f($append($a, [[1..${90000 + n(999)}]]))}; $f([]))`,
      fails: TIME_OR_MEMORY,
    }),
  ],
  [
    20,
    (n) => ({
      expression: `( $f := function($x){1 + $f($x + ${n(9)})}; $f(1) )`,
      fails: /Stack overflow error/,
    }),
  ],
  [20, (n) => ({ expression: `[1..${873783 + n(9_000_000)}] ~> $count()`, fails: MEMORY })],
  [20, (n) => ({ expression: `$sort([1..${900000 + n(50_000_000)}])`, fails: MEMORY })],
  [20, (n) => ({ expression: `$length($pad("x", ${2 ** 23 + n(500_000_000)}))`, fails: MEMORY })],
  [
    20,
    (n) => ({
      expression: `($f := function($s){$f($s & $s)}; $f("${'x'.repeat(1 + n(99))}"))`,
      fails: MEMORY,
    }),
  ],
  [20, (n) => ({ expression: `$eval("${n(9)}")`, fails: /T1006/ })],
  [20, (n) => ({ expression: '$string($states.input)', input: nested(100 + n(4000)) })],
];

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let n = 0; n < depth; n++) value = [value];
  return value;
}

function hostile(random: Random): Hostile {
  const all = kinds.reduce((sum, [weight]) => sum + weight, 0);
  let at = random(all);
  const [, make] =
    kinds.find(([weight]) => {
      at -= weight;
      return at < 0;
    }) ?? [];
  if (!make) throw new Error('no kinds');
  return make(random);
}

test('hostile expressions fail as on AWS, ordinary executions beside them go on, and the server can be stopped', async () => {
  const numbers = randomNumbers(seed);
  const random: Random = (below) => Math.floor(numbers() * below);
  const local = await startServer();
  const total = count(10_000, 100);
  let machines = 0;
  const execute = async (expression: string, input: unknown = {}) => {
    const { stateMachineArn } = await local.sfn.send(
      new CreateStateMachineCommand({
        name: `m${machines++}`,
        roleArn: 'arn:aws:iam::101010101010:role/r',
        definition: JSON.stringify({
          QueryLanguage: 'JSONata',
          StartAt: 'E',
          States: { E: { Type: 'Pass', Output: { v: `{% ${expression} %}` }, End: true } },
        }),
      }),
    );
    const { executionArn = '' } = await local.sfn.send(
      new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
    );
    return await ended(local.sfn, executionArn);
  };
  const worker = async (share: number): Promise<void> => {
    for (let n = 0; n < share; n++) {
      const { expression, input, fails } = hostile(random);
      const [bad, good] = await Promise.all([execute(expression, input), execute(`${n} + 1`)]);
      expect(good.output).toBe(JSON.stringify({ v: n + 1 }));
      if (fails) expect(`${expression}: ${bad.cause}`).toMatch(fails);
    }
  };
  await Promise.all([0, 1, 2, 3].map(() => worker(total / 4)));
  void execute(`$contains("${'a'.repeat(60)}!", /^(a+)+$/)`).catch(() => {});
  await execute('1');
  await local.stop();
}, 3_600_000);
