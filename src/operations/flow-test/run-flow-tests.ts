import type { Evaluate } from '../../asl/engine/map-item.js';
import { FlowError } from '../../errors.js';
import { jsonText } from '../../json/lossless.js';
import { type Coverable, coverageOf, type Taken } from '../../workflow/flow-test/coverage.js';
import { type CaseDifference, differencesOf, stepText } from '../../workflow/flow-test/expectations.js';
import { type CaseRun, type CaseWorld, runCase } from '../../workflow/flow-test/run-case.js';
import { redactTokens } from '../../workflow/history/redact.js';
import { functionCallOf, repliesOfFunction } from '../../workflow/rehearsal/function-call.js';
import { parametersOf } from '../../workflow/rehearsal/reply.js';
import { placeText } from '../../workflow/rehearsal/step-place.js';
import type { ReadFlowTest, SourcePlace } from './read-flow-test.js';

export interface CaseResult {
  test: ReadFlowTest;
  /** Of the case in its file. */
  index: number;
  name: string;
  /** Where its name stands; undefined where it passed and nobody asked. */
  place?: SourcePlace;
  passed: boolean;
  differences: (CaseDifference & { place: SourcePlace })[];
  /** What is kept of the run: all results stay until the end. */
  run?: Pick<CaseRun, 'taken' | 'milliseconds'> & Pick<CaseRun['played'], 'status'>;
  /** That it took, in real time. */
  milliseconds: number;
}

export interface MachineCoverage {
  /** What it is called, and where it stands. */
  name: string;
  file?: string;
  definition: ReadFlowTest['machine']['definition'];
  all: Coverable[];
  /** How many cases entered each state. */
  cases: Map<string, number>;
}

export interface FlowTestRun {
  /** Cases whose name, or file, contains it. */
  filter?: string;
  /** Only the case with this index. */
  only?: number;
  /** Cases that run at a time. */
  atOnce: number;
  /** Also tell where cases stand that pass. */
  places: boolean;
  now(): number;
  evaluate: Evaluate;
  /** Invokes a Lambda function for `call: function`. */
  invoke(name: string, payload: string): Promise<{ functionError?: string; payload: string; log?: string }>;
}

/** Runs the cases; each result comes in the order of the files. */
export async function* runFlowTests(
  tests: readonly ReadFlowTest[],
  run: FlowTestRun,
): AsyncGenerator<CaseResult> {
  const { filter, only, atOnce } = run;
  const running: Promise<CaseResult>[] = [];
  for (const test of tests) {
    for (const [index, { name }] of test.file.cases.entries()) {
      if (only !== undefined && index !== only) continue;
      if (filter !== undefined && !name.includes(filter) && !test.path.includes(filter)) continue;
      running.push(runOne(test, index, run));
      const first = running.length >= atOnce ? running.shift() : undefined;
      if (first) yield await first;
    }
  }
  for (const one of running) yield await one;
}

async function runOne(test: ReadFlowTest, index: number, run: FlowTestRun): Promise<CaseResult> {
  const began = run.now();
  const one = test.file.cases[index];
  if (!one) throw new Error(`there is no case ${index}`);
  const at = ['cases', index];
  const result = async (differences: CaseDifference[], of?: CaseRun): Promise<CaseResult> => {
    const passed = differences.length === 0;
    const placed: CaseResult['differences'] = [];
    for (const difference of differences) {
      const path =
        difference.what === 'answer' ? [...at, ...difference.at] : [...at, 'expect', ...difference.at];
      placed.push({ ...difference, at: path, place: await test.places.of(path) });
    }
    return {
      test,
      index,
      name: one.name,
      place: passed && !run.places ? undefined : await test.places.of([...at, 'name']),
      passed,
      differences: placed,
      run: of && { status: of.played.status, taken: of.taken, milliseconds: of.milliseconds },
      milliseconds: run.now() - began,
    };
  };
  const world: CaseWorld = { evaluate: run.evaluate, callFunction: caller(run), mocks: test.mocks };
  try {
    const played = await runCase(test.machine, test.file, one, world);
    const differences = played.missing
      ? [unansweredOf(played.missing)]
      : differencesOf(played, one.expect, test.machine.states);
    return await result(differences, played);
  } catch (error) {
    // Of a function or of JSONata; who is told to stop is told so.
    if (!(error instanceof Error) || error.name === 'AbortError') throw error;
    const hint = error instanceof FlowError && error.where !== undefined ? ` (${error.where})` : '';
    return await result([{ what: 'answer', at: ['answers'], message: `${error.message}${hint}` }]);
  }
}

const caller =
  ({ invoke }: FlowTestRun): CaseWorld['callFunction'] =>
  async (call) => {
    const meant = functionCallOf(call);
    if (!meant) throw new Error(`${placeText(call.place)} calls no Lambda function: ${call.resource}`);
    const { log = '', ...invocation } = await invoke(meant.functionName, meant.payload);
    return { replies: repliesOfFunction(call, invocation), logs: log.split('\n').filter(Boolean) };
  };

function unansweredOf(missing: NonNullable<CaseRun['missing']>): CaseDifference {
  const { stateName, iterations } = missing.place;
  const at = ['answers', stateName];
  if (!('effect' in missing)) {
    const sent = redactTokens(jsonText(parametersOf(missing)));
    const short = sent.length > 200 ? `${sent.slice(0, 200)}…` : sent;
    const message = `${stepText(stateName, iterations)} is called and has no answer; it was sent ${short}`;
    return { what: 'answer', at, message };
  }
  const message = `${stepText(stateName, iterations)} has no answer: give items (what its ItemReader reads), value or error`;
  return { what: 'answer', at, message };
}

/** Of each machine that was tested, whatever files tested it. */
export function coverageOfRun(
  tests: readonly ReadFlowTest[],
  results: readonly CaseResult[],
): MachineCoverage[] {
  const machines = new Map<string, { test: ReadFlowTest; taken: Taken[] }>();
  for (const test of tests) {
    const key = JSON.stringify([test.machinePath, test.machine.name]);
    if (!machines.has(key)) machines.set(key, { test, taken: [] });
  }
  for (const { test, run } of results) {
    const key = JSON.stringify([test.machinePath, test.machine.name]);
    if (run) machines.get(key)?.taken.push(run.taken);
  }
  return [...machines.values()].map(({ test, taken }) => {
    const cases = new Map<string, number>();
    for (const { states } of taken) for (const state of states) cases.set(state, (cases.get(state) ?? 0) + 1);
    const { name, definition } = test.machine;
    return { name, file: test.machinePath, definition, all: coverageOf(definition, taken), cases };
  });
}
