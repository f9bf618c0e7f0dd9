import { dirname, join, relative } from 'node:path';
import { type ExitCode, exitCodes, failedWith } from '../../errors.js';
import { readText } from '../../files/read-text.js';
import { writeWhole } from '../../files/result-file.js';
import { builtinMachines } from '../../framework/machines.js';
import type { Json, JsonObject } from '../../json/json.js';
import { withCase, yamlText } from '../../operations/flow-test/edit-flow-test.js';
import { type FlowTestSources, readFlowTest } from '../../operations/flow-test/read-flow-test.js';
import { type RecordedCases, recordedCases } from '../../operations/flow-test/record-case.js';
import { type CaseResult, runFlowTests } from '../../operations/flow-test/run-flow-tests.js';
import { caseLines, recordedDocument } from '../../views/flow-test/results.js';
import type { Context } from '../shell/context.js';

interface Recording {
  /** The test file; undefined: one by the name of the machine. */
  file?: string;
  name?: string;
  scrub?: string[];
}

/** Adds a case made from an execution to a test file, and runs it. */
export async function recordCase(
  context: Context,
  reference: string,
  { file, name, scrub = [] }: Recording,
): Promise<ExitCode> {
  const { out, err, dryRun, cwd, clock, terminal } = context;
  const target = await context.connect({ changes: false });
  const executionArn = await target.executionArn(reference);
  const sources = sourcesOf(context);
  const existing = file === undefined ? undefined : await textOf(sources, file);
  const own =
    existing === undefined || file === undefined
      ? []
      : ((await readFlowTest(file, sources)).file.scrub ?? []);
  const recorded = await recordedCases(target.gateways, executionArn, {
    name,
    scrub: [...own, ...scrub],
    now: clock.now(),
  });
  const path = file ?? `${recorded.machineName}.flow.yaml`;
  const files = await filesFor(context, path, recorded, sources);
  const { text, result } = await firstThatPasses(context, path, recorded, files, sources);
  if (!dryRun) {
    for (const [other, content] of files.others) await writeWhole(cwd, other, [content]);
    await writeWhole(cwd, path, [text]);
  }
  const written = [...files.others.keys(), path];
  for (const one of written) err.notice(`${dryRun ? 'Would write' : 'Wrote'} ${one}`);
  out.document(recordedDocument(result, written), caseLines(result, terminal.color));
  return result.passed ? exitCodes.ok : exitCodes.failed;
}

const sourcesOf = (context: Context): FlowTestSources => ({
  read: (path) => readText(context, path),
  machines: context.machineFiles(),
});

const textOf = async ({ read }: FlowTestSources, path: string): Promise<string | undefined> =>
  await read(path).catch((error: unknown) => {
    if (failedWith(error, exitCodes.notFound)) return undefined;
    throw error;
  });

interface Files {
  /** The test file before. */
  text: string;
  yaml: boolean;
  /** What has to stand beside it. */
  others: Map<string, string>;
}

async function filesFor(
  context: Context,
  path: string,
  { machineName, definition }: RecordedCases,
  sources: FlowTestSources,
): Promise<Files> {
  const yaml = !path.endsWith('.json');
  const existing = await textOf(sources, path);
  if (existing !== undefined) return { text: existing, yaml, others: new Map() };
  const known =
    Object.hasOwn(sources.machines, machineName) ||
    builtinMachines().some(({ name }) => name === machineName);
  const asl = join(dirname(path), `${machineName}.asl.json`);
  const beside = `./${relative(dirname(path), asl)}`;
  const file = { machine: known ? machineName : beside, cases: [] };
  const text = yaml ? await yamlText(file) : `${JSON.stringify(file, null, 2)}\n`;
  const isThere = known || (await textOf(sources, asl)) !== undefined;
  if (!isThere) context.err.notice(`The definition that ran goes into ${asl}.`);
  return { text, yaml, others: new Map(isThere ? [] : [[asl, `${indented(definition)}\n`]]) };
}

function indented(definition: string): string {
  return JSON.stringify(JSON.parse(definition), null, 2);
}

/** The shortest form of the case that goes the recorded way; else as exact as the recording is. */
async function firstThatPasses(
  context: Context,
  path: string,
  { forms }: RecordedCases,
  { text, yaml, others }: Files,
  sources: FlowTestSources,
): Promise<{ text: string; result: CaseResult }> {
  const tried = async (one: JsonObject): Promise<{ text: string; result: CaseResult }> => {
    const names = new Set(((await parsedCases(path, text, sources, others)) ?? []).map(({ name }) => name));
    const whole = await withCase(text, yaml, { ...one, name: freeName(String(one.name), names) } as Json);
    const test = await readFlowTest(path, withTexts(sources, new Map([...others, [path, whole]])));
    const { evaluate } = context;
    const running = runFlowTests([test], {
      atOnce: 1,
      places: false,
      now: () => performance.now(),
      evaluate,
      invoke: async () => ({ payload: 'null' }),
      only: test.file.cases.length - 1,
    });
    for await (const result of running) return { text: whole, result };
    throw new Error('no case was run');
  };
  for (const form of forms.slice(0, -1)) {
    const made = await tried(form);
    if (made.result.passed) return made;
  }
  return await tried(forms.at(-1) ?? {});
}

async function parsedCases(
  path: string,
  text: string,
  sources: FlowTestSources,
  others: Map<string, string>,
) {
  const { file } = await readFlowTest(path, withTexts(sources, new Map([...others, [path, text]])));
  return file.cases;
}

const withTexts = (sources: FlowTestSources, texts: Map<string, string>): FlowTestSources => ({
  ...sources,
  read: async (path) => texts.get(path) ?? (await sources.read(path)),
});

function freeName(name: string, taken: Set<string>): string {
  if (!taken.has(name)) return name;
  for (let number = 2; ; number++) if (!taken.has(`${name} (${number})`)) return `${name} (${number})`;
}
