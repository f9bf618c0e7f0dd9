import { relative, resolve } from 'node:path';
import { type ExitCode, FlowError } from '../../errors.js';
import { flowTestFiles } from '../../files/project/flow-test-files.js';
import { readText } from '../../files/read-text.js';
import {
  type FlowTestSources,
  type ReadFlowTest,
  readFlowTest,
} from '../../operations/flow-test/read-flow-test.js';
import type { Context } from '../shell/context.js';
import { exitCodeOf, leavingBy } from '../shell/interruption.js';
import { changesOf } from './watch-changes.js';

/**
 * Runs the tests, and again whenever one of their files changes, comes or goes, until it is interrupted. A file that can't
 * be read is told, and the others run.
 */
export async function watchTests(
  context: Context,
  paths: readonly string[],
  runAll: (tests: ReadFlowTest[]) => Promise<unknown>,
): Promise<ExitCode> {
  const { cwd, out, err, signal } = context;
  const changes = changesOf(context);
  const find = () => flowTestFiles(cwd, paths, (folder) => changes.watch(resolve(cwd, folder), 'folder'));
  let config: string[] = [];
  let functions: Record<string, string> = {};
  const sources: FlowTestSources = {
    machines: {},
    read: async (path: string) => {
      changes.watch(resolve(cwd, path), 'file');
      return await readText(context, path);
    },
  };
  try {
    for (let why: string[] = []; !signal.aborted; ) {
      changes.begin();
      const files = await find();
      const tests: ReadFlowTest[] = [];
      const faults: unknown[] = [];
      try {
        if (why.some((path) => config.includes(path))) await context.forgetConfig();
        config = context.configFiles();
        sources.machines = context.machineFiles();
      } catch (error) {
        faults.push(error);
      }
      for (const path of [...config, ...Object.keys(functions)]) changes.watch(path, 'file');
      // Without the config nobody knows what the tests mean.
      for (const file of faults.length === 0 ? files : []) {
        const read = readFlowTest(file, sources);
        await read.then(
          (test) => tests.push(test),
          (error: unknown) => faults.push(error),
        );
      }
      changes.forgetOthers();
      out.clear();
      if (why.length > 0) err.notice(`Changed: ${why.map((path) => relative(cwd, path)).join(', ')}`);
      if (tests.length > 0) await runAll(tests).catch((error: unknown) => faults.push(error));
      if (tests.some(callsFunctions)) functions = await functionFiles(context, functions);
      for (const [path, stamp] of Object.entries(functions)) changes.watch(path, 'file', stamp);
      for (const fault of faults) err.notice(faultText(fault));
      if (files.length === 0) err.notice('There are no tests here (*.flow.yaml, *.flow.json).');
      err.notice(
        changes.waitsForEnter
          ? 'Waiting for changes; Enter runs again, Ctrl-C ends.'
          : 'Waiting for changes; Ctrl-C ends.',
      );
      why = await changes.next(files, find);
    }
  } finally {
    changes.stop();
  }
  return exitCodeOf(leavingBy(signal));
}

/** What keeps the local server from running, the cases have told already. */
async function functionFiles(
  context: Context,
  before: Record<string, string>,
): Promise<Record<string, string>> {
  try {
    return await (await context.connectLocal()).functionFiles();
  } catch (error) {
    if (!(error instanceof FlowError)) throw error;
    return before;
  }
}

const callsFunctions = ({ file: { answers, cases } }: ReadFlowTest): boolean =>
  [answers, ...cases.map((one) => one.answers)].some((given) =>
    Object.values(given ?? {})
      .flat()
      .some(({ call }) => call !== undefined),
  );

function faultText(error: unknown): string {
  if (!(error instanceof FlowError)) throw error;
  return [error.message, error.where].filter(Boolean).join('\n  at ');
}
