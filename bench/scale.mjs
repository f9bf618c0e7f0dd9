// How the calls of a command grow, and how long AWS's quotas let them take. Each row is a formula; small real runs against
// `dev --throttle` prove it, call by call; our limiter and AWS's buckets then play it on virtual time.
// `npm run bench scale`; `node bench/scale.mjs --json`, as `npm run bench -- --json`, writes the table into docs/performance.md.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateStateMachineCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { build } from 'esbuild';
import { bundleOptions } from '../scripts/bundle-options.mjs';
import { writePerformance } from './performance.mjs';

// Says nothing about this bench.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const root = here('..');
const binary = here('../bin/mbc-flow.js');

/** A call of AWS takes so long, and so many histories are read at the same time. */
const [CALL_MS, AT_ONCE] = [60, 8];

/** Of each execution's lines, of which a page has at most 1 MB. */
const LOGGED = 5_000;
const pages = (count, each = 1000) => Math.max(Math.ceil(count / each), 1);
const looked = ({ m, p, n }) => ({
  ListStateMachines: pages(m),
  DescribeStateMachine: m,
  ListExecutions: p - 1 + pages(n),
});
/** Calls by operation: of `m` STANDARD state machines `p` have a step that waits; `n` executions run in one of these. */
export const rows = [
  {
    what: '`pending`, first time',
    calls: (size) => ({ ...looked(size), GetExecutionHistory: size.n }),
    run: ['pending'],
    world: 'asleep',
    forgets: true,
  },
  {
    what: '`pending` again, or after `top`: 1 of 100 paused, the others in a Wait',
    calls: (size) => ({
      ...looked(size),
      GetExecutionHistory: Math.ceil(size.n / 100),
      DescribeStateMachineForExecution: 2,
    }),
    before: ['top', '-o', 'json'],
    run: ['pending'],
    world: 'asleep',
    forgets: true,
  },
  {
    what: '`approve <request id>`, where it is remembered',
    calls: (size) => ({
      ...looked(size),
      GetCallerIdentity: 1,
      DescribeStateMachine: size.m + 1,
      DescribeStateMachineForExecution: 1,
      GetExecutionHistory: 1,
    }),
    run: ['approve', 'r-0', '-n'],
    world: 'asleep',
  },
  {
    what: '`pending`, the machine logs everything (5 kB each)',
    calls: (size) => ({ ...looked(size), FilterLogEvents: pages(size.n * LOGGED, 1_000_000) }),
    run: ['pending'],
    world: 'logged',
    forgets: true,
  },
  {
    what: '`list --request-id`, first time',
    calls: ({ n }) => ({
      ListStateMachines: 1,
      DescribeStateMachine: 1,
      ListExecutions: pages(n),
      GetExecutionHistory: n,
    }),
    run: ['list', 'approval', '--request-id', 'r-0'],
    world: 'asleep',
    forgets: true,
  },
  {
    what: '`list --request-id` again',
    calls: ({ n }) => ({ ListStateMachines: 1, ListExecutions: pages(n) }),
    run: ['list', 'approval', '--request-id', 'r-0'],
    world: 'asleep',
  },
  {
    what: '`list` of all state machines',
    calls: ({ m }) => ({ ListStateMachines: pages(m), ListExecutions: m }),
    run: ['list'],
    world: 'asleep',
  },
  {
    what: '`list <machine>`',
    calls: ({ m }) => ({ ListStateMachines: pages(m), ListExecutions: 1 }),
    run: ['list', 'approval'],
    world: 'asleep',
  },
];

/** @returns {Promise<Record<string, any>>} what AWS counts, and how we keep to it */
async function sources() {
  const { outputFiles } = await build({
    ...bundleOptions,
    banner: {},
    stdin: {
      contents: `
        export { createLimiter } from './src/aws/limiter.ts';
        export { TokenBuckets } from './src/local/http/throttle.ts';
        export { statesQuotas } from './src/local/states/quotas.ts';
        export { logsQuotas } from './src/local/logs/quotas.ts';`,
      resolveDir: root,
    },
  });
  return await import(
    `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
  );
}

/** Seconds until the last call has its answer; throws where AWS's own buckets would refuse one. */
async function play(calls, { createLimiter, TokenBuckets, statesQuotas, logsQuotas }) {
  let time = 0;
  let until = 0;
  const clock = {
    now: () => time,
    async sleep(milliseconds) {
      until = time + milliseconds;
    },
  };
  const limiter = createLimiter(clock);
  const buckets = new TokenBuckets(() => time);
  const states = statesQuotas();
  for (const [operation, count] of Object.entries(calls)) {
    const width = operation === 'GetExecutionHistory' || operation === 'DescribeStateMachine' ? AT_ONCE : 1;
    for (let call = 0; call < count; call++) {
      until = time;
      await limiter.take(operation);
      time = Math.max(until, time + CALL_MS / width);
      const { bucket, quota } =
        operation === 'FilterLogEvents' ? logsQuotas(operation) : states(operation, {});
      if (!buckets.take(bucket, quota)) throw new Error(`${operation}: refused after ${time} ms`);
    }
  }
  return time / 1000;
}

/** Small worlds in which each formula must hold to the call. */
async function prove() {
  const folder = mkdtempSync(join(tmpdir(), 'mbc-flow-scale-'));
  const env = { PATH: process.env.PATH, HOME: folder, AWS_EC2_METADATA_DISABLED: 'true' };
  writeFileSync(join(folder, 'notify.mjs'), 'export const handler = async () => ({});\n');
  const proven = [];
  const children = new Set();
  const launch = (args, cwd) => {
    const child = spawn(process.execPath, [binary, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    children.add(child);
    return child;
  };
  const run = async (args, cwd) => {
    const child = launch(args, cwd);
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (text) => (stdout += text));
    child.stderr.on('data', (text) => (stderr += text));
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`);
    const counted = {};
    for (const [, name] of stderr.matchAll(/^· (\w+) ok/gm)) counted[name] = (counted[name] ?? 0) + 1;
    return { stdout, counted };
  };
  const forget = () => rmSync(join(folder, '.cache/mbc-flow/executions'), { recursive: true, force: true });
  try {
    for (const [world, m, n] of [
      ['asleep', 1, 30],
      ['asleep', 4, 200],
      ['logged', 2, 310],
    ]) {
      const cwd = mkdtempSync(join(folder, 'world-'));
      const dev = [
        'dev',
        '--port',
        '0',
        '--throttle',
        '-o',
        'json',
        '--functions',
        `notify=${folder}/notify.mjs`,
      ];
      const server = launch(dev, cwd);
      const [line] = await once(server.stdout.setEncoding('utf8'), 'data');
      await populate(JSON.parse(line).endpoint, { world, m, n });
      const paused = world === 'logged' ? n : Math.ceil(n / 100);
      // Functions take their time to start: until all wait that will.
      for (let open = 0; open < paused; )
        open = JSON.parse((await run(['pending', '--deep', '-o', 'json'], cwd)).stdout).pending.length;
      // With the framework's, of which `command` and `import-zip` have steps that wait.
      const builtIn = JSON.parse((await run(['machines', '-o', 'json'], cwd)).stdout).stateMachines;
      const all = (builtIn ?? []).filter(({ type }) => type === 'STANDARD').length || m;
      for (const row of rows.filter((one) => one.world === world)) {
        if (row.forgets) forget();
        if (row.before) await run(row.before, cwd);
        const { counted } = await run([...row.run, '-v'], cwd);
        const told = row.calls({ m: all, p: 3, n });
        for (const operation of new Set([...Object.keys(told), ...Object.keys(counted)]))
          if ((told[operation] ?? 0) !== (counted[operation] ?? 0))
            throw new Error(
              `${row.what} of ${all} state machines and ${n} executions: ${operation} ${counted[operation] ?? 0} times, by the formula ${told[operation] ?? 0}`,
            );
        proven.push(`${row.what}: m ${all}, n ${n}`);
      }
      server.kill('SIGTERM');
      await once(server, 'close');
    }
  } finally {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
  return proven;
}

async function populate(endpoint, { world, m, n }) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const region = 'ap-northeast-1';
  const sfn = new SFNClient({ endpoint, region, credentials });
  const logGroup = '/aws/vendedlogs/states/approval';
  await new CloudWatchLogsClient({ endpoint, region, credentials }).send(
    new CreateLogGroupCommand({ logGroupName: logGroup }),
  );
  const roleArn = 'arn:aws:iam::101010101010:role/r';
  const approve = {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Parameters: { FunctionName: 'notify', Payload: { 'token.$': '$$.Task.Token' } },
    End: true,
  };
  const definition = {
    StartAt: 'Later',
    States: { Later: { Type: 'Wait', SecondsPath: '$.seconds', Next: 'Approve' }, Approve: approve },
  };
  const logGroupArn = `arn:aws:logs:${region}:101010101010:log-group:${logGroup}:*`;
  const loggingConfiguration =
    world === 'logged'
      ? {
          level: 'ALL',
          includeExecutionData: true,
          destinations: [{ cloudWatchLogsLogGroup: { logGroupArn } }],
        }
      : undefined;
  const { stateMachineArn } = await sfn.send(
    new CreateStateMachineCommand({
      name: 'approval',
      roleArn,
      definition: JSON.stringify(definition),
      loggingConfiguration,
    }),
  );
  const done = JSON.stringify({ StartAt: 'Done', States: { Done: { Type: 'Succeed' } } });
  for (let other = 1; other < m; other++)
    await sfn.send(new CreateStateMachineCommand({ name: `other-${other}`, roleArn, definition: done }));
  for (let one = 0; one < n; one++) {
    const seconds = world === 'logged' || one % 100 === 0 ? 0 : 86_400;
    const input = JSON.stringify({ requestId: `r-${one}`, seconds });
    await sfn.send(new StartExecutionCommand({ stateMachineArn, input }));
  }
}

const sum = (calls) => Object.values(calls).reduce((all, count) => all + count, 0);

/** The table, once small runs have proven its formulas. */
export async function scale() {
  const proven = await prove();
  const played = await sources();
  const sizes = [
    { m: 20, p: 5, n: 5_000 },
    { m: 20, p: 5, n: 50_000 },
    { m: 500, p: 50, n: 5_000 },
  ];
  const table = [];
  for (const { what, calls } of rows) {
    const cells = [];
    for (const size of sizes)
      cells.push({ calls: sum(calls(size)), seconds: await play(calls(size), played) });
    table.push({ what, cells });
  }
  return { proven: proven.length, sizes, table };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { proven, sizes, table } = await scale();
  if (process.argv.includes('--json')) {
    const results = JSON.parse(readFileSync(here('results.json'), 'utf8'));
    writeFileSync(
      here('results.json'),
      `${JSON.stringify({ ...results, scale: { proven, sizes, table } }, null, 2)}\n`,
    );
    writePerformance();
  }
  process.stdout.write(`${proven} real runs kept to the formulas.\n`);
  for (const { what, cells } of table)
    process.stdout.write(
      `${what}\n${cells.map(({ calls, seconds }, at) => `  ${sizes[at].m} machines, ${sizes[at].n} running: ${calls} calls, ${seconds.toFixed(0)} s\n`).join('')}`,
    );
}
