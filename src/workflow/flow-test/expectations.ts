import type { Json } from '../../json/json.js';
import { parsedAsWritten } from '../../json/json.js';
import type { MemberPath } from '../../json/schema.js';
import { parametersOf } from '../rehearsal/reply.js';
import type { FlowExpectation } from './file-schema.js';
import { type Mismatch, mismatches } from './matchers.js';
import { type CaseRun, durationOf } from './run-case.js';

/** Something that did not come as it was expected. */
export interface CaseDifference {
  what: keyof FlowExpectation | 'answer';
  /** Where it is said, below `expect`. */
  at: MemberPath;
  /** JSONPath in the data. */
  path?: string;
  /** Undefined: nothing. */
  expected?: Json;
  actual?: Json;
  message?: string;
  /** Of another status than expected: what the execution failed with. */
  because?: string;
}

/** How a run differs from what is expected of it. `states`: those that the machine has. */
export function differencesOf(
  run: CaseRun,
  expected: FlowExpectation | undefined = {},
  states: ReadonlySet<string>,
): CaseDifference[] {
  const { played } = run;
  const differences: CaseDifference[] = [];
  const add = (found: CaseDifference[]): void => {
    for (const difference of found) differences.push(difference);
  };
  const status =
    expected.status ??
    (expected.error === undefined && expected.cause === undefined ? 'SUCCEEDED' : 'FAILED');
  if (played.status !== status) {
    const because = [played.error, played.cause].filter(Boolean).join(': ') || undefined;
    differences.push({ what: 'status', at: ['status'], expected: status, actual: played.status, because });
  }
  const data = (what: 'output' | 'error' | 'cause', actual: () => Json | undefined): void => {
    const wanted = expected[what] as Json | undefined;
    if (wanted !== undefined) add(told(what, mismatches(wanted, actual(), [what])));
  };
  data('output', () => parsedAsWritten(played.output));
  data('error', () => played.error);
  data('cause', () => played.cause);
  for (const compare of [pathDifferences, sentDifferences, logDifferences, durationDifferences])
    add(compare(run, expected, states));
  return differences;
}

const told = (what: CaseDifference['what'], found: Mismatch[]): CaseDifference[] =>
  found.map((mismatch) => ({ what, ...mismatch }));

/** `Validate[3]`: a state in an iteration. */
export const stepText = (name: string, iterations: readonly number[]): string =>
  name + iterations.map((index) => `[${index}]`).join('');

/** `Validate[3]` is a state as `Validate` is. */
const isKnown = (wanted: string, states: ReadonlySet<string>): boolean =>
  states.has(wanted) || states.has(wanted.replace(/(?:\[\d+\])+$/, ''));

function pathDifferences(
  { steps }: CaseRun,
  { path, visits, avoids }: FlowExpectation,
  states: ReadonlySet<string>,
): CaseDifference[] {
  if (!path && !visits && !avoids) return [];
  const isNext = (one: string, index: number): boolean => one === steps[index]?.place.stateName;
  if (path?.length === steps.length && path.every(isNext) && !visits && !avoids) return [];
  const names = steps.map(({ place }) => [place.stateName, stepText(place.stateName, place.iterations)]);
  const meets = (wanted: string): boolean => names.some((forms) => forms.includes(wanted));
  const differences: CaseDifference[] = [];
  if (path && (path.length !== names.length || path.some((one, index) => !names[index]?.includes(one)))) {
    // As the file says it, where it means the same.
    const actual = names.map(([name = '', exact = ''], index) =>
      path.some((one) => one === exact) || path[index] === exact ? exact : name,
    );
    differences.push({ what: 'path', at: ['path'], expected: path, actual });
  }
  for (const [index, wanted] of (visits ?? []).entries())
    if (!meets(wanted))
      differences.push({
        what: 'visits',
        at: ['visits', index],
        expected: wanted,
        message: isKnown(wanted, states) ? `${wanted} was not entered` : `there is no state ${wanted}`,
      });
  for (const [index, unwanted] of (avoids ?? []).entries())
    if (meets(unwanted) || !isKnown(unwanted, states))
      differences.push({
        what: 'avoids',
        at: ['avoids', index],
        actual: unwanted,
        message: meets(unwanted) ? `${unwanted} was entered` : `there is no state ${unwanted}`,
      });
  return differences;
}

function sentDifferences(
  { sent }: CaseRun,
  { sent: wanted = {} }: FlowExpectation,
  states: ReadonlySet<string>,
): CaseDifference[] {
  return Object.entries(wanted as Record<string, Json>).flatMap(([state, expected]) => {
    const calls = (sent.get(state) ?? []).map(parametersOf);
    const at = ['sent', state];
    if (Array.isArray(expected)) return told('sent', mismatches(expected, calls, at));
    if (calls.length === 0) {
      const message = states.has(state) ? `${state} has called nothing` : `there is no state ${state}`;
      return [{ what: 'sent' as const, at, expected, message }];
    }
    return told('sent', mismatches(expected, calls.at(-1), at));
  });
}

function logDifferences({ logs }: CaseRun, { logs: wanted }: FlowExpectation): CaseDifference[] {
  return ((wanted ?? []) as Json[]).flatMap((expected, index) => {
    const fits = (line: string): boolean =>
      typeof expected === 'string' ? line.includes(expected) : mismatches(expected, line).length === 0;
    if (logs.some(fits)) return [];
    const message = logs.length === 0 ? 'nothing was logged' : 'no line has it';
    return [{ what: 'logs' as const, at: ['logs', index], expected, message }];
  });
}

function durationDifferences({ milliseconds }: CaseRun, { duration }: FlowExpectation): CaseDifference[] {
  if (duration === undefined) return [];
  const { min = 0, max = Number.POSITIVE_INFINITY } =
    typeof duration === 'object' ? duration : { min: duration, max: duration };
  const [least, most] = [
    durationOf(min),
    typeof max === 'number' && !Number.isFinite(max) ? max : durationOf(max),
  ];
  if (least <= milliseconds && milliseconds <= most) return [];
  const actual = durationText(milliseconds);
  return [{ what: 'duration', at: ['duration'], expected: duration as Json, actual }];
}

/** As a test file says it: the largest unit that needs no fraction. */
export function durationText(milliseconds: number): string {
  const units = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 };
  for (const [unit, size] of Object.entries(units))
    if (milliseconds >= size && milliseconds % size === 0) return `${milliseconds / size}${unit}`;
  return milliseconds === 0 ? '0s' : `${milliseconds}ms`;
}
