// The interpreter alone (no store, no server), with AWS's full events, beside aws-local-stepfunctions, which keeps
// nothing. Rounds of both are interleaved, so that a busy moment hits both; what counts is the median of their ratios, in CPU
// time. With a checkout of another commit (`node bench/interpreter.mjs FOLDER`, its packages installed) it is the third one.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { bundleOptions } from '../scripts/bundle-options.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const rounds = 21;

// The other one is made for a newer node.
Promise.withResolvers ??= () => {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
};
const { StateMachine } = await import('aws-local-stepfunctions').catch(() => {
  process.stderr.write(
    'aws-local-stepfunctions is missing: npm install --prefix bench (Node.js 22 or newer)\n',
  );
  process.exit(1);
});
const present = await load(root, 'interpreter.mjs');
/** As bench/table.mjs keeps it. */
const json = process.argv.includes('--json');
const [folder] = process.argv.slice(2).filter((word) => word !== '--json');
const former = folder && (await load(resolve(folder), 'interpreter-former.mjs'));

const LAMBDA = 'arn:aws:lambda:ap-northeast-1:101010101010:function:f';
const chain = (states) => ({
  StartAt: 'S0',
  States: Object.fromEntries(
    states.map((state, at) => [
      `S${at}`,
      { ...state, ...(at < states.length - 1 ? { Next: `S${at + 1}` } : { End: true }) },
    ]),
  ),
});
const pass = { Type: 'Pass', Parameters: { 'a.$': '$.a', b: 1 }, ResultPath: '$.r' };
const choice = {
  StartAt: 'C',
  States: {
    C: {
      Type: 'Choice',
      Choices: [{ Variable: '$.n', NumericGreaterThan: 5, Next: 'Big' }],
      Default: 'Small',
    },
    Big: { Type: 'Pass', End: true },
    Small: { Type: 'Pass', End: true },
  },
};

const measures = [
  { name: '10,000 x 5 Pass', definition: chain(new Array(5).fill(pass)), input: { a: 1 }, times: 10_000 },
  {
    name: '10,000 x 1 Lambda',
    definition: chain([{ Type: 'Task', Resource: LAMBDA, ResultPath: '$.r' }]),
    input: { a: 1 },
    times: 10_000,
  },
  {
    name: 'Map of 10,000 items',
    definition: chain([{ Type: 'Map', ItemsPath: '$.items', Iterator: choice }]),
    input: { items: Array.from({ length: 10_000 }, (_, n) => ({ n: n % 10 })) },
    times: 1,
  },
];

async function load(from, name) {
  const { outputFiles } = await build({
    ...bundleOptions,
    absWorkingDir: from,
    stdin: {
      contents: `export { parseDefinition } from './src/asl/definition.ts'; export * from './src/asl/engine/transition.ts';`,
      resolveDir: from,
    },
  });
  const cache = join(root, 'node_modules/.cache/mbc-flow');
  mkdirSync(cache, { recursive: true });
  const module = join(cache, name);
  writeFileSync(module, outputFiles[0].contents);
  return await import(pathToFileURL(module).href);
}

const env = { taskToken: (id) => `token-${id}`, mapRunArn: (id) => `run-${id}`, random: () => 0.5 };

function spec(input) {
  const arn = 'arn:aws:states:ap-northeast-1:101010101010';
  return {
    executionArn: `${arn}:execution:machine:run`,
    name: 'run',
    roleArn: 'arn:aws:iam::101010101010:role/role',
    stateMachineArn: `${arn}:stateMachine:machine`,
    stateMachineName: 'machine',
    // A Map of so many items has more events than a STANDARD execution may have.
    type: 'EXPRESS',
    startDate: 0,
    input: JSON.stringify(input),
  };
}

/** Milliseconds of CPU that the work takes, of this process. */
async function cpu(work) {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function ours({ parseDefinition, createExecution, transition }, { definition, input, times }) {
  const machine = parseDefinition(JSON.stringify(definition));
  for (let n = 0; n < times; n++) {
    const execution = createExecution(spec(input), machine, env);
    const answers = [{ type: 'Start', at: 0 }];
    for (let stimulus = answers.shift(); stimulus; stimulus = answers.shift())
      for (const effect of transition(execution, stimulus).effects) answer(effect, answers);
    if (execution.status !== 'SUCCEEDED') throw new Error(`${execution.status}: ${execution.cause}`);
  }
}

function answer(effect, answers) {
  if (effect.type === 'InvokeTask')
    answers.push({ type: 'TaskSucceeded', taskId: effect.taskId, output: '{"ok":true}', at: 0 });
  // What a transition that grew too long left to do; the execution's own limit is not for us.
  if (effect.type === 'SetTimer' && effect.at === 0)
    answers.push({ type: 'TimerFired', timerId: effect.timerId, at: 0 });
}

async function theirs({ definition, input, times }) {
  const machine = new StateMachine(definition, { validationOptions: { noValidate: true } });
  const overrides = { taskResourceLocalHandlers: {} };
  for (const name of Object.keys(definition.States))
    overrides.taskResourceLocalHandlers[name] = async () => ({ ok: true });
  for (let n = 0; n < times; n++) await machine.run(input, { overrides }).result;
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

const ratioOf = (times, others) => median(times.map((time, round) => time / others[round])).toFixed(2);

const results = [];
for (const measure of measures) {
  const runners = {
    'aws-local-stepfunctions': () => theirs(measure),
    interpreter: () => ours(present, measure),
    ...(former && { former: () => ours(former, measure) }),
  };
  const times = Object.fromEntries(Object.keys(runners).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const order = Object.keys(runners);
    if (round % 2 === 1) order.reverse();
    for (const name of order) times[name].push(await cpu(runners[name]));
  }
  const { 'aws-local-stepfunctions': peer, interpreter, former: before } = times;
  results.push({
    name: measure.name,
    seconds: median(interpreter) / 1000,
    anchorSeconds: median(peer) / 1000,
    ratio: Number(ratioOf(interpreter, peer)),
  });
  if (json) continue;
  process.stdout.write(
    `${measure.name.padEnd(20)} interpreter ${median(interpreter).toFixed(0)} ms: ${ratioOf(interpreter, peer)} x aws-local-stepfunctions${before ? `, ${ratioOf(interpreter, before)} x the former one` : ''}\n`,
  );
}
if (json) process.stdout.write(JSON.stringify(results));
