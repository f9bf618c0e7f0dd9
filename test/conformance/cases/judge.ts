import { isDeepStrictEqual } from 'node:util';
import { jsonDifferences } from '../../../src/json/difference.js';
import { parseWritten } from '../../../src/json/lossless.js';
import type { Outcome } from './run-case.js';

type Check = (expected: string, actual: Outcome) => boolean;

/** What each member of `expected` asks; `expected` is JSON text. */
const CHECKS: Record<string, Check> = {
  status: (expected, { status }) => status === JSON.parse(expected),
  error: (expected, { error }) => error === JSON.parse(expected),
  cause: (expected, { cause }) => cause === JSON.parse(expected),
  causeIncludes: (expected, { cause }) =>
    [JSON.parse(expected)].flat().every((part) => cause?.includes(String(part))),
  causeMatches: (expected, { cause = '' }) => new RegExp(JSON.parse(expected)).test(cause),
  // Numbers by their digits: 1 is not 1.0.
  output: (expected, { output }) =>
    output !== undefined && jsonDifferences(parseWritten(output), parseWritten(expected)).length === 0,
  outputMatches: (expected, { output = '' }) => new RegExp(JSON.parse(expected)).test(output),
  eventTypes: (expected, { eventTypes }) => isDeepStrictEqual(eventTypes, JSON.parse(expected)),
  absent: (expected, actual) =>
    (JSON.parse(expected) as (keyof Outcome)[]).every((name) => actual[name] === undefined),
};

/** What differs, a line or two for each; none where all is as AWS had it. */
export function differences(expected: ReadonlyMap<string, string>, actual: Outcome): string[] {
  const asked = new Map(expected);
  // An error and a cause alone are those of a failed execution.
  if (!asked.has('status')) asked.set('status', '"FAILED"');
  return [...asked].flatMap(([name, value]) => {
    const check = CHECKS[name];
    if (!check) throw new Error(`no case of ours knows what to do with expected.${name}`);
    return check(value, actual)
      ? []
      : `${name}: expected ${value.replace(/\n\s*/g, '')}\n${' '.repeat(name.length)}       got ${got(name, actual)}`;
  });
}

function got(name: string, actual: Outcome): string {
  const of = name.replace(/(Includes|Matches)$/, '');
  if (of === 'output') return actual.output ?? JSON.stringify(actual);
  const value = actual[of as keyof Outcome];
  return JSON.stringify(value === undefined ? actual : value);
}
