// The upload phase of an import (500 MB, to the local server) beside `aws s3 cp` of the same file, turn by turn.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const megabytes = Number(process.argv[2] ?? 500);
const turns = 3;
const say = (line) => process.stdout.write(`${line}\n`);
const folder = mkdtempSync(join(tmpdir(), 'mbc-flow-bench-'));
const file = join(folder, 'rows.csv');

async function loadGateways(endpoint) {
  const outfile = join(folder, 'connect.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('../src/aws/connect.ts', import.meta.url))],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  const { createGateways } = await import(outfile);
  return createGateways(() => ({
    region: 'ap-northeast-1',
    endpoint,
    anonymous: true,
    limiter: { take: async () => {} },
    verbose() {},
    now: Date.now,
  }));
}

/** `mbc-flow dev` on a free port. */
async function startServer() {
  const binary = fileURLToPath(new URL('../bin/mbc-flow.js', import.meta.url));
  const child = spawn(
    process.execPath,
    [binary, 'dev', '--port', '0', '--data-dir', join(folder, 'data'), '-o', 'json'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const [line] = await once(child.stdout, 'data');
  return { endpoint: JSON.parse(String(line)).endpoint, stop: () => child.kill() };
}

const server = await startServer();
try {
  await pipeline(function* () {
    const block = `${'1,商品,some text that a row might have,2026-11-24T00:00:00Z\n'.repeat(16_000)}`;
    yield 'id,name,note,at\n';
    for (let bytes = 0; bytes < megabytes * 1e6; bytes += Buffer.byteLength(block)) yield block;
  }, createWriteStream(file));
  const { objects } = await loadGateways(server.endpoint);
  const env = {
    ...process.env,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_DEFAULT_REGION: 'ap-northeast-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const runs = {
    'aws s3 cp': async (turn) => {
      const args = [
        's3',
        'cp',
        file,
        `s3://local-bucket/aws-${turn}.csv`,
        '--quiet',
        '--endpoint-url',
        server.endpoint,
      ];
      const { status, stderr } = spawnSync('aws', args, { env, encoding: 'utf8' });
      if (status !== 0) throw new Error(`aws s3 cp: ${stderr}`);
    },
    upload: (turn) =>
      objects.upload({
        bucket: 'local-bucket',
        key: `ours-${turn}.csv`,
        body: () => createReadStream(file, { highWaterMark: 256 * 1024 }),
        size: statSync(file).size,
        contentType: 'text/csv; charset=utf-8',
      }),
  };
  const times = new Map(Object.keys(runs).map((name) => [name, []]));
  for (let turn = 0; turn < turns; turn++) {
    for (const [name, run] of Object.entries(runs)) {
      const start = performance.now();
      await run(turn);
      times.get(name).push((performance.now() - start) / 1000);
    }
  }
  const median = (taken) => taken.sort((a, b) => a - b)[Math.floor(taken.length / 2)];
  const floor = median(times.get('aws s3 cp'));
  for (const [name, taken] of times)
    say(
      `${name.padEnd(10)} ${megabytes} MB in ${median(taken).toFixed(1)} s  ${(median(taken) / floor).toFixed(2)} x aws s3 cp`,
    );
} finally {
  server.stop();
  rmSync(folder, { recursive: true, force: true });
}
