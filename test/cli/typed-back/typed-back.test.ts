import { expect, test } from 'vitest';
import { run } from '../world.js';
import { cellsOf } from './cells.js';
import { fullWorld } from './full-world.js';

/** Every command that takes such a thing; those that change something only say what they would do. */
const takes = {
  machine: [
    'machines %',
    'stats %',
    'list %',
    'graph %',
    'logs %',
    'pending %',
    'start % -n',
    'diff % %',
    'top --plain %',
    'stop --machine % -n',
    'redrive --machine % --failed -n',
    'task list --machine %',
    'approve --all --machine % -n',
  ],
  execution: [
    'show %',
    'history %',
    'graph %',
    'logs %',
    'diff % %',
    'rerun % -n',
    'redrive --plan %',
    'stop % -n',
    'pending --execution %',
    'approve --all --execution % -n',
    'rehearse %',
  ],
  request: [
    'approve % -n',
    'reject % --reason no -n',
    'resume % -n',
    'fail % --error E -n',
    'heartbeat % -n',
    'list --request-id %',
  ],
  state: ['list --state % --failed', 'pending --state %', 'approve --all --state % -n'],
  error: ['list --error %'],
  batch: ['task show %', 'task start --rerun % -n'],
  job: ['import show %'],
  answered: ['audit --request-id %'],
  target: ['list --target %', 'pending --target %'],
} as const;
type Thing = keyof typeof takes;

/** What the columns of each table name; what stands alone where rows take two lines, last. */
const tables: [line: string, columns: Record<string, Thing>][] = [
  ['machines', { ARN: 'machine', NAME: 'machine' }],
  ['list', { MACHINE: 'machine', NAME: 'execution' }],
  ['list --limit 5', { MACHINE: 'machine', NAME: 'execution' }],
  ['list --failed', { MACHINE: 'machine', NAME: 'execution' }],
  ['list --failed --group', { MACHINE: 'machine', STATE: 'state', ERROR: 'error', NEWEST: 'execution' }],
  ['pending', { MACHINE: 'machine', STATE: 'state', EXECUTION: 'execution', REQUEST: 'request' }],
  ['pending children', { MACHINE: 'machine', STATE: 'state', EXECUTION: 'execution', REQUEST: 'request' }],
  ['stats', { MACHINE: 'machine' }],
  ['task list --tenant t1', { BATCH: 'batch' }],
  ['import list --tenant t1', { JOB: 'job' }],
  ['audit', { TARGET: 'target', EXECUTION: 'execution', REQUEST: 'answered' }],
];

/** It is known, though it has no logs, or can't be redriven, answered or rehearsed, or nothing of it is running. */
const known =
  /"(NoLogs|NotRedrivable|SeveralSteps|NotPaused|AnswerMissing|ExecutionEnded|NoHeartbeat|ChildOfMapRun)"|no matching execution/;

/** What is no table: the cells are the groups of the pattern, in this order. */
const texts: [line: string, pattern: RegExp, things: Thing[]][] = [
  ['top --plain', /^(\S+) of (\S+): [A-Z_]+, started/gm, ['execution', 'machine']],
  ['top --plain', /^(.+): (\S+) of (\S+) has waited/gm, ['request', 'state', 'machine']],
  ['show rows@last', /^ {2}mbc-flow show (\S+)/gm, ['execution']],
  ['show rows@last', /^ {2}machine +(\S+)$/gm, ['machine']],
  ['machines rows', /^(?:FAILED|SUCCEEDED) .*?(\S+)$/gm, ['execution']],
];

/** The first cell of a column is typed into every command, the others into some of them, in turn. */
function* typings(cells: readonly string[], thing: Thing): Generator<string[]> {
  const commands = takes[thing];
  for (const [index, cell] of cells.entries())
    for (const [place, command] of commands.entries())
      if (index === 0 || place % 4 === index % 4)
        yield command.split(' ').map((word) => (word === '%' ? cell : word));
}

// Some 200 commands, one after the other: more than others have on a busy machine.
test('what is printed at 60 and 80 columns can be typed', { timeout: 300_000 }, async () => {
  const world = await fullWorld();
  const { cwd } = world;
  await run(['approve', 'tenant#42/order:7'], { cwd });
  const typed = new Set<string>();
  const bad: string[] = [];
  const type = async (from: string, cells: readonly string[], thing: Thing): Promise<void> => {
    for (const args of typings(cells, thing)) {
      if (typed.has(args.join(' '))) continue;
      typed.add(args.join(' '));
      const { code, stderr } = await run([...args, '-o', 'json'], { cwd });
      if (![0, 1].includes(code) && !known.test(stderr)) bad.push(`${from}: ${args.join(' ')}: ${stderr}`);
    }
  };
  for (const columns of [60, 80]) {
    const printed = async (line: string): Promise<string> =>
      (await run([...line.split(' '), '--no-color'], { cwd, columns, tty: !line.startsWith('top') })).stdout;
    for (const [line, named] of tables) {
      const stdout = await printed(line);
      const heads = Object.keys(named);
      const cells = cellsOf(stdout.trimEnd().split('\n'), heads, heads.at(-1) ?? '');
      expect([...cells.values()].flat(), `${line}:\n${stdout}`).not.toEqual([]);
      for (const [head, thing] of Object.entries(named))
        await type(`${line} ${head}`, cells.get(head) ?? [], thing);
    }
    for (const [line, pattern, things] of texts) {
      const stdout = await printed(line);
      const found = [...stdout.matchAll(pattern)];
      expect(found, `${line}:\n${stdout}`).not.toEqual([]);
      for (const [place, thing] of things.entries())
        await type(line, [...new Set(found.map((groups) => groups[place + 1] ?? ''))], thing);
    }
  }
  expect(bad).toEqual([]);
  expect(typed.size).toBeGreaterThan(150);
});
