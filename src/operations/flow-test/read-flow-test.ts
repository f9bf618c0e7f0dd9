import { dirname, join } from 'node:path';
import { DefinitionError, parseDefinition } from '../../asl/definition.js';
import { exitCodes, FlowError } from '../../errors.js';
import { builtinMachines, deployed } from '../../framework/machines.js';
import type { JsonObject } from '../../json/json.js';
import { jsonErrorOffset, parseJsonSource, positionOf, type SourceNode } from '../../json/json-positions.js';
import { jsonText } from '../../json/lossless.js';
import type { MemberPath } from '../../json/schema.js';
import { nodeAt, readPlain, readSource, startOf } from '../../lint/parsed-source.js';
import { UnreadableSource } from '../../lint/unreadable.js';
import { MocksError, parseMocks, type TestCases } from '../../mocks/step-functions-local.js';
import { definedStates } from '../../workflow/definition/definition-states.js';
import { statesThatAsk, unknownState } from '../../workflow/definition/states-that-ask.js';
import { checkFlowTest } from '../../workflow/flow-test/check-file.js';
import type { FlowTestFile } from '../../workflow/flow-test/file-schema.js';
import type { TestedMachine } from '../../workflow/flow-test/run-case.js';
import { definitionInFile, placeInFile } from '../execution/definition-in-file.js';

export interface FlowTestSources {
  /** Text of a file, by its path from the working directory. @throws FlowError 3, 2 */
  read(path: string): Promise<string>;
  /** Name -> file, of the config; paths as `read` takes them. */
  machines: Record<string, string>;
}

export interface ReadFlowTest {
  path: string;
  text: string;
  yaml: boolean;
  file: FlowTestFile;
  machine: TestedMachine;
  /** The file that the machine is in; undefined: it is built in. */
  machinePath?: string;
  mocksPath?: string;
  mocks?: TestCases;
  places: FilePlaces;
}

/** Where things stand in the file: read for the first one that is asked for, as a run that passes needs none. */
export interface FilePlaces {
  root(): Promise<SourceNode>;
  /** `file:line:column` of a place in it, or of the nearest above it that is there. */
  of(path: MemberPath): Promise<SourcePlace>;
}

export interface SourcePlace {
  file: string;
  line: number;
  column: number;
}

/** A fault of the file itself, before its place is known. */
class Misplaced extends Error {
  constructor(
    readonly at: MemberPath,
    message: string,
  ) {
    super(message);
  }
}

/** @throws FlowError 2 with `file:line:column` of what is wrong, 3 where a file or machine is not there */
export async function readFlowTest(path: string, sources: FlowTestSources): Promise<ReadFlowTest> {
  const text = await sources.read(path);
  const places = placesIn(path, text);
  try {
    const { value, yaml } = readPlain(path, text) ?? (await readSource(path, text));
    const file = checkFlowTest(value, (at, message) => {
      throw new Misplaced(at, faultOf(text, at, message));
    });
    const found = await machineOf(path, file, namedAt(sources, ['machine']));
    refuseUnknownStates(file, found.machine.definition);
    const mocksPath = file.mocks === undefined ? undefined : join(dirname(path), file.mocks);
    const mocks =
      mocksPath === undefined
        ? undefined
        : mocksOf(await namedAt(sources, ['mocks']).read(mocksPath), mocksPath, found.machine.name);
    for (const [index, { mocks: named }] of file.cases.entries())
      if (named !== undefined && !mocks?.has(named))
        throw new Misplaced(
          ['cases', index, 'mocks'],
          `${mocksPath} has no test case ${named} of ${found.machine.name}`,
        );
    return { path, text, yaml, file, ...found, mocksPath, mocks, places };
  } catch (error) {
    if (error instanceof UnreadableSource) {
      const { line, column } = positionOf(text, error.offset);
      throw badFile(`the test file can't be read: ${error.message}`, `${path}:${line}:${column}`);
    }
    if (!(error instanceof Misplaced)) throw error;
    const { line, column } = await places.of(error.at);
    throw badFile(error.message, `${path}:${line}:${column}`);
  }
}

function faultOf(text: string, at: MemberPath, message: string): string {
  if (text.trim() === '') return `the file is empty: it must have a machine and cases`;
  // YAML 1.1 had them.
  if (at.includes('<<'))
    return `${at.join('.')}: YAML 1.2 has no merge keys (<<); write it out, or give answers beside cases`;
  return `${at.length === 0 ? 'the file' : at.join('.')} ${message}`;
}

/** Answers to what is never asked: a slip in a name. */
function refuseUnknownStates({ answers, cases }: FlowTestFile, definition: JsonObject): void {
  const states = new Set(statesThatAsk(jsonText(definition)).map(({ name }) => name));
  const check = (given: FlowTestFile['answers'], at: MemberPath): void => {
    for (const name in given)
      if (!states.has(name)) throw new Misplaced([...at, 'answers', name], unknownState(name, states));
  };
  check(answers, []);
  for (const [index, one] of cases.entries()) check(one.answers, ['cases', index]);
}

const badFile = (message: string, where: string): FlowError =>
  new FlowError(exitCodes.usage, 'InvalidTestFile', message, { where, hint: 'mbc-flow help test' });

/** A file that is not there is a fault of the one that names it. */
const namedAt = (sources: FlowTestSources, at: MemberPath): FlowTestSources => ({
  ...sources,
  read: (path) =>
    sources.read(path).catch((error: unknown) => {
      if (!(error instanceof FlowError) || error.exitCode !== exitCodes.notFound) throw error;
      throw new Misplaced(at, `${path}: ${error.message}`);
    }),
});

function placesIn(file: string, text: string): FilePlaces {
  let read: Promise<SourceNode> | undefined;
  const root = (): Promise<SourceNode> => {
    read ??= readSource(file, text).then((source) => source.root);
    return read;
  };
  let starts: number[] | undefined;
  return {
    root,
    async of(path) {
      const offset = startOf(nodeAt(await root(), path).node);
      starts ??= lineStarts(text);
      let [low, high] = [0, starts.length];
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if ((starts[middle] ?? 0) <= offset) low = middle;
        else high = middle;
      }
      return { file, line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
    },
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

async function machineOf(
  path: string,
  { machine: meant, type = 'STANDARD' }: FlowTestFile,
  sources: FlowTestSources,
): Promise<{ machine: TestedMachine; machinePath?: string }> {
  const name = typeof meant === 'string' ? meant : meant.name;
  if (typeof meant === 'string' && !/[\\/]|\.(json|ya?ml)$/.test(meant)) {
    const configured = Object.hasOwn(sources.machines, meant) ? sources.machines[meant] : undefined;
    const builtin = builtinMachines().find((one) => one.name === meant);
    if (configured === undefined && builtin) {
      const { definition } = builtin;
      return { machine: await compiled(meant, type, JSON.parse(deployed(definition)), path) };
    }
    if (configured === undefined)
      throw new Misplaced(
        ['machine'],
        `there is no state machine ${meant}: give its file, or add it to local.machines in mbc-flow.json`,
      );
    return { machine: await inFile(configured, undefined, type, meant, sources), machinePath: configured };
  }
  const machinePath = join(dirname(path), typeof meant === 'string' ? meant : meant.file);
  const wanted = typeof meant === 'string' ? undefined : name;
  return { machine: await inFile(machinePath, wanted, type, wanted, sources), machinePath };
}

async function inFile(
  path: string,
  wanted: string | undefined,
  type: TestedMachine['type'],
  called: string | undefined,
  sources: FlowTestSources,
): Promise<TestedMachine> {
  const file = {
    path,
    text: await sources.read(path),
    machine: wanted,
    commandFor: (one: string) => `in the test file: machine: { file: ${path}, name: ${one} }`,
    read: (beside: string) => sources.read(join(dirname(path), beside)).catch(() => undefined),
  };
  const { name, definition } = await definitionInFile(file);
  const own = called ?? (name === path ? (/([^\\/]+?)(\.asl)?\.\w+$/.exec(path)?.[1] ?? name) : name);
  return await compiled(own, type, definition, path, (place) => placeInFile(file, place));
}

async function compiled(
  name: string,
  type: TestedMachine['type'],
  definition: JsonObject,
  path: string,
  placed?: (place: MemberPath) => Promise<string>,
): Promise<TestedMachine> {
  try {
    const text = jsonText(definition);
    const states = new Set(definedStates(text).map(({ name }) => name));
    return { name, type, definition, compiled: parseDefinition(text, type), states };
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error;
    const { diagnostics } = error;
    const fault = diagnostics.find(({ severity }) => severity === 'ERROR') ?? diagnostics[0];
    const at = fault?.location ? ` (at ${fault.location})` : '';
    const message = `AWS would refuse the state machine: ${fault?.message ?? error.message}${at}`;
    const where = fault?.place && placed ? await placed(fault.place) : path;
    throw new FlowError(exitCodes.usage, 'InvalidDefinition', message, {
      where,
      hint: `mbc-flow lint ${path}`,
    });
  }
}

function mocksOf(text: string, path: string, machine: string): TestCases {
  try {
    const machines = parseMocks(text);
    const [only, another] = [...machines.values()];
    return machines.get(machine) ?? (only && !another ? only : new Map());
  } catch (error) {
    const offset =
      error instanceof MocksError
        ? startOf(nodeAt(parseJsonSource(text).root, error.path).node)
        : (jsonErrorOffset(text) ?? 0);
    const { line, column } = positionOf(text, offset);
    throw badFile(`the mocks can't be read: ${(error as Error).message}`, `${path}:${line}:${column}`);
  }
}
