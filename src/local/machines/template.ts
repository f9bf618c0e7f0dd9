import { type Stats, unwatchFile, watchFile } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Json, JsonObject } from '../../json/json.js';
import { finished, resolveTemplate, type TemplateMachine } from '../../template/machines.js';
import { parseTemplate } from '../../template/parse.js';
import { account, region, stateMachineArn } from '../arns.js';
import type { JsonOperations } from '../http/json-service.js';
import { groupOfDestinations, type LogStore } from '../logs/index.js';
import { AwsError } from '../ports.js';

export interface TemplateTargets {
  operations: JsonOperations;
  logs: LogStore;
  log: (line: string) => void;
}

const place = { partition: 'aws', region, account, stackName: 'local' };
const lookEvery = 500;

/**
 * Registers the state machines of a template, now and whenever the template (or a file that it names) changes.
 * Executions that run keep the definition that they began with. A machine that goes from the template stays.
 * @returns what ends the watching
 * @throws Error that names the file and what is wrong in it; once it watches, such errors are logged
 */
export async function followTemplate(file: string, targets: TemplateTargets): Promise<() => void> {
  let watched = await register(file, targets);
  let working = Promise.resolve();
  const changed = (now: Stats, before: Stats): void => {
    // Gone for the moment: it is being written anew.
    if (now.mtimeMs === 0 || (now.mtimeMs === before.mtimeMs && now.size === before.size)) return;
    working = working.then(async () => {
      try {
        watch(await register(file, targets));
      } catch (error) {
        targets.log((error as Error).message);
      }
    });
  };
  const watch = (files: string[]): void => {
    for (const gone of watched.filter((name) => !files.includes(name))) unwatchFile(gone, changed);
    for (const name of files.filter((other) => !watched.includes(other)))
      watchFile(name, { interval: lookEvery, persistent: false }, changed);
    watched = files;
  };
  const first = watched;
  watched = [];
  watch(first);
  return () => watch([]);
}

/** @returns the files that it was made from */
async function register(file: string, { operations, logs, log }: TemplateTargets): Promise<string[]> {
  const template = await readTemplate(file);
  const exports = JSON.stringify(template).includes('"Fn::ImportValue"') ? await exportsBeside(file) : {};
  const { machines } = resolveTemplate(template, { ...place, exports });
  const files = [file];
  for (const machine of machines) {
    const definition = await definitionOf(machine, file, files);
    try {
      await upsert(operations, logs, machine, definition);
    } catch (error) {
      const { message } = error as Error;
      throw new Error(`${file}: the state machine ${machine.logicalId} was refused: ${message}`);
    }
    const guesses = machine.unresolved.join(', ');
    log(
      `${file}: state machine ${machine.name}${guesses && ` (only AWS knows ${guesses}: the names stand for the values)`}`,
    );
  }
  if (machines.length === 0) log(`${file}: no state machines in it`);
  return files;
}

async function readTemplate(file: string): Promise<JsonObject> {
  try {
    return await parseTemplate(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Error(`the template ${file} could not be read: ${(error as Error).message}`);
  }
}

/** What the other templates of a CDK app's assembly export. */
async function exportsBeside(file: string): Promise<Record<string, Json>> {
  const folder = dirname(file);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.template.json'));
  const found = await Promise.all(
    names.map(async (name) => resolveTemplate(await readTemplate(join(folder, name)), place).exports),
  );
  return Object.assign({}, ...found) as Record<string, Json>;
}

async function definitionOf(machine: TemplateMachine, template: string, files: string[]): Promise<string> {
  if ('text' in machine.definition) return machine.definition.text;
  for (const name of machine.definition.files) {
    const path = join(dirname(template), name);
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    files.push(path);
    return await finished(machine, text);
  }
  const [wanted] = machine.definition.files;
  throw new Error(`${template}: the definition of ${machine.logicalId} is not there: ${wanted}`);
}

/** What a deployment does: log groups first, then the machine, made or brought up to date. */
async function upsert(
  operations: JsonOperations,
  logs: LogStore,
  machine: TemplateMachine,
  definition: string,
): Promise<void> {
  const { name, type, roleArn, loggingConfiguration } = machine;
  const group = groupOfDestinations(loggingConfiguration?.destinations);
  if (group !== undefined) await logs.ensureGroup(group);
  const { signal } = new AbortController();
  const input = { definition, roleArn, ...(loggingConfiguration && { loggingConfiguration }) };
  try {
    await operations.CreateStateMachine?.({ ...input, name, type }, signal);
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'StateMachineAlreadyExists') throw error;
    await operations.UpdateStateMachine?.({ ...input, stateMachineArn: stateMachineArn(name) }, signal);
  }
}
