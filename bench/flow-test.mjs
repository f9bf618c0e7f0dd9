// 200 cases of `mbc-flow test` beside a loop of as many executions over the bare interpreter: the same machine, the same
// inputs and answers, read from the same file. Each measure is a fresh process that does one of the two, so that both start
// cold; medians of rotated pairs. CPU time: of the thread that people wait for, and of all (V8 compiles and collects on
// others, half of it for code that ends before it is used).
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'node_modules/.cache/mbc-flow');

const task = (FunctionName, next) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName, Payload: { 'input.$': '$', 'context.$': '$$' } },
  OutputPath: '$.Payload[0][0]',
  Retry: [
    { ErrorEquals: ['Lambda.TooManyRequestsException'], IntervalSeconds: 2, MaxAttempts: 6, BackoffRate: 2 },
  ],
  TimeoutSeconds: 60,
  ...next,
});
const machine = {
  StartAt: 'initialize',
  States: {
    initialize: task('f', { Next: 'wait' }),
    wait: { Type: 'Wait', Seconds: 60, Next: 'process' },
    process: task('f', { Next: 'decide' }),
    decide: {
      Type: 'Choice',
      Choices: [{ Variable: '$.approved', BooleanEquals: true, Next: 'finalize' }],
      Default: 'rejected',
    },
    finalize: task('f', { End: true }),
    rejected: { Type: 'Fail', Error: 'Rejected' },
  },
};
const answerOf = (index) => ({ id: index, approved: index % 2 === 0 });
const cases = Array.from({ length: 200 }, (_, index) => ({
  name: `case ${index}`,
  input: { id: index },
  answers: Object.fromEntries(
    ['initialize', 'process', 'finalize'].map((state) => [
      state,
      { value: { Payload: [[answerOf(index)]] } },
    ]),
  ),
  expect: answerOf(index).approved
    ? { output: answerOf(index), path: ['initialize', 'wait', 'process', 'decide', 'finalize'] }
    : { error: 'Rejected' },
}));

const sources = `
import { readFlowTest } from './src/operations/flow-test/read-flow-test.ts';
import { coverageOfRun, runFlowTests } from './src/operations/flow-test/run-flow-tests.ts';
import { caseLines, sumLine } from './src/views/flow-test/results.ts';
export { parseDefinition } from './src/asl/definition.ts';
export { createExecution, transition } from './src/asl/engine/transition.ts';
export async function runTests(path, read) {
  const tests = [await readFlowTest(path, { read, machines: {} })];
  const results = [];
  let lines = 0;
  for await (const one of runFlowTests(tests, { atOnce: 4, places: false, now: () => performance.now(), evaluate() {}, invoke() {} })) {
    results.push(one);
    lines += caseLines(one, false).length;
  }
  coverageOfRun(tests, results);
  return results.every(({ passed }) => passed) && results.length;
}
`;

/** CPU milliseconds of this process until now, as Linux tells them of each thread. */
function cpu() {
  const of = (task) => Number(readFileSync(`/proc/self/task/${task}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  const tasks = readdirSync('/proc/self/task');
  return { waited: of(process.pid), all: tasks.reduce((sum, task) => sum + of(task), 0) };
}

/** One of the two, once, in this process, from what is loaded to the end. */
async function measure(what) {
  const { parseDefinition, createExecution, transition, runTests } = await import(
    pathToFileURL(join(folder, 'flow-test.mjs')).href
  );
  const before = cpu();
  if (what === 'bare') {
    const compiled = parseDefinition(readFileSync(join(folder, 'flow-test.asl.json'), 'utf8'));
    const { cases } = JSON.parse(readFileSync(join(folder, 'cases.flow.json'), 'utf8'));
    for (const one of cases) bare(createExecution(spec(one.input), compiled, env), one, transition);
  } else {
    const passed = await runTests(join(folder, `cases.flow.${what}`), async (path) =>
      readFileSync(path, 'utf8'),
    );
    if (passed !== cases.length) throw new Error('a case has failed');
  }
  const after = cpu();
  return { waited: after.waited - before.waited, all: after.all - before.all };
}

const env = { taskToken: (id) => `token-${id}`, mapRunArn: (id) => `run-${id}`, random: () => 0.5 };
const spec = (input) => ({
  executionArn: 'arn:aws:states:us-east-1:123456789012:execution:machine:run',
  name: 'run',
  roleArn: 'arn:aws:iam::123456789012:role/role',
  stateMachineArn: 'arn:aws:states:us-east-1:123456789012:stateMachine:machine',
  stateMachineName: 'machine',
  type: 'STANDARD',
  startDate: 0,
  input: JSON.stringify(input),
});

/** The least that runs an execution: its calls are answered, its timers fire in their order. */
function bare(execution, { answers }, transition) {
  const coming = [{ type: 'Start', at: 0 }];
  const timers = new Map();
  for (let at = 0; execution.status === 'RUNNING'; ) {
    let stimulus = coming.shift();
    if (!stimulus) {
      const [timerId, due] = [...timers].reduce((first, one) => (one[1] < first[1] ? one : first));
      timers.delete(timerId);
      at = due;
      stimulus = { type: 'TimerFired', timerId, at };
    }
    for (const effect of transition(execution, stimulus).effects) {
      const { type, taskId, timerId } = effect;
      if (type === 'InvokeTask')
        coming.push({ type: 'TaskSucceeded', taskId, output: JSON.stringify(answers.initialize.value), at });
      else if (type === 'SetTimer') timers.set(timerId, effect.at);
      else if (type === 'CancelTimer') timers.delete(timerId);
    }
  }
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

async function main() {
  // The processes that are measured load none of it.
  const { build } = await import('esbuild');
  const { stringify } = await import('yaml');
  const { bundleOptions } = await import('../scripts/bundle-options.mjs');
  mkdirSync(folder, { recursive: true });
  const { outputFiles } = await build({ ...bundleOptions, stdin: { contents: sources, resolveDir: root } });
  writeFileSync(join(folder, 'flow-test.mjs'), outputFiles[0].contents);
  writeFileSync(join(folder, 'flow-test.asl.json'), JSON.stringify(machine));
  const file = { machine: './flow-test.asl.json', cases };
  writeFileSync(join(folder, 'cases.flow.json'), JSON.stringify(file, null, 2));
  writeFileSync(join(folder, 'cases.flow.yaml'), stringify(file));
  const times = { bare: [], json: [], yaml: [] };
  for (let round = 0; round < 9; round++)
    for (const what of round % 2 === 0 ? ['bare', 'json', 'yaml'] : ['yaml', 'json', 'bare'])
      times[what].push(JSON.parse(execFileSync(process.execPath, [fileURLToPath(import.meta.url), what])));
  for (const what of ['json', 'yaml'])
    for (const [which, called] of [
      ['waited', 'main thread'],
      ['all', 'all threads'],
    ]) {
      const [took, floor] = [what, 'bare'].map((one) => median(times[one].map((time) => time[which])));
      process.stdout.write(
        `200 cases (${what}, ${called})  ${took.toFixed(0)} ms, bare interpreter ${floor.toFixed(0)} ms: ${(took / floor).toFixed(2)}x (load ${loadavg()[0].toFixed(1)})\n`,
      );
    }
}

if (process.argv[2] === undefined) await main();
else process.stdout.write(JSON.stringify(await measure(process.argv[2])));
