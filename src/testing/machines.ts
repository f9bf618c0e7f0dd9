import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { readConfig } from '../config/config.js';
import { exitCodes, FlowError } from '../errors.js';
import { readText } from '../files/read-text.js';
import { deployed } from '../framework/machines.js';
import { isObject, type Json } from '../json/json.js';
import { jsonText } from '../json/lossless.js';
import { definitionInFile } from '../operations/execution/definition-in-file.js';
import type { FlowMachines } from './types.js';

export interface TestedMachine {
  name: string;
  /** JSON text. */
  definition: string;
  type: 'STANDARD' | 'EXPRESS';
}

/** The machines that a test names. @throws FlowError 2 and 3 for what is none */
export async function testedMachines(
  given: FlowMachines | undefined,
  folder: string,
  template: string | undefined,
): Promise<TestedMachine[]> {
  const machines = isList(given)
    ? Object.assign({}, ...given.map((one) => named(one, folder)))
    : (given ?? (template === undefined ? configured(folder) : {}));
  return await Promise.all(Object.entries(machines).map(([name, one]) => machineOf(name, one, folder)));
}

const isList = (given: FlowMachines | undefined): given is readonly string[] => Array.isArray(given);

/** Name -> path, of mbc-flow.json. */
function configured(folder: string): Record<string, string> {
  const config = readConfig(folder);
  const machines = Object.entries(config.local.machines ?? {});
  return Object.fromEntries(machines.map(([name, file]) => [name, resolve(config.folder, file)]));
}

/** A name in mbc-flow.json, or a file, whose machine is called as it is (`approval.asl.json`: approval). */
function named(one: string, folder: string): Record<string, string> {
  const known = configured(folder);
  const path = known[one];
  if (path !== undefined) return { [one]: path };
  if (existsSync(resolve(folder, one))) return { [basename(one).split('.')[0] ?? one]: one };
  const names = Object.keys(known).join(', ');
  throw new FlowError(exitCodes.notFound, 'MachineNotFound', `there is no state machine '${one}'`, {
    where: 'machines',
    hint: `give the path of a file in ${folder}, or a name under local.machines in mbc-flow.json${names && ` (${names})`}`,
  });
}

async function machineOf(name: string, given: unknown, folder: string): Promise<TestedMachine> {
  if (typeof given === 'string') return await inFile(name, given, folder);
  const value = given as Json;
  if (isObject(value) && value.States !== undefined)
    return { name, definition: jsonText(value), type: 'STANDARD' };
  if (isObject(value) && value.definition !== undefined) {
    const machine = await machineOf(name, value.definition, folder);
    return { ...machine, type: value.type === undefined ? machine.type : (value.type as 'STANDARD') };
  }
  throw new FlowError(exitCodes.usage, 'BadMachine', `the state machine ${name} is no definition`, {
    where: `machines.${name}`,
    hint: 'give an object with StartAt and States, or the path of its file',
  });
}

async function inFile(name: string, path: string, folder: string): Promise<TestedMachine> {
  const file = resolve(folder, path);
  const context = { cwd: folder, stdin: Readable.from([]) };
  const { definition, written, id, type } = await definitionInFile({
    path,
    text: await readText(context, file),
    preferred: name,
    commandFor: () => `name it in machines: { NAME: '${path}' }`,
    read: (beside) => readText(context, join(dirname(file), beside)).catch(() => undefined),
  });
  // What stands in a template is finished by it.
  const text = id === undefined ? deployed(jsonText(written)) : jsonText(definition);
  return { name, definition: text, type };
}
