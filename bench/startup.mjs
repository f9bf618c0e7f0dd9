// Start-up beside `node -e 0`: medians of interleaved runs, so that a busy moment hits all of them.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ownBinary = fileURLToPath(new URL('../bin/mbc-flow.js', import.meta.url));
const rounds = 21;
/** What a command compiled is kept from its second run on. */
const WARMING = 3;

// With certificates of its own node takes twice the time to do nothing: every ratio would be too good.
const envOf = (home) => ({
  ...process.env,
  HOME: home,
  NODE_EXTRA_CA_CERTS: undefined,
  MBC_FLOW_DATA_DIR: undefined,
});

function run(args, home, expected = 0) {
  const start = performance.now();
  const { status } = spawnSync(process.execPath, args, { stdio: 'ignore', env: envOf(home), cwd: home });
  if (status !== expected) throw new Error(`node ${args.join(' ')} ended with ${status}`);
  return performance.now() - start;
}

/** A server on a free port, once it is ready; and how long that took. */
export async function dev(binary, dataDir, home) {
  const start = performance.now();
  const child = spawn(process.execPath, [binary, 'dev', '--port', '0', '--data-dir', dataDir, '-o', 'json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: envOf(home),
    cwd: home,
  });
  for await (const line of createInterface({ input: child.stdout })) {
    if (JSON.parse(line).ready) break;
  }
  const milliseconds = performance.now() - start;
  const stop = () =>
    new Promise((resolve) => {
      child.once('exit', resolve);
      child.kill('SIGTERM');
    });
  return { milliseconds, stop };
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** Until a server on new data is ready, beside node. In seconds of the clock: part of it is waiting for the disk. */
export async function readyPair(binary, home, pairs) {
  const [own, base] = [[], []];
  for (let round = -WARMING; round < pairs; round++) {
    const { milliseconds, stop } = await dev(binary, join(home, `ready-${round + WARMING}`), home);
    await stop();
    if (round < 0) continue;
    own.push(milliseconds / 1000);
    base.push(run(['-e', '0'], home) / 1000);
  }
  const [seconds, anchorSeconds] = [median(own), median(base)];
  return { seconds, anchorSeconds, ratio: seconds / anchorSeconds };
}

async function startup() {
  const folder = mkdtempSync(join(tmpdir(), 'mbc-flow-startup-'));
  const server = await dev(ownBinary, join(folder, 'data'), folder);
  let ready = 0;
  const measured = {
    'node -e 0': () => run(['-e', '0'], folder),
    '--help': () => run([ownBinary, '--help'], folder),
    '--version': () => run([ownBinary, '--version'], folder),
    'a usage error': () => run([ownBinary, 'list', '--no-such-flag'], folder, 2),
    'list, on a running server': () => run([ownBinary, 'list', '--data-dir', join(folder, 'data')], folder),
    'dev, until it is ready': async () => {
      const { milliseconds, stop } = await dev(ownBinary, join(folder, `ready-${ready++}`), folder);
      await stop();
      return milliseconds;
    },
  };
  const times = new Map(Object.keys(measured).map((name) => [name, []]));
  try {
    for (let round = -WARMING; round < rounds; round++)
      for (const [name, once] of Object.entries(measured)) {
        const time = await once();
        if (round >= 0) times.get(name).push(time);
      }
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  const base = median(times.get('node -e 0'));
  for (const [name, list] of times) {
    const time = median(list);
    process.stdout.write(
      `${name.padEnd(26)} ${time.toFixed(0).padStart(4)} ms  ${(time / base).toFixed(2)}x\n`,
    );
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await startup();
