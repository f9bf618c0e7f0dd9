import { exitCodes, FlowError } from '../../errors.js';
import { isObject } from '../../json/json.js';
import { positionOf } from '../../json/json-positions.js';
import type { MemberPath } from '../../json/schema.js';
import { type FoundMachine, machinesIn } from '../../lint/find-machines.js';
import type { LintMachine } from '../../lint/machine.js';
import { readPlain, readSource, type Source } from '../../lint/parsed-source.js';
import { UnreadableSource } from '../../lint/unreadable.js';
import type { FoundDefinition } from './find-definition.js';

export interface DefinitionFile {
  /** As the user named it. */
  path: string;
  text: string;
  /** Which of several: its name, or what the file calls it. */
  machine?: string;
  /** Of several, where `machine` names none. */
  preferred?: string;
  /** The command line that takes one of several. */
  commandFor(machine: string): string;
  /** A file beside it that it names; undefined where that is not there. */
  read(path: string): Promise<string | undefined>;
}

/**
 * The state machine of a file: ASL in JSON or YAML, what `aws stepfunctions describe-state-machine` prints, or one of a
 * CloudFormation, CDK or SAM template or a serverless.yml.
 * @throws FlowError 2 where it can't be read, 3 where there is no such machine in it, 5 where there are several
 */
export async function definitionInFile(
  file: DefinitionFile,
): Promise<FoundDefinition & Pick<LintMachine, 'type' | 'definition' | 'written'> & { id?: string }> {
  const one = await machineInFile(file, definitionAlone(file.path, file.text));
  const { type, definition, written } = one.machine;
  return { name: nameOf(one) || file.path, type, definition, written, id: one.id };
}

/** Where a part of the definition stands, `file:line:column`; the file alone where it stands in another one. */
export async function placeInFile(file: DefinitionFile, place: MemberPath): Promise<string> {
  const { source, machine } = await machineInFile(file);
  if (source.text !== file.text) return file.path;
  const { line, column } = positionOf(file.text, machine.offsetOf(place));
  return `${file.path}:${line}:${column}`;
}

async function machineInFile(file: DefinitionFile, known?: Source): Promise<FoundMachine> {
  const { path, machine: wanted, preferred } = file;
  const drawn = await machinesInFile(file, known);
  const called = (name: string) => drawn.filter((one) => namesOf(one).includes(name));
  const liked = preferred !== undefined && drawn.length > 1 ? called(preferred) : [];
  const found = wanted !== undefined ? called(wanted) : liked.length > 0 ? liked : drawn;
  const [one, another] = found;
  if (!one) throw noMachine(path, wanted, drawn.map(nameOf));
  if (another) throw severalMachines(file, found.map(nameOf));
  return one;
}

async function machinesInFile(file: DefinitionFile, known?: Source): Promise<FoundMachine[]> {
  const { path, text, read } = file;
  try {
    const source = known ?? (await readSource(path, text));
    const described = isObject(source.value) ? source.value.definition : undefined;
    if (typeof described === 'string') return await machinesInFile({ ...file, text: described });
    const machines = await machinesIn(source, { framework: false, read });
    return machines.filter(({ machine }) => isObject(machine.definition.States));
  } catch (error) {
    if (!(error instanceof UnreadableSource)) throw error;
    const { line, column } = positionOf(text, error.offset);
    throw new FlowError(
      exitCodes.usage,
      'InvalidDefinition',
      `the definition can't be read: ${error.message}`,
      {
        where: `${path}:${line}:${column}`,
        hint: `mbc-flow lint ${path}`,
      },
    );
  }
}

/** A definition that is all of its file is found without the places of its parts, which cost more than the rest. */
function definitionAlone(file: string, text: string): Source | undefined {
  const plain = readPlain(file, text);
  if (!isObject(plain?.value) || plain.value.States === undefined) return undefined;
  return { file, text, ...plain, root: { start: 0, end: text.length } };
}

const namesOf = ({ machine, id }: FoundMachine): string[] =>
  [machine.name, id].filter((name) => name !== undefined);

const nameOf = (machine: FoundMachine): string => namesOf(machine)[0] ?? '';

function noMachine(path: string, wanted: string | undefined, names: string[]): FlowError {
  const message =
    wanted === undefined
      ? 'there is no state machine in this file'
      : `there is no state machine ${wanted} in this file${names.length > 0 ? `; it has: ${names.join(', ')}` : ''}`;
  return new FlowError(exitCodes.notFound, 'MachineNotFound', message, {
    where: path,
    hint: `mbc-flow lint ${path}`,
  });
}

const severalMachines = ({ path, commandFor }: DefinitionFile, names: string[]): FlowError =>
  new FlowError(
    exitCodes.conflict,
    'SeveralMachines',
    `there are several state machines in this file: ${names.join(', ')}`,
    { where: path, hint: commandFor(names[0] ?? '') },
  );
