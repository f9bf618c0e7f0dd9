import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../../src/json/json.js';
import { hostileTexts, leaks } from '../../hostile-texts.js';
import { ended } from '../../local/harness.js';
import { pausedWorld, until, waiting } from '../answer/paused-machines.js';
import { run } from '../world.js';

const WIDTH = 120;

/** States one after the other, each of them called like that; then a failure that says all of it. */
function failing(): JsonObject {
  const names = hostileTexts.map((text) => [...text].slice(0, 70).join(''));
  const states = names.map((name, index) => [name, { Type: 'Pass', Next: names[index + 1] ?? 'Told' }]);
  const call = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke' };
  return {
    StartAt: names[0] ?? '',
    States: {
      ...Object.fromEntries(states),
      Told: { ...call, Parameters: { FunctionName: 'notify', 'Payload.$': '$' }, Next: 'End' },
      End: { Type: 'Fail', Error: hostileTexts[0] ?? '', Cause: hostileTexts.join('\n') },
    },
  };
}

/** Few executions, so that the test is quick. */
const requestIds = hostileTexts
  .filter((_, index) => index % 4 === 0)
  .map((_, index) => hostileTexts.slice(index * 4, index * 4 + 4).join(' '));

/** What each command line shows of them. */
const lines = (arn: string): Record<string, string[]> => ({
  list: ['list', '--failed', '--group'],
  show: ['show', arn, '-v'],
  history: ['history', arn],
  'saved history': ['history', '--history', 'history.json'],
  'show of a saved history': ['show', '--history', 'history.json'],
  logs: ['logs', arn],
  watch: ['watch', arn],
  pending: ['pending'],
  'question of many': ['approve', '--all', '--machine', 'approval', '--dry-run'],
  'question of one': ['approve', requestIds[0] ?? '', '--dry-run'],
  'import --check': ['import', '--check', csv],
  graph: ['graph', arn],
  svg: ['graph', 'machine.asl.json', '--format', 'svg'],
  mermaid: ['graph', 'machine.asl.json', '--format', 'mermaid'],
  'no execution': ['show', hostileTexts.join(' ')],
  'no paused step': ['approve', hostileTexts.join(' ')],
  'no command': [hostileTexts.join(' ')],
  'no option': ['list', `--${hostileTexts.join(' ')}`],
  'no file': ['import', hostileTexts.join(' ')],
});
/** What keeps to the terminal's width. */
const fitted = new Set(['list', 'show', 'history', 'saved history', 'pending']);
const csv = 'it\u001b[31m text\u202e.csv';

test('texts from outside neither act on the terminal nor hide in it, whatever shows them', async () => {
  const world = await pausedWorld();
  const { cwd } = world;
  const write = (name: string, text: string): void => writeFileSync(join(cwd, name), text);
  write(
    'notify.mjs',
    'export const handler = async ({ texts = [] }) => { for (const text of texts) console.log(text); return {}; };\n',
  );
  write(
    csv,
    `n,n\u001b[31m text\n${hostileTexts.map((text) => `"${text.replaceAll('"', '')}",1,2`).join('\n')}\n`,
  );
  write('machine.asl.json', JSON.stringify(failing()));
  const events = hostileTexts.map((text, index) => ({
    id: index + 1,
    previousEventId: index,
    timestamp: '2026-01-31T00:00:00.000Z',
    type: index === 0 ? 'ExecutionStarted' : text,
    stateEnteredEventDetails: { name: text, input: text },
    executionStartedEventDetails: { input: hostileTexts.join(' ') },
  }));
  write('history.json', JSON.stringify({ executionArn: hostileTexts.join(' '), events }));

  const arn = await world.begin(await world.machine('failing', failing()), { texts: hostileTexts });
  const approval = await world.machine('approval', {
    StartAt: 'Wait',
    States: { Wait: waiting({ End: true }) },
  });
  for (const each of await Promise.all(
    requestIds.map((requestId) => world.begin(approval, { requestId, texts: [] })),
  ))
    await until(world, each, 'TaskSubmitted');
  await ended(world.sfn, arn);

  for (const [what, args] of Object.entries(lines(arn))) {
    for (const color of [false, true]) {
      // Where nothing is asked or drawn, also as a terminal has it.
      const tty = !color && fitted.has(what);
      const env: Record<string, string> = color ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' };
      const { code, stdout, stderr } = await run(tty ? [...args, '-q'] : args, {
        cwd,
        env,
        tty,
        columns: WIDTH,
      });
      const told = stdout + stderr;
      expect(code, told).not.toBe(70);
      expect(leaks(told), what).toEqual([]);
      if (!color) expect(told, what).not.toContain('\u001b');
      // They are there, and told as they are.
      expect(told, what).toMatch(/(\\|#92;)x1b(\[|#91;)31m text/);
      if (!tty) continue;
      // What one would type is whole, and alone on its line where there is no room for more.
      for (const line of stdout.split('\n'))
        if (!/^ {2}(arn {6}|mbc-flow )|^[^ ]+( [^ ]+)*$/.test(line))
          expect(stringWidth(line), line).toBeLessThanOrEqual(WIDTH);
    }
  }
});

test('a bug that has such a text in it is told as safely, with its stack under -v', async () => {
  const env = {
    get XDG_STATE_HOME(): string {
      throw new Error(hostileTexts.join('\n'));
    },
  };
  const { code, stderr } = await run(['list', '-v'], { env });
  expect(code).toBe(70);
  expect(stderr).toMatch(/red\\x1b\[31m text[\s\S]+ at .*XDG_STATE_HOME/);
  expect(leaks(stderr)).toEqual([]);
});
