import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commands, start, startDirectory } from '../cli/world.js';
import { type ExampleWorld, exampleWorld, type Kind } from './example-world.js';
import { commandsIn } from './line.js';

/** What `@last` is for these examples, and `r-1`; for the others something that succeeded. */
const kinds: [RegExp, Kind][] = [
  [/^redrive|^rerun @last/, 'failed'],
  [/^import (--retry|show) @last/, 'import'],
  [/^task show @last/, 'batch'],
  [/^(stop|approve|reject|fail|heartbeat|pending) /, 'paused'],
  [/^resume (r-1|@last)/, 'handover'],
];
/** Those that have to be made anew for the next example. */
const used = /@last|@2|\br-1\b|ids\.txt|--all/;

/** What ends only when it is told to; then it says something. */
const stays = /^(?:dev\b|ui\b|list --watch|logs .*-f\b|pending --watch|test .*--watch|open @last$)/;

/** What this world does not have; that the examples find it there is tested elsewhere. */
const missing: [RegExp, string][] = [
  [/^import (list|show)/, 'TablePrefixNeeded'],
  [/^(stop|resume) --chain/, 'ChainNotFound'],
  [/^stop --machine command --older-than 7d/, 'ExecutionNotFound'],
  [/^open /, 'NoConsole'],
  [/^dev --s3-port 4566/, 'PortInUse'],
];

const folder = startDirectory();
let world: ExampleWorld;
let stop = async (): Promise<void> => {};

beforeAll(async () => {
  world = await exampleWorld(folder, (end) => {
    stop = end;
  });
});
afterAll(() => stop());

// A test a command: the time that one may take is not that of all of them.
describe('every example of the help works', () => {
  test.each(commands.filter(({ examples }) => examples.length > 0))('$name', async ({ examples }) => {
    const bad: string[] = [];
    for (const { line } of examples) {
      const problem = await typed(line);
      if (problem !== undefined) bad.push(`${line}: ${problem}`);
    }
    expect(bad).toEqual([]);
  });
});

async function typed(line: string): Promise<string | undefined> {
  const [{ args, stdin, into } = { args: [], stdin: undefined, into: undefined }] = commandsIn(line);
  const text = args.join(' ');
  const cwd = /^(dev|trigger|demo)/.test(text)
    ? world.fresh
    : /^(scaffold|init)/.test(text)
      ? world.app
      : world.cwd;
  if (used.test(text)) await world.last(kinds.find(([like]) => like.test(text))?.[1] ?? 'succeeded');
  else world.renew();
  const words = args.flatMap((word) =>
    word === '*.csv' ? filesOf(cwd, /\.csv$/) : [world.named.get(word) ?? word],
  );
  const running = start(words, {
    cwd,
    stdin: readFileSync(
      join(cwd, stdin ?? (text.startsWith('trigger') ? 'command.json' : 'items.json')),
      'utf8',
    ),
    env: { EDITOR: `${process.execPath} ${join(cwd, 'edit.mjs')}` },
    // Of an event that leads to no execution, --follow is told by ten seconds that pass.
    speed: text.startsWith('trigger') ? 50 : 1,
  });
  if (stays.test(text))
    await running.waitFor(/\S/).then(
      () => running.signal('SIGINT'),
      () => {},
    );
  const { code, stdout, stderr } = await running.done;
  if (into !== undefined) writeFileSync(join(cwd, into), stdout);
  if (code === 0 || code === 1 || (code === 130 && stays.test(text))) return undefined;
  const { error } = code === 130 ? { error: '' } : await whyNot(words, cwd, stderr);
  return missing.some(([like, expected]) => like.test(text) && error === expected)
    ? undefined
    : `${code} ${stderr}`;
}

/** The code of the error, which text does not have. */
async function whyNot(words: string[], cwd: string, stderr: string): Promise<{ error: string }> {
  const json = words.includes('json') ? stderr : (await start([...words, '-o', 'json'], { cwd }).done).stderr;
  return { error: /"code":"(\w+)"/.exec(json)?.[1] ?? '' };
}

const filesOf = (cwd: string, like: RegExp): string[] => readdirSync(cwd).filter((name) => like.test(name));
