// The upload phase of an import (500 MB, to the local server) beside `aws s3 cp` of the same file, turn by turn.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const megabytes = Number(process.argv[2] ?? 500);
const turns = Number(process.argv[3] ?? 5);
const say = (line) => process.stdout.write(`${line}\n`);
const folder = mkdtempSync(join(tmpdir(), 'mbc-flow-bench-'));
const file = join(folder, 'rows.csv');

/** The operations of an import, and the gateways they work on. */
async function load() {
  const outfile = join(folder, 'import.mjs');
  const from = (path) => JSON.stringify(fileURLToPath(new URL(`../src/${path}`, import.meta.url)));
  await build({
    stdin: {
      contents: `
        export { createGateways } from ${from('aws/connect.ts')};
        export { openSource } from ${from('files/open-source.ts')};
        export { checkFile } from ${from('operations/import/check-file.ts')};
        export { planImport } from ${from('operations/import/plan-import.ts')};
        export { uploadAndStart } from ${from('operations/import/import-file.ts')};`,
      resolveDir: folder,
    },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return await import(outfile);
}

/** Everything up to the upload is done; what is returned does it, and starts nothing. */
async function prepareUpload(endpoint) {
  const { createGateways, openSource, checkFile, planImport, uploadAndStart } = await load();
  const gateways = createGateways(() => ({
    region: 'ap-northeast-1',
    endpoint,
    anonymous: true,
    limiter: { take: async () => {}, throttled() {} },
    waits: { during: (_wait, work) => work() },
    verbose() {},
    now: Date.now,
  }));
  const stateMachineArn = 'arn:aws:states:ap-northeast-1:101010101010:stateMachine:import-csv';
  const { definition } = await gateways.states.describeStateMachine(stateMachineArn);
  const checked = await checkFile(await openSource('/', file));
  const states = { ...gateways.states, startExecution: async () => ({ executionArn: 'none' }) };
  const around = {
    gateways: { ...gateways, objects: gateways.objects, states },
    journal: { read: async () => undefined, write: async () => {} },
    clock: { now: Date.now, sleep: async () => {} },
    signal: new AbortController().signal,
    onEvent() {},
  };
  const order = { stateMachineArn, definition, bucket: 'local-bucket', table: 'rows', attributes: {} };
  return async (turn) => {
    const plan = await planImport(
      checked,
      { ...order, via: 'execution', key: `ours-${turn}.csv` },
      { ...around, now: 0 },
    );
    const start = performance.now();
    await uploadAndStart(plan, around);
    return performance.now() - start;
  };
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
  const env = {
    ...process.env,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_DEFAULT_REGION: 'ap-northeast-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const awsCopy = async (turn) => {
    const to = ['--quiet', '--endpoint-url', server.endpoint];
    const start = performance.now();
    const { status, stderr } = spawnSync(
      'aws',
      ['s3', 'cp', file, `s3://local-bucket/aws-${turn}.csv`, ...to],
      {
        env,
        encoding: 'utf8',
      },
    );
    if (status !== 0) throw new Error(`aws s3 cp: ${stderr}`);
    return performance.now() - start;
  };
  const runs = { 'aws s3 cp': awsCopy, upload: await prepareUpload(server.endpoint) };
  const times = new Map(Object.keys(runs).map((name) => [name, []]));
  for (let turn = 0; turn < turns; turn++) {
    for (const [name, run] of Object.entries(runs)) times.get(name).push((await run(turn)) / 1000);
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
