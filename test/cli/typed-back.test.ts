import { expect, test } from 'vitest';
import { pausedWorld, waiting } from './answer/paused-machines.js';
import { run } from './world.js';

/** Every command that takes such a thing; those that change something only say what they would do. */
const takes = {
  machine: ['machines', 'stats', 'list', 'graph', 'logs', 'pending', 'start -n', 'diff %'],
  execution: ['show', 'history', 'graph', 'logs', 'diff %', 'rerun -n', 'redrive --plan', 'stop -n'],
  request: ['approve -n', 'reject --reason no -n', 'resume -n', 'fail --error E -n', 'heartbeat -n'],
} as const;
type Thing = keyof typeof takes;

/** What the columns of each table name. */
const tables: [line: string, columns: Record<string, Thing>][] = [
  ['machines', { NAME: 'machine', ARN: 'machine' }],
  ['list', { MACHINE: 'machine', NAME: 'execution' }],
  ['list --failed', { MACHINE: 'machine', NAME: 'execution' }],
  ['list --failed --group', { MACHINE: 'machine', NEWEST: 'execution' }],
  ['pending', { REQUEST: 'request', MACHINE: 'machine', EXECUTION: 'execution' }],
  ['stats', { MACHINE: 'machine' }],
];

/** The cells of a column; where rows take two lines, the first of each. */
function cellsOf(stdout: string, head: string): string[] {
  const [first = '', ...rows] = stdout.trimEnd().split('\n');
  const heads = [...first.matchAll(/\S+(?: \S+)*/g)];
  const at = heads.findIndex(([text]) => text === head || text.startsWith(`${head} (`));
  if (at === -1) return [];
  const cells = rows.map((row) => row.slice(heads[at]?.index, heads[at + 1]?.index).trim());
  return [...new Set(cells.filter((cell) => cell !== ''))];
}

type World = Awaited<ReturnType<typeof pausedWorld>>;

test('what is printed can be typed', async () => {
  const world = await pausedWorld();
  const long = 'a-rather-long-name-of-a-state-machine';
  const paused = await world.machine('approval', { StartAt: 'w', States: { w: waiting({ End: true }) } });
  await world.begin(paused, { requestId: 'r-20260131-0000000000000000007' });
  const failing = await world.machine(long, {
    StartAt: 'f',
    States: {
      f: { Type: 'Fail', Error: 'Refused', Cause: 'an order with a cause that takes a whole line of text' },
    },
  });
  await world.begin(failing, {});
  await world.run('show', `${long}@last`);
  for (const columns of [60, 80]) await typeCells(world, columns);
  await typeAdvice(world);
});

/** Cells of all tables, in every command that takes such a thing. */
async function typeCells(world: World, columns: number): Promise<void> {
  const typed = new Set<string>();
  for (const [line, named] of tables) {
    const { stdout } = await run([...line.split(' '), '--no-color'], {
      cwd: world.cwd,
      columns,
      tty: true,
    });
    let found = 0;
    for (const [head, thing] of Object.entries(named))
      for (const cell of cellsOf(stdout, head)) {
        found++;
        for (const command of takes[thing]) {
          if (typed.has(`${command} ${cell}`)) continue;
          typed.add(`${command} ${cell}`);
          const [name = '', ...flags] = command.split(' ');
          const both = flags.includes('%') ? [cell, cell] : [cell];
          const args = [name, ...both, ...flags.filter((flag) => flag !== '%'), '-o', 'json'];
          const { code, stderr } = await world.run(...args);
          // It is known, though it may have no logs, or not be redriven or answered so.
          const known = /"(NoLogs|\w*NotRedrivable|NoHeartbeat\w*)"/;
          if (![0, 1].includes(code)) expect(stderr, args.join(' ')).toMatch(known);
        }
      }
    expect(found, `${line}:\n${stdout}`).toBeGreaterThan(0);
  }
  expect(typed.size).toBeGreaterThan(40);
}

/** What show and machines advise to type next. */
async function typeAdvice(world: World): Promise<void> {
  const references = ['approval@last', 'a-rather-long-name-of-a-state-machine@last'];
  const pages = [
    ...(await Promise.all(references.map((reference) => world.run('show', reference)))),
    await world.run('machines', 'approval'),
  ];
  const advised = pages.flatMap(({ stdout }) => stdout.match(/^ {2}mbc-flow .*?(?= {2}|$)/gm) ?? []);
  expect(advised.join('\n')).toContain('mbc-flow approve r-20260131-0000000000000000007');
  for (const line of new Set(advised.map((text) => text.trim().replace(/^mbc-flow /, '')))) {
    // A file that only the reader knows; and what would follow a paused step without end.
    if (line.includes('<file>') || line.startsWith('watch')) continue;
    const args = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
    const { code, stderr } = await world.run(...args, ...(/^(approve|rerun)/.test(line) ? ['-n'] : []));
    expect([0, 1], `${line}: ${stderr}`).toContain(code);
  }
}
