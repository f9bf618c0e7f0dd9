// The engine with its store, over HTTP: executions per second, Maps, start and recovery, each beside its floor.
// Usage: npm run bench engine-server -- [--finished 100000] (executions that the recovery finds finished)
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: flags } = parseArgs({
  options: {
    finished: { type: 'string', default: '100000' },
    executions: { type: 'string', default: '3000' },
  },
});
const here = fileURLToPath(new URL('.', import.meta.url));
const binary = join(here, '../bin/mbc-flow.js');
const folder = mkdtempSync(join(tmpdir(), 'mbc-flow-bench-'));
const concurrency = 100;
const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
const roleArn = 'arn:aws:iam::101010101010:role/r';
const children = new Set();

/** Starts a process that prints a line when it is ready; how long that took. */
async function ready(args, cwd = folder) {
  const begun = performance.now();
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
  return { child, line, milliseconds: performance.now() - begun };
}

const serve = async (dataDir) => {
  const functions = [
    '--functions',
    `fn=${join(here, 'kit/echo.mjs')}.handler`.replace('.mjs.handler', '.handler'),
  ];
  const started = await ready([
    binary,
    'dev',
    '--port',
    '0',
    '-o',
    'json',
    '--data-dir',
    dataDir,
    ...functions,
  ]);
  return { ...started, port: Number(new URL(JSON.parse(started.line).endpoint).port) };
};

async function gone(child, signal = 'SIGKILL') {
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
  children.delete(child);
}

/** One call of Step Functions' API. */
function call(port, operation, input) {
  const body = JSON.stringify(input);
  return new Promise((resolve, reject) => {
    const headers = {
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Target': `AWSStepFunctions.${operation}`,
      'Content-Length': Buffer.byteLength(body),
    };
    request({ port, host: '127.0.0.1', method: 'POST', path: '/', headers, agent }, async (response) => {
      const chunks = [];
      for await (const chunk of response) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString();
      if (response.statusCode === 200) resolve(JSON.parse(text));
      else reject(new Error(`${operation}: ${text}`));
    })
      .on('error', reject)
      .end(body);
  });
}

/** Runs `count` calls, `concurrency` at a time. */
async function many(count, work) {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

async function create(port, name, states, type = 'STANDARD') {
  const definition = JSON.stringify({ StartAt: Object.keys(states)[0], States: states });
  return (await call(port, 'CreateStateMachine', { name, definition, roleArn, type })).stateMachineArn;
}

/** Until the execution has ended. */
async function ended(port, executionArn) {
  for (;;) {
    const description = await call(port, 'DescribeExecution', { executionArn });
    if (description.status === 'SUCCEEDED') return description;
    if (description.status !== 'RUNNING') throw new Error(JSON.stringify(description));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const timed = async (work) => {
  const begun = performance.now();
  const result = await work();
  return { seconds: (performance.now() - begun) / 1000, result };
};
const show = (what, text) => process.stdout.write(`${what.padEnd(46)} ${text}\n`);
const rate = (count, seconds) => `${Math.round(count / seconds)}/s`;

const pass = Object.fromEntries(
  [1, 2, 3, 4, 5].map((n) => [`p${n}`, { Type: 'Pass', ...(n < 5 ? { Next: `p${n + 1}` } : { End: true }) }]),
);
const lambda = {
  call: {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: { FunctionName: 'fn', 'Payload.$': '$' },
    End: true,
  },
};
const items = (mode, more) => ({
  all: {
    Type: 'Map',
    ItemsPath: '$.items',
    ...more,
    ItemProcessor: { ProcessorConfig: mode, StartAt: 'p', States: { p: { Type: 'Pass', End: true } } },
    ResultPath: null,
    End: true,
  },
});

async function executions(server, name, states, count) {
  const stateMachineArn = await create(server.port, name, states);
  const begin = (n) =>
    call(server.port, 'StartExecution', { stateMachineArn, name: `${name}-${n}`, input: '{"a":1}' });
  const { executionArn } = await begin('warm');
  await ended(server.port, executionArn);
  const { events } = await call(server.port, 'GetExecutionHistory', { executionArn });
  const run = await timed(async () => {
    let last;
    await many(count, async (n) => {
      last = await begin(n);
    });
    await ended(server.port, last.executionArn);
  });
  return { ...run, bytes: Buffer.byteLength(JSON.stringify(events)) };
}

async function floor(bytes, count) {
  const { child, line } = await ready([join(here, 'kit/log-floor.mjs'), join(folder, 'log'), String(bytes)]);
  const port = Number(line);
  const input = { stateMachineArn: 'arn', name: 'n', input: '{"a":1}' };
  await call(port, 'StartExecution', input);
  const run = await timed(() => many(count, () => call(port, 'StartExecution', input)));
  await gone(child);
  return run;
}

try {
  const count = Number(flags.executions);
  const dataDir = join(folder, 'data');
  const node = await timed(async () =>
    gone((await ready(['-e', 'console.log(0)'])).child, 'SIGTERM').catch(() => {}),
  );
  let server = await serve(dataDir);
  show(
    'start to the ready line',
    `${Math.round(server.milliseconds)} ms (node alone: ${Math.round(node.seconds * 1000)} ms)`,
  );

  const five = await executions(server, 'five', pass, count);
  const log = await floor(five.bytes, count);
  show(
    `${count} executions of 5 Pass states`,
    `${rate(count, five.seconds)}; log floor ${rate(count, log.seconds)}; ${(five.seconds / log.seconds).toFixed(2)} times its time`,
  );
  const calls = Math.ceil(count / 10);
  const one = await executions(server, 'lambda', lambda, calls);
  show(`${calls} executions of 1 Lambda`, rate(calls, one.seconds));

  const express = await create(server.port, 'inline', items({ Mode: 'INLINE' }), 'EXPRESS');
  const list = JSON.stringify({ items: Array.from({ length: 10_000 }, (_, n) => n) });
  const inline = await timed(() =>
    call(server.port, 'StartSyncExecution', { stateMachineArn: express, input: list }),
  );
  if (inline.result.status !== 'SUCCEEDED') throw new Error(JSON.stringify(inline.result));
  show('inline Map of 10,000 items', `${inline.seconds.toFixed(2)} s`);

  const rows = 'id,name\n'.concat(...Array.from({ length: 100_000 }, (_, n) => `${n},row ${n}\n`));
  await fetch(`http://127.0.0.1:${server.port}/local-bucket/rows.csv`, { method: 'PUT', body: rows });
  const distributed = await create(
    server.port,
    'distributed',
    items(
      { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      {
        ItemsPath: undefined,
        ItemReader: {
          Resource: 'arn:aws:states:::s3:getObject',
          ReaderConfig: { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' },
          Parameters: { Bucket: 'local-bucket', Key: 'rows.csv' },
        },
        ItemBatcher: { MaxItemsPerBatch: 100 },
        ResultWriter: {
          Resource: 'arn:aws:states:::s3:putObject',
          Parameters: { Bucket: 'local-bucket', Prefix: 'out' },
        },
      },
    ),
  );
  const map = await timed(async () => {
    const { executionArn } = await call(server.port, 'StartExecution', { stateMachineArn: distributed });
    await ended(server.port, executionArn);
  });
  show('Distributed Map of 100,000 rows', `${map.seconds.toFixed(2)} s`);

  const finished = Math.max(0, Number(flags.finished) - count);
  const stateMachineArn = await create(server.port, 'one', { p: { Type: 'Pass', End: true } });
  await many(finished, () => call(server.port, 'StartExecution', { stateMachineArn }));
  const wait = await create(server.port, 'wait', { w: { Type: 'Wait', Seconds: 86_400, End: true } });
  await many(1000, () => call(server.port, 'StartExecution', { stateMachineArn: wait }));
  await gone(server.child);
  const database = join(dataDir, 'state.db');
  const read = await timed(
    async () => readFileSync(database).length + readFileSync(`${database}-wal`).length,
  );
  const begun = performance.now();
  server = await serve(dataDir);
  await call(server.port, 'DescribeStateMachine', { stateMachineArn: wait });
  const recovered = (performance.now() - begun) / 1000;
  const size = Math.round(statSync(database).size / 1e6);
  show(
    `recovery of ${finished + count} finished, 1,000 running`,
    `${recovered.toFixed(2)} s to the first answer, process start included; sequential read of ${size} MB ${read.seconds.toFixed(2)} s`,
  );
} finally {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
