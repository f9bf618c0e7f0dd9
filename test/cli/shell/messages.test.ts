import { describe, expect, test } from 'vitest';
import { errorBlock, errorJson } from '../../../src/cli/shell/error-block.js';
import { createErr } from '../../../src/cli/shell/messages.js';
import { createPrinter } from '../../../src/cli/shell/printer.js';
import { colorWanted, readTerminal } from '../../../src/cli/shell/terminal.js';
import { FlowError } from '../../../src/errors.js';
import { paint } from '../../../src/views/text/paint.js';

function sink() {
  const stream = { text: '', write: (text: string) => (stream.text += text) };
  return stream;
}
const terminal = (stderrIsTTY: boolean, columns = 20) =>
  readTerminal(
    { env: {}, stdin: {}, stdout: { columns }, stderr: { isTTY: stderrIsTTY } },
    { color: true, utc: false },
  );

describe('stderr', () => {
  const options = { quiet: false, verbose: false, mode: 'text' as const };

  test('progress replaces itself on a terminal, cut to its width; a notice goes above it', () => {
    const stderr = sink();
    const err = createErr(options, stderr, terminal(true, 10), () => 0);
    err.progress('商品商品商品.csv');
    err.progress('tw\no');
    err.notice('hello');
    err.progress('');
    expect(stderr.text).toBe('商品商品\r\u001b[Ktw o\r\u001b[Khello\ntw o\r\u001b[K');
  });

  test('in a pipe progress is a line every five seconds; what is quick says nothing', () => {
    const stderr = sink();
    let now = 0;
    const err = createErr(options, stderr, terminal(false), () => now);
    for (now = 0; now <= 10_000; now += 1000) err.progress(`at ${now}`);
    err.progress('');
    expect(stderr.text).toBe('at 5000\nat 10000\n');
  });

  test('quiet and JSON say nothing; -v tells calls even then', () => {
    for (const silent of [{ quiet: true }, { mode: 'json' as const }]) {
      const stderr = sink();
      const err = createErr({ ...options, ...silent, verbose: true }, stderr, terminal(true), () => 0);
      err.notice('a');
      err.progress('b');
      err.verbose('ListExecutions ok');
      expect(stderr.text).toBe('· ListExecutions ok\n');
    }
  });
});

test('errors: a block for people, one line for scripts', () => {
  const error = new FlowError(3, 'ExecutionNotFound', 'there is no execution 商品', {
    where: 'local',
    hint: 'mbc-flow list',
    details: { near: ['a'] },
  });
  expect(errorBlock(error, false)).toBe(
    'error: there is no execution 商品\n  where: local\n  try:   mbc-flow list',
  );
  expect(errorBlock(error, true)).toContain('\u001b[31merror:\u001b[39m');
  expect(JSON.parse(errorJson(error))).toEqual({
    error: {
      code: 'ExecutionNotFound',
      exitCode: 3,
      message: 'there is no execution 商品',
      where: 'local',
      hint: 'mbc-flow list',
      near: ['a'],
    },
  });
  expect(errorBlock(new FlowError(130, 'Interrupted', 'Left.'), false)).toBe('Left.');
});

test('errors: a token that was typed where a name is expected is not repeated', () => {
  const token = `AQCEAAAA${'x'.repeat(400)}`;
  const error = new FlowError(3, 'NotFound', `nothing waits with the request id ${token}`, {
    where: token,
    hint: `mbc-flow show ${token}`,
    details: { near: [token] },
  });
  for (const text of [errorBlock(error, true), errorJson(error)]) {
    expect(text).not.toContain('AQCE');
    expect(text).toContain('nothing waits with the request id <redacted>');
  }
});

test.each([
  [{}, true, true, true],
  [{}, false, true, false],
  [{ NO_COLOR: '1' }, true, true, false],
  [{ NO_COLOR: '' }, true, true, true],
  [{ FORCE_COLOR: '1' }, false, true, true],
  [{ FORCE_COLOR: '0' }, true, true, false],
  [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, true, false],
  [{ FORCE_COLOR: '1' }, true, false, false],
  [{ TERM: 'dumb' }, true, true, false],
])('colours with %j, TTY %s, flag %s: %s', (env, isTTY, flag, wanted) => {
  expect(colorWanted(env, isTTY, flag)).toBe(wanted);
});

test('what comes from outside can neither act on the terminal nor hide in it; JSON stays the same data', () => {
  const hostile = 'a\u001b[2J\u001b]0;t\u0007b\u009b1m\u202ec\u200bd\re\u001b[8mf';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const unseen = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202e]/;
  const stream = sink();
  const out = createPrinter('text', stream, true);
  out.line(hostile);
  const err = createErr({ quiet: false, verbose: true, mode: 'text' }, stream, terminal(false), () => 0);
  err.notice(hostile);
  err.verbose(hostile);
  stream.write(errorBlock(new FlowError(3, 'E', hostile, { where: hostile, hint: hostile }), false));
  expect(stream.text).not.toMatch(unseen);
  expect(stream.text).toContain('a\\x1b[2J\\x1b]0;t\\x07b\\x9b1m\\u202ec\\u200bd\\re\\x1b[8mf');
  const json = sink();
  createPrinter('ndjson', json, false).document({ hostile });
  expect(json.text).not.toMatch(unseen);
  expect(JSON.parse(json.text)).toEqual({ hostile });
  const own = sink();
  createPrinter('text', own, true).line(`${paint(true).red('red')} 👩‍🚀 \u001b[31mtheirs`);
  expect(own.text).toBe('\u001b[31mred\u001b[39m 👩‍🚀 \\x1b[31mtheirs\n');
});
