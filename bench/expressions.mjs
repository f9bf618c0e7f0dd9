// What an expression costs: JSONata in a warm process of its own, beside the same expression evaluated in this process
// by the library alone, and as the floor a JSONPath Pass state that selects the same data. Rounds of all are
// interleaved, so that a busy moment hits all; the ratios of their medians are what counts.
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import jsonata from 'jsonata';
import { bundleOptions } from '../scripts/bundle-options.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const rounds = 7;

const rows = (count) =>
  Array.from({ length: count }, (_, id) => ({
    id,
    name: `row ${id}`,
    price: (id * 37) % 97,
    tags: ['a', 'b'],
  }));

const measures = [
  {
    name: 'a sum of two',
    query: '$states.input.a + 1',
    path: 'States.MathAdd($.a, 1)',
    input: { a: 1 },
    times: 2_000,
  },
  {
    name: 'filter of 50 rows, 3 KB',
    query: '$states.input.rows[price > 90]',
    path: '$.rows[?(@.price > 90)]',
    input: { rows: rows(50) },
    times: 1_000,
  },
  {
    name: 'filter of 3,000 rows, 180 KB',
    query: '$states.input.rows[price > 90]',
    path: '$.rows[?(@.price > 90)]',
    input: { rows: rows(3_000) },
    times: 50,
  },
];

async function load() {
  const outdir = join(root, 'node_modules/.cache/mbc-flow/expressions');
  await build({
    ...bundleOptions,
    entryPoints: {
      evaluator: 'src/jsonata/evaluator.ts',
      'evaluating-child': 'src/jsonata/evaluating-child.mjs',
      definition: 'src/asl/definition.ts',
      transition: 'src/asl/engine/transition.ts',
    },
    outdir,
    outExtension: { '.js': '.mjs' },
    splitting: true,
    write: true,
  });
  const module = (name) => import(pathToFileURL(join(outdir, `${name}.mjs`)).href);
  return { ...(await module('evaluator')), ...(await module('definition')), ...(await module('transition')) };
}

const { createEvaluator, parseDefinition, createExecution, transition } = await load();
const evaluator = createEvaluator();

async function inChild({ query, input, times }) {
  const start = performance.now();
  for (let n = 0; n < times; n++) {
    const evaluation = { expressions: [query], states: { input }, variables: {}, at: 0 };
    const [answer] = await evaluator.evaluate(evaluation);
    if (!('value' in answer)) throw new Error(answer.failure);
  }
  return performance.now() - start;
}

const library = new Map(measures.map(({ query }) => [query, jsonata(query)]));

async function inProcess({ query, input, times }) {
  const expression = library.get(query);
  const start = performance.now();
  for (let n = 0; n < times; n++)
    JSON.parse(JSON.stringify(await expression.evaluate(undefined, { states: { input } })));
  return performance.now() - start;
}

const env = { taskToken: () => 'token', mapRunArn: () => 'run', random: () => 0.5 };
const arn = 'arn:aws:states:ap-northeast-1:101010101010';

/** An execution of one state, with its events; nothing is kept. */
function pass({ path, input, times }) {
  const state = { Type: 'Pass', Parameters: { 'v.$': path }, End: true };
  const machine = parseDefinition(JSON.stringify({ StartAt: 'P', States: { P: state } }));
  const spec = {
    executionArn: `${arn}:execution:machine:run`,
    name: 'run',
    roleArn: 'arn:aws:iam::101010101010:role/role',
    stateMachineArn: `${arn}:stateMachine:machine`,
    stateMachineName: 'machine',
    type: 'STANDARD',
    startDate: 0,
    input: JSON.stringify(input),
  };
  const start = performance.now();
  for (let n = 0; n < times; n++) {
    const execution = createExecution(spec, machine, env);
    transition(execution, { type: 'Start', at: 0 });
    if (execution.status !== 'SUCCEEDED') throw new Error(`${execution.status}: ${execution.cause}`);
  }
  return performance.now() - start;
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

for (const measure of measures) {
  const taken = { child: [], library: [], pass: [] };
  await inChild({ ...measure, times: measure.times / 10 });
  for (let round = 0; round < rounds; round++) {
    taken.child.push(await inChild(measure));
    taken.library.push(await inProcess(measure));
    taken.pass.push(pass(measure));
  }
  const each = (values) => (median(values) * 1000) / measure.times;
  const [child, own, floor] = [each(taken.child), each(taken.library), each(taken.pass)];
  process.stdout.write(
    `${measure.name.padEnd(30)} process ${child.toFixed(0)} µs, in process ${own.toFixed(0)} µs: ${(child / own).toFixed(2)}x; JSONPath Pass ${floor.toFixed(0)} µs: ${(child / floor).toFixed(2)}x\n`,
  );
}
await evaluator.stop();
