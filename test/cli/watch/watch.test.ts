import { expect, test } from 'vitest';
import type { HistoryEvent } from '../../../src/asl/engine/history-event.js';
import { run as show } from '../../../src/cli/execution/show.run.js';
import type { Context } from '../../../src/cli/shell/context.js';
import { createPrinter, type OutputForm } from '../../../src/cli/shell/printer.js';
import type { Target } from '../../../src/cli/shell/target.js';
import { run as watch } from '../../../src/cli/watch/watch.run.js';
import { recordedGateway } from '../../operations/recorded-gateway.js';
import { silentWaits } from '../../silent-waits.js';
import { executionArn, failed, paused } from '../../views/sample.js';
import { errorOf, run } from '../world.js';

/** A pipe, and a target whose one execution has this history. */
function world(history: HistoryEvent[], { output = 'text' as OutputForm, carried = false } = {}) {
  const stdout: string[] = [];
  const notices: string[] = [];
  const interrupt = new AbortController();
  const target = {
    gateways: { states: recordedGateway(history) },
    pollMilliseconds: 5,
    carried: () => carried,
    executionArn: async () => executionArn,
    flagsForHints: ' --target dev',
  };
  const context = {
    output,
    cwd: process.cwd(),
    env: {},
    terminal: { stdoutIsTTY: false, columns: 80, color: false },
    out: createPrinter(output, { write: (text) => stdout.push(text.replace(/\n$/, '')) }, false),
    err: { notice: (text: string) => notices.push(text) },
    clock: {
      now: Date.now,
      sleep: (ms: number, signal?: AbortSignal) =>
        new Promise<void>((resolve, reject) => {
          const timer = setTimeout(resolve, ms);
          signal?.addEventListener('abort', () => {
            clearTimeout(timer);
            reject(signal.reason);
          });
        }),
    },
    waits: { ...silentWaits, through: () => () => {} },
    signal: interrupt.signal,
    connect: async () => target as unknown as Target,
  } as unknown as Context;
  return { context, stdout, notices, interrupt };
}

test('a failed execution: its changes as lines, why, exit 1', async () => {
  const { context, stdout, notices } = world(failed());
  expect(await watch(context, [['@last']], { speed: 1 })).toBe(1);
  expect(stdout.at(-1)).toMatch(/execution {2}FAILED: 版が古い \(Error\)$/);
  expect(notices.join()).toContain('mbc-flow show @last --target dev');
});

test('-o ndjson: one object a change; -o json: the document at the end', async () => {
  const lines = world(failed(), { output: 'ndjson' });
  await watch(lines.context, [['@last']], { speed: 1 });
  expect(lines.stdout.map((line) => JSON.parse(line).status)).toEqual([
    'RUNNING',
    'running',
    'failed',
    'FAILED',
  ]);
  const document = world(failed(), { output: 'json' });
  await watch(document.context, [['@last']], { speed: 1 });
  expect(document.stdout).toHaveLength(1);
  expect(JSON.parse(document.stdout[0] ?? '')).toMatchObject({
    executionArn,
    status: 'FAILED',
    name: '商品-取込-1',
  });
});

test('--timeout: exit 124, what goes on and how to resume', async () => {
  const { context } = world(paused());
  await expect(watch(context, [['@last']], { speed: 1, timeout: 50 })).rejects.toMatchObject({
    exitCode: 124,
    message: expect.stringContaining('keeps running'),
    hint: expect.stringContaining('mbc-flow watch @last --target dev'),
  });
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
])('%s: exit %i; a carried execution rests on disk', async (signal, exitCode) => {
  const { context, stdout, interrupt } = world(paused(), { carried: true });
  const done = watch(context, [['@last']], { speed: 1 });
  const refused = expect(done).rejects.toMatchObject({
    exitCode,
    message: expect.stringContaining('saved on disk'),
  });
  await expect.poll(() => stdout.length).toBeGreaterThan(0);
  interrupt.abort(signal);
  await refused;
});

test.each([
  ['watch', '--timeout', 'soon', '--timeout'],
  ['watch', '--speed', '0', '--speed'],
  ['watch', '--speed', 'fast', '--speed'],
  ['logs', '--since', 'soon', '--since'],
])('%s %s %s is refused before anything is called', async (command, flag, value, where) => {
  const ran = await run([command, '@last', flag, value, '-o', 'json']);
  expect(errorOf(ran)).toMatchObject({ code: 'BadUsage', exitCode: 2, where });
});

test('show --history calls no one', async () => {
  const { context, stdout } = world([], { output: 'json' });
  context.connect = () => expect.unreachable();
  const { Readable } = await import('node:stream');
  const text = JSON.stringify({
    events: failed().map((event) => ({ ...event, timestamp: event.timestamp / 1000 })),
  });
  Object.assign(context, { stdin: Readable.from([text]) });
  expect(await show(context, [undefined], { history: '-' })).toBe(0);
  expect(JSON.parse(stdout[0] ?? '')).toMatchObject({
    status: 'FAILED',
    failure: { stateName: 'check_version' },
  });
  await expect(show(context, [undefined], { history: 'absent.json' })).rejects.toMatchObject({
    exitCode: 3,
  });
  await expect(show(context, [undefined], {})).rejects.toMatchObject({ exitCode: 2 });
});
