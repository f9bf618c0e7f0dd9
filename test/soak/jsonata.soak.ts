import { isDeepStrictEqual } from 'node:util';
import { Worker } from 'node:worker_threads';
import {
  CreateStateMachineCommand,
  InvalidDefinition,
  SFNClient,
  StartSyncExecutionCommand,
} from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import type { Json } from '../../src/json/json.js';
import { startServer } from '../local/harness.js';
import { casesOf, generatedCase, type JsonataCase } from './jsonata-cases.js';
import { count, randomNumbers, seed } from './seed.js';

// Expressions are run as executions, and by the package alone: what differs has a rule of AWS's for it. Those of the
// package's own tests are run where MBC_FLOW_JSONATA_SUITE names the folder that has them (`test/test-suite` of its
// repository); otherwise they are made here.

type Outcome = { value: Json } | { failed: string } | { refused: string };

/** In a thread, which can be ended: what loops without an end there fails here. */
const PACKAGE = `
const { parentPort } = require('node:worker_threads');
const jsonata = require('jsonata');
const isFunction = (value) => typeof value === 'function' ||
  (typeof value === 'object' && value !== null && ('_jsonata_lambda' in value || '_jsonata_function' in value));
const plain = (_, part) => typeof part === 'number' && !Number.isFinite(part) ? String(part) : isFunction(part) ? undefined : part;
parentPort.on('message', async ({ expression, input, variables, stack }) => {
  let parsed;
  try {
    parsed = jsonata(expression, { timeout: 10000, ...(stack > 0 && { stack }) });
  } catch (error) {
    return parentPort.postMessage({ refused: error.message });
  }
  try {
    const value = await parsed.evaluate(undefined, { ...variables, states: { input } });
    if (value === undefined) parentPort.postMessage({ failed: 'returned nothing (undefined).' });
    else if (isFunction(value)) parentPort.postMessage({ failed: 'returned an unsupported result type.' });
    else parentPort.postMessage({ value: JSON.parse(JSON.stringify(value, plain)) });
  } catch ({ code, message }) {
    parentPort.postMessage({ failed: code ? '. ' + code + ': ' + message : 'internal: ' + message });
  }
});`;
let worker: Worker | undefined;

/** What the package makes of an expression, in the words that AWS has for it. */
function byPackage(one: JsonataCase, stack = 0): Promise<Outcome> {
  worker ??= new Worker(PACKAGE, { eval: true });
  const thread = worker;
  return new Promise((resolve) => {
    const hangs = setTimeout(() => {
      worker = undefined;
      void thread.terminate();
      resolve({ failed: 'hangs' });
    }, 12_000);
    thread.once('message', (outcome: Outcome) => {
      clearTimeout(hangs);
      resolve(outcome);
    });
    thread.postMessage({ ...one, stack });
  });
}

function definitionOf({ expression, variables }: JsonataCase): string {
  const last = { Type: 'Pass', Output: `{% ${expression} %}`, End: true };
  const bound = Object.keys(variables).length > 0;
  return JSON.stringify({
    QueryLanguage: 'JSONata',
    StartAt: bound ? 'Bind' : 'E',
    States: { ...(bound && { Bind: { Type: 'Pass', Assign: variables, Next: 'E' } }), E: last },
  });
}

async function byExecution(sfn: SFNClient, one: JsonataCase, name: string): Promise<Outcome> {
  try {
    const { stateMachineArn } = await sfn.send(
      new CreateStateMachineCommand({
        name,
        type: 'EXPRESS',
        roleArn: 'arn:aws:iam::101010101010:role/r',
        definition: definitionOf(one),
      }),
    );
    const { status, output, cause } = await sfn.send(
      new StartSyncExecutionCommand({ stateMachineArn, input: JSON.stringify(one.input) }),
    );
    return status === 'SUCCEEDED' ? { value: JSON.parse(output ?? 'null') as Json } : { failed: cause ?? '' };
  } catch (error) {
    if (error instanceof InvalidDefinition) return { refused: error.message };
    throw error;
  }
}

const failedWith = (outcome: Outcome, words: RegExp): boolean =>
  'failed' in outcome && words.test(outcome.failed);
const refusedWith = (outcome: Outcome, words: RegExp): boolean =>
  'refused' in outcome && words.test(outcome.refused);
/** Functions whose answers are another's each time, or that AWS has in another form. */
const CHANGING = /\$(random|shuffle|now|millis|uuid)\b/;
const AWS_OWN = /\$(partition|range|hash|random|uuid|parse)\b/;

type Rule = (ours: Outcome, theirs: Outcome, one: JsonataCase) => boolean | Promise<boolean>;

/** Why AWS gives something else than the package. */
const RULES: Record<string, Rule> = {
  'an expression refers to nothing at the top level': (ours) =>
    refusedWith(ours, /UNSUPPORTED_JSONATA_EXPRESSION: Reference to/),
  'JSONata 2.0 has neither ?: nor ??': (ours, _, { expression }) =>
    refusedWith(ours, /The symbol \\?"[?:]\\?" cannot be used as a unary operator/) &&
    /\?\?|\?:/.test(expression),
  'there is no $eval': (ours, _, { expression }) =>
    /\$eval\b/.test(expression) &&
    (failedWith(ours, /T1006|returned nothing|T0410|T0412|D\d{4}|T\d{4}/) || 'value' in ours),
  'AWS has functions of its own': (ours, _, { expression }) =>
    AWS_OWN.test(expression) && !('refused' in ours),
  'time and chance': (ours, theirs, { expression }) =>
    CHANGING.test(expression) && 'value' in ours && 'value' in theirs,
  'a hundred levels': async (ours, _, one) =>
    failedWith(ours, /Stack overflow error/) && failedWith(await byPackage(one, 100), /D1011/),
  'a second of computing': (ours, theirs) =>
    failedWith(ours, /evaluation timeout/) && failedWith(theirs, /D1012|hangs/),
  memory: (ours, theirs) =>
    failedWith(ours, /memory limit exceeded/) &&
    (failedWith(theirs, /D201[45]|D1012|internal|hangs/) || 'value' in theirs),
  'the size of a state’s data': (ours, theirs) =>
    failedWith(ours, /exceeding the maximum number of bytes/) && 'value' in theirs,
  'an error that is none of JSONata’s': (ours, theirs) =>
    failedWith(ours, /threw an internal error/) && failedWith(theirs, /^internal/),
  'what is above the input holds the context object, too': (ours, theirs, { expression }) =>
    expression.includes('%') && 'value' in theirs && JSON.stringify(ours).includes('"context":{"Execution"'),
  'names of variables': (ours, _, { variables }) =>
    refusedWith(ours, /[Vv]ariable/) && Object.keys(variables).length > 0,
};

function same(ours: Outcome, theirs: Outcome): boolean {
  if ('value' in ours) return 'value' in theirs && isDeepStrictEqual(ours.value, theirs.value);
  if ('failed' in ours) return 'failed' in theirs && ours.failed.endsWith(theirs.failed);
  return 'refused' in theirs && ours.refused.includes(theirs.refused);
}

test('expressions give as executions what the package gives, except where AWS forbids', async () => {
  const numbers = randomNumbers(seed);
  const suite = process.env.MBC_FLOW_JSONATA_SUITE;
  const cases = suite
    ? casesOf(suite)
    : Array.from({ length: count(1500, 80) }, (_, index) =>
        generatedCase((below) => Math.floor(numbers() * below), index),
      );
  const { endpoint } = await startServer();
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const sfn = new SFNClient({ endpoint, region: 'ap-northeast-1', credentials, disableHostPrefix: true });

  const tally = new Map<string, number>();
  const unexplained: object[] = [];
  const add = (rule: string) => tally.set(rule, (tally.get(rule) ?? 0) + 1);
  for (const [index, one] of cases.entries()) {
    const theirs = await byPackage(one);
    const ours = await byExecution(sfn, one, `m${index}`);
    if (same(ours, theirs)) {
      add(`equal: ${Object.keys(ours)[0]}`);
      continue;
    }
    const rule = await ruleOf(ours, theirs, one);
    if (rule) add(rule);
    else unexplained.push({ ...one, input: undefined, ours, theirs });
  }
  const lines = [...tally].sort(([, a], [, b]) => b - a).map(([rule, number]) => `${number}\t${rule}\n`);
  process.stdout.write(lines.join(''));
  await worker?.terminate();
  expect(unexplained).toEqual([]);
  expect(tally.get('equal: value')).toBeGreaterThan(cases.length / 20);
}, 3_600_000);

async function ruleOf(ours: Outcome, theirs: Outcome, one: JsonataCase): Promise<string | undefined> {
  for (const [rule, holds] of Object.entries(RULES)) if (await holds(ours, theirs, one)) return rule;
  return undefined;
}
