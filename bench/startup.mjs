// Start-up beside `node -e 0`: medians of interleaved runs, so that a busy moment hits all of them.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const binary = fileURLToPath(new URL('../bin/mbc-flow.js', import.meta.url));
const rounds = 21;
const folder = mkdtempSync(join(tmpdir(), 'mbc-flow-startup-'));
// With certificates of its own node takes twice the time to do nothing: every ratio would be too good.
const env = { ...process.env, HOME: folder, NODE_EXTRA_CA_CERTS: undefined, MBC_FLOW_DATA_DIR: undefined };

function run(args, expected = 0) {
  const start = performance.now();
  const { status } = spawnSync(process.execPath, args, { stdio: 'ignore', env, cwd: folder });
  if (status !== expected) throw new Error(`node ${args.join(' ')} ended with ${status}`);
  return performance.now() - start;
}

/** A server on a free port, once it is ready; and how long that took. */
async function dev(dataDir) {
  const start = performance.now();
  const child = spawn(process.execPath, [binary, 'dev', '--port', '0', '--data-dir', dataDir, '-o', 'json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env,
    cwd: folder,
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

const server = await dev(join(folder, 'data'));
let ready = 0;
const measured = {
  'node -e 0': () => run(['-e', '0']),
  '--help': () => run([binary, '--help']),
  '--version': () => run([binary, '--version']),
  'a usage error': () => run([binary, 'list', '--no-such-flag'], 2),
  'list, on a running server': () => run([binary, 'list', '--data-dir', join(folder, 'data')]),
  'dev, until it is ready': async () => {
    const { milliseconds, stop } = await dev(join(folder, `ready-${ready++}`));
    await stop();
    return milliseconds;
  },
};
const times = new Map(Object.keys(measured).map((name) => [name, []]));
try {
  for (let round = 0; round < rounds; round++) {
    for (const [name, once] of Object.entries(measured)) times.get(name).push(await once());
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
