import type { Json } from '../src/json/json.js';
import { AT_RANDOM, answerDifference } from '../test/conformance/answers.js';
import { difference } from '../test/conformance/compare.js';
import { historyDifference, maskedEvents } from '../test/conformance/histories.js';
import { type Bound, maskedIn } from '../test/conformance/placeholders.js';
import type { RecordedEvent } from '../test/conformance/record.js';
import { needsOf } from './cases/case.js';
import { type CallCase, cases, type ExecutionCase, isExecution } from './cases/index.js';
import { MissingOperation } from './clients.js';
import { type Performed, perform, performCalls } from './perform.js';
import { recorder, renamed, withoutTokens } from './recording.js';
import type { Side } from './side.js';
import { eachOf } from './take-down.js';

export interface Result {
  id: string;
  verdict: 'same' | 'different' | 'left out';
  why?: string;
  /** Values that differ from run to run, so that they are compared by their shape only. */
  masked: number;
}

export interface Sides {
  target: Side;
  embedded: Side;
}

const atOnce = 8;

/** Each case on both sides; `told` hears of each when it is known. */
export async function runCases(sides: Sides, only: RegExp | undefined, told: (result: Result) => void) {
  const wanted = cases.filter(({ id }) => !only || only.test(id));
  const results: Result[] = [];
  await eachOf(
    wanted,
    async (one) => {
      const found = await resultsOf(sides, one);
      for (const result of found) told(result);
      results.push(...found);
    },
    atOnce,
  );
  return results;
}

async function resultsOf(sides: Sides, one: ExecutionCase | CallCase): Promise<Result[]> {
  const lacking = needsOf(one).find((need) => !sides.target.has.has(need));
  if (lacking) return [{ id: one.id, verdict: 'left out', why: `needs a ${lacking} there`, masked: 0 }];
  try {
    if (!isExecution(one)) return await callResults(sides, one);
    const first = await executionResult(sides, one, '');
    // A place that is busy can be late for a timeout: what is different twice is different.
    return [first.verdict === 'different' ? await executionResult(sides, one, '-again') : first];
  } catch (error) {
    sides.target.signal.throwIfAborted();
    return [failed(one.id, error)];
  }
}

/** What ended with an error on one of the sides, which is no answer of the service's. */
export function failed(id: string, error: unknown): Result {
  const { name, message } = error as Error;
  return error instanceof MissingOperation
    ? { id, verdict: 'left out', why: message, masked: 0 }
    : { id, verdict: 'different', why: withoutTokens(`${name}: ${message.split('\n')[0]}`), masked: 0 };
}

const onBoth = <T>({ target, embedded }: Sides, run: (side: Side) => Promise<T>): Promise<[T, T]> =>
  Promise.all([run(target), run(embedded)]);

async function executionResult(sides: Sides, one: ExecutionCase, suffix: string): Promise<Result> {
  const [theirs, ours] = await onBoth(sides, (side) => perform(side, one, suffix));
  const record = recorder(JSON.stringify(one));
  const recorded = record(renamed(theirs, sides.target) as unknown as Json) as unknown as Performed;
  const why = executionDifference(recorded, renamed(ours, sides.embedded));
  const masked = maskedEvents(recorded.history) + maskedIn([recorded.answer, recorded.mapRuns]);
  return { id: one.id, verdict: why ? 'different' : 'same', why: why && withoutTokens(why), masked };
}

function executionDifference(theirs: Performed, ours: Performed): string | undefined {
  const bound: Bound = new Map();
  const history = theirs.history as RecordedEvent[];
  return (
    (history.length > 0 || ours.history.length > 0
      ? historyDifference(history, ours.history, today(), bound)
      : undefined) ??
    difference(theirs.answer, ours.answer, bound, AT_RANDOM) ??
    difference(theirs.mapRuns, ours.mapRuns, bound)
  );
}

/** As recordings have it. */
function today(): string {
  const [year, month, day] = new Date().toISOString().slice(0, 10).split('-');
  return `${day}-${month}-${year}, 00:00:00`;
}

async function callResults(sides: Sides, one: CallCase): Promise<Result[]> {
  const [theirs, ours] = await onBoth(sides, (side) => performCalls(side, one, ''));
  const record = recorder(JSON.stringify(one));
  return one.calls.map(({ operation }, index) => {
    const id = one.calls.length === 1 ? one.id : `${one.id} ${index + 1} ${operation}`;
    const [their, our] = [theirs[index], ours[index]];
    if (!their)
      return { id, verdict: 'left out', why: `the endpoint does not have states.${operation}`, masked: 0 };
    const recorded = record(renamed(their as unknown as Json, sides.target));
    const why = answerDifference(recorded, renamed(our ?? {}, sides.embedded));
    const masked = maskedIn(recorded);
    return { id, verdict: why ? 'different' : 'same', why: why && withoutTokens(why), masked };
  });
}
