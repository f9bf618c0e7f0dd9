import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { HistoryEvent } from '../../../src/asl/engine/history-event.js';
import { failed } from '../../views/sample.js';
import { directory, run } from '../world.js';

const screen = '\u001b[?1049h';

function saved(history: HistoryEvent[]): string {
  const cwd = directory();
  const events = history.map((event) => ({ ...event, timestamp: event.timestamp / 1000 }));
  writeFileSync(join(cwd, 'history.json'), JSON.stringify({ events }));
  return cwd;
}
const replay = ['watch', '--replay', 'history.json', '--speed'];

test('the screen is drawn on the stdout of its world, and leaves its last frame there', async () => {
  const { code, stdout } = await run([...replay, 'max'], { cwd: saved(failed()), tty: true });
  expect(code).toBe(1);
  expect(stdout.startsWith(screen)).toBe(true);
  const [drawn = '', left = ''] = stdout.split('\u001b[?1049l');
  expect(drawn).toContain('check_version');
  expect(left).toContain('FAILED');
});

test.each([
  ['a pipe', {}, []],
  ['a terminal that can do nothing', { tty: true, env: { TERM: 'dumb' } }, []],
  ['JSON', { tty: true }, ['-o', 'ndjson']],
])('%s has no screen', async (_name, options, flags) => {
  const { stdout } = await run([...replay, 'max', ...flags], { cwd: saved(failed()), ...options });
  expect(stdout).toContain('check_version');
  expect(stdout).not.toContain('\u001b[?');
});
