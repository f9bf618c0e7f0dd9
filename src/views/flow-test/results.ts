import { jsonText } from '../../json/lossless.js';
import type { CaseResult, MachineCoverage } from '../../operations/flow-test/run-flow-tests.js';
import { coverageKinds, percentOf, shareOf } from '../../workflow/flow-test/coverage.js';
import { redactedValue } from '../../workflow/history/redact.js';
import { apart } from '../text/apart.js';
import { formatDuration } from '../text/duration.js';
import { glyphs, paint as inks } from '../text/paint.js';
import { truncate } from '../text/width.js';
import { type DiffLine, listDiff } from './list-diff.js';

export const caseDocument = ({ test, name, place, passed, differences, run, milliseconds }: CaseResult) => ({
  file: test.path,
  // Where a document is asked for, each case's place is read.
  line: place?.line ?? 1,
  machine: test.machine.name,
  name,
  passed,
  status: run?.status ?? null,
  milliseconds: Math.round(milliseconds),
  virtualSeconds: run ? run.milliseconds / 1000 : null,
  differences: redactedValue(
    differences.map(({ what, place, path, expected, actual, message, because }) => ({
      what,
      file: place.file,
      line: place.line,
      column: place.column,
      ...(path !== undefined && { path }),
      ...(expected !== undefined && { expected }),
      ...(actual !== undefined && { actual }),
      ...(message !== undefined && { message }),
      ...(because !== undefined && { because }),
    })),
  ),
});

/** `test --record`: the case, and the files that it is in, or would be. */
export function recordedDocument(result: CaseResult, written: readonly string[]) {
  const { file, name, passed, status, differences } = caseDocument(result);
  return { file, name, passed, status, differences, written };
}

export const coverageDocument = ({ name, file, all }: MachineCoverage) => ({
  machine: name,
  file: file ?? null,
  percent: floor(percentOf(shareOf(all))),
  ...(Object.fromEntries(coverageKinds.map((kind) => [pluralOf[kind], shareOf(all, kind)])) as Record<
    (typeof pluralOf)[keyof typeof pluralOf],
    ReturnType<typeof shareOf>
  >),
  missing: all
    .filter(({ taken }) => !taken)
    .map(({ kind, stateName, to, index, text }) => ({ kind, stateName, to, index, text })),
});

export const pluralOf = {
  state: 'states',
  transition: 'transitions',
  rule: 'rules',
  retry: 'retries',
  catch: 'catches',
} as const;

/** 99.99 is not all of it. */
export const floor = (percent: number): number => Math.floor(percent * 10) / 10;

/** A line for a case, and below it what differs. */
export function caseLines(result: CaseResult, color: boolean): string[] {
  const paint = inks(color);
  const { name, passed, differences, run } = result;
  const took =
    run && run.milliseconds > 0 ? paint.dim(`  ${formatDuration(run.milliseconds)} of virtual time`) : '';
  const head = passed
    ? `  ${paint.green(glyphs.succeeded)} ${name}${took}`
    : `  ${paint.red(glyphs.failed)} ${paint.bold(name)}${took}`;
  return [
    head,
    ...differences.flatMap((difference) => {
      const { what, place, path, message, because } = difference;
      const where = `${place.file}:${place.line}:${place.column}`;
      const subject = [what === 'answer' ? '' : what, path === '$' ? '' : path, message]
        .filter(Boolean)
        .join(' ');
      const lines = message === undefined ? diffOf(difference) : [];
      return [
        `      ${paint.dim(where)}  ${redactedValue(subject)}`,
        ...lines.map(({ sign, text }) => {
          const line = `        ${sign} ${redactedValue(text)}`;
          return sign === '-' ? paint.red(line) : sign === '+' ? paint.green(line) : paint.dim(line);
        }),
        ...(because === undefined
          ? []
          : [paint.dim(`        ${truncate(`because ${redactedValue(because)}`, LONGEST)}`)]),
      ];
    }),
  ];
}

/** Columns of a value. */
const LONGEST = 300;

/** What was expected (-) and what came (+). */
function diffOf({ what, expected, actual }: CaseResult['differences'][number]): DiffLine[] {
  if (what === 'path' && Array.isArray(expected) && Array.isArray(actual))
    return listDiff(expected.map(String), actual.map(String));
  // Before it is cut: what is left of a token does not look like one.
  const whole = (value: unknown): string => (value === undefined ? '' : jsonText(redactedValue(value)));
  const [wanted, came] = apart(whole(expected), whole(actual), LONGEST);
  return [
    ...(expected === undefined ? [] : [{ sign: '-' as const, text: wanted }]),
    ...(actual === undefined ? [] : [{ sign: '+' as const, text: came }]),
  ];
}

export function sumLine(results: readonly CaseResult[], milliseconds: number, color: boolean): string {
  const paint = inks(color);
  const passed = results.filter((result) => result.passed).length;
  const failed = results.length - passed;
  const virtual = results.reduce((sum, { run }) => sum + (run?.milliseconds ?? 0), 0);
  const parts = [
    ...(failed > 0 ? [paint.red(`${failed} failed`)] : []),
    ...(passed > 0 || failed === 0 ? [paint.green(`${passed} passed`)] : []),
  ];
  const took = `${formatDuration(milliseconds)}${virtual > 0 ? ` for ${formatDuration(virtual)} of virtual time` : ''}`;
  return `${parts.join(', ')}  ${paint.dim(`(${took})`)}`;
}
