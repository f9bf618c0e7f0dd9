import { type ExitCode, exitCodes, FlowError } from '../../errors.js';
import { flowTestFiles } from '../../files/project/flow-test-files.js';
import { readText } from '../../files/read-text.js';
import { type ReadFlowTest, readFlowTest } from '../../operations/flow-test/read-flow-test.js';
import {
  type CaseResult,
  coverageOfRun,
  type MachineCoverage,
  runFlowTests,
} from '../../operations/flow-test/run-flow-tests.js';
import { coverageLines } from '../../views/flow-test/coverage.js';
import { junitLines } from '../../views/flow-test/junit.js';
import { caseDocument, caseLines, coverageDocument, floor, sumLine } from '../../views/flow-test/results.js';
import { paint } from '../../views/text/paint.js';
import { percentOf, shareOf } from '../../workflow/flow-test/coverage.js';
import type { OptionsOf, Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import { printMissing } from './print-missing.js';
import { recordCase } from './record-case.js';
import type { declaration } from './test.js';
import { updateFiles } from './update-files.js';
import { watchTests } from './watch-tests.js';
import { writeCoverage } from './write-coverage.js';

type Options = OptionsOf<NonNullable<(typeof declaration)['options']>>;

export const run: Run<typeof declaration> = async (context, [paths], options) => {
  refuseBadUsage(options, paths);
  if (options.record !== undefined)
    return await recordCase(context, options.record, {
      file: paths[0],
      name: options.name,
      scrub: options.scrub,
    });
  if (options.watch)
    return await watchTests(context, paths, async (tests) => await runAll(context, tests, options));
  return await runAll(context, await readAll(context, paths), options);
};

function refuseBadUsage({ record, scrub, name, ...running }: Options, paths: string[]): void {
  const refuse = (where: string, message: string): FlowError =>
    new FlowError(exitCodes.usage, 'BadUsage', message, { where, hint: 'mbc-flow help test' });
  if (record === undefined && scrub !== undefined) throw refuse('--scrub', '--scrub requires --record');
  if (record === undefined && name !== undefined) throw refuse('--name', '--name requires --record');
  if (record !== undefined && paths.length > 1) throw refuse('--record', 'a case is recorded into one file');
  const { filter, update, watch, missing, coverage, coverageMin, coverageDir } = running;
  const given = Object.entries({
    '--filter': filter,
    '--update': update,
    '--watch': watch,
    '--missing': missing,
    '--coverage': coverage,
    '--coverage-min': coverageMin,
    '--coverage-dir': coverageDir,
  }).find(([, value]) => value !== undefined && value !== false);
  if (record !== undefined && given) throw refuse(given[0], '--record runs no tests');
}

async function readAll(context: Context, paths: string[]): Promise<ReadFlowTest[]> {
  const files = await flowTestFiles(context.cwd, paths);
  if (files.length === 0) {
    throw new FlowError(exitCodes.notFound, 'NoTests', 'there are no tests here (*.flow.yaml, *.flow.json)', {
      hint: 'mbc-flow test --record @last',
    });
  }
  const sources = { read: (path: string) => readText(context, path), machines: context.machineFiles() };
  const tests: ReadFlowTest[] = [];
  for (const file of files) tests.push(await readFlowTest(file, sources));
  return tests;
}

async function runAll(context: Context, tests: ReadFlowTest[], options: Options): Promise<ExitCode> {
  const { out, err, clock, terminal } = context;
  const { filter, parallel: atOnce, reporter } = options;
  const began = clock.now();
  const text = reporter === 'text' && options.missing !== true;
  const results: CaseResult[] = [];
  const whole = options.watch !== true || fitsOn(terminal.rows, tests);
  let headed: ReadFlowTest | undefined;
  const running = runFlowTests(tests, {
    filter,
    atOnce,
    places: !text || !out.forPeople,
    now: () => performance.now(),
    evaluate: context.evaluate,
    invoke: invoker(context),
  });
  for await (const result of running) {
    results.push(result);
    const shown = text && (whole || !result.passed);
    if (shown && headed !== result.test) out.line(headOf(result.test));
    if (shown) headed = result.test;
    if (shown || !out.forPeople)
      out.event({ type: 'case', ...caseDocument(result) }, caseLines(result, terminal.color));
  }
  if (results.length === 0 && !(options.missing && filter === undefined)) throw await noTests(tests, filter);
  const coverage = coverageOfRun(tests, results);
  const failed = results.filter(({ passed }) => !passed);
  await report(context, { results, coverage, text, milliseconds: clock.now() - began }, options);
  if (options.coverageDir !== undefined) await writeCoverage(context, options.coverageDir, coverage);
  if (options.update) await updateFiles(context, failed);
  const low = coverage.filter(({ all }) => percentOf(shareOf(all)) < (options.coverageMin ?? 0));
  for (const { name, all } of low)
    err.notice(
      `${name}: ${floor(percentOf(shareOf(all)))}% is covered, less than --coverage-min ${options.coverageMin}. See mbc-flow test --missing.`,
    );
  const open = options.update ? [] : failed;
  return open.length > 0 || low.length > 0 ? exitCodes.failed : exitCodes.ok;
}

async function noTests([first]: readonly ReadFlowTest[], filter: string | undefined): Promise<FlowError> {
  const place = await first?.places.of(['cases']);
  return filter === undefined
    ? new FlowError(exitCodes.notFound, 'NoTests', 'there are no cases', {
        where: place && `${place.file}:${place.line}:${place.column}`,
        hint: 'mbc-flow test --missing',
      })
    : new FlowError(exitCodes.notFound, 'NoTests', `no case's name contains ${filter}`, {
        where: '--filter',
        hint: 'mbc-flow test',
      });
}

/** Under --watch the cases that pass are listed only where all of them can be seen at once. */
const fitsOn = (rows: number, tests: ReadFlowTest[]): boolean =>
  tests.reduce((sum, { file }) => sum + file.cases.length + 1, 6) <= rows;

const headOf = ({ path, machine }: ReadFlowTest): string => `${path}  (${machine.name})`;

interface Report {
  results: CaseResult[];
  coverage: MachineCoverage[];
  text: boolean;
  milliseconds: number;
}

async function report(
  { out, terminal }: Context,
  { results, coverage, text, milliseconds }: Report,
  { missing, coverage: listed }: Options,
): Promise<void> {
  const { color } = terminal;
  if (!out.forPeople) {
    for (const one of coverage) out.event({ type: 'coverage', ...coverageDocument(one) });
    const failed = results.filter(({ passed }) => !passed).length;
    out.summary(() => ({
      passed: results.length - failed,
      failed,
      cases: results.map(caseDocument),
      coverage: coverage.map(coverageDocument),
    }));
    return;
  }
  if (missing) await printMissing(out, coverage);
  else if (!text) for (const line of junitLines(results)) out.line(line);
  else {
    out.line();
    out.line(sumLine(results, milliseconds, color));
    if (listed) for (const line of ['', ...coverageLines(coverage, terminal)]) out.line(line);
    else out.line(paint(color).dim(coverage.map(shortOf).join(', ')));
  }
}

const shortOf = ({ name, all }: MachineCoverage): string =>
  `${floor(percentOf(shareOf(all)))}% of ${name} covered`;

/** Functions are those of the local server. */
const invoker = (context: Context) => async (name: string, payload: string) => {
  const { gateways } = await context.connectLocal();
  return await gateways.functions.invoke(name, payload);
};
