import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { watchFiles } from '../../files/watch-files.js';
import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { finished, resolveTemplate, type TemplateMachine } from '../../template/machines.js';
import { parseJsonOrYaml } from '../../template/parse.js';
import { isServerless, serverlessTemplate } from '../../template/serverless.js';
import { account, region, stateMachineArn } from '../arns.js';
import { GivenFileError } from '../errors.js';
import type { JsonOperations } from '../http/json-service.js';
import { groupOfDestinations, type LogStore } from '../logs/index.js';
import { AwsError } from '../ports.js';
import { setOrigin } from '../runtime/machine-origins.js';
import type { Store } from '../store/port.js';
import { readGivenFile } from './given-file.js';
import { giveBack, replacedBy } from './stand-in.js';

export interface TemplateTargets {
  operations: JsonOperations;
  logs: LogStore;
  store: Store;
  /** The app's environment: what `${env:NAME}` of a serverless.yml means. */
  env: Record<string, string | undefined>;
  log: (line: string) => void;
}

const place = { partition: 'aws', region, account, stackName: 'local' };
/** A template that is gone for longer is not being written anew. */
const goneAfterMs = 2_000;

/**
 * Registers the state machines of a template, now and whenever the template (or a file that it names) changes.
 * Executions that run keep the definition that they began with. A machine that goes from the template, or with it, gives
 * back what it took the place of; one that took nobody's stays.
 * @returns what ends the watching
 * @throws GivenFileError; once it watches, such errors are logged
 */
export async function followTemplate(file: string, targets: TemplateTargets): Promise<() => void> {
  let working = Promise.resolve();
  let gone: NodeJS.Timeout | undefined;
  const changed = (): void => {
    clearTimeout(gone);
    if (!existsSync(file)) {
      gone = setTimeout(() => void dropTemplate(targets), goneAfterMs).unref();
      return;
    }
    working = working.then(async () => {
      try {
        watched.set(await register(file, targets));
      } catch (error) {
        const at = error instanceof GivenFileError ? error.file : file;
        targets.log(`${at}: ${(error as Error).message}`);
      }
    });
  };
  const watched = watchFiles(changed);
  watched.set(await register(file, targets));
  return () => {
    clearTimeout(gone);
    watched.stop();
  };
}

/** Without a template, or those of them that it still has. */
export async function dropTemplate({ store, log }: TemplateTargets, still: string[] = []): Promise<void> {
  const back = await store.write((db) => giveBack(db, 'template', still));
  for (const arn of back)
    log(`state machine ${arn.split(':').at(-1)} is again what it was before the template had it`);
}

/** @returns the files that it was made from */
async function register(file: string, targets: TemplateTargets): Promise<string[]> {
  const { env, log } = targets;
  const files = [file];
  const template = await readTemplate(file, env, files);
  const exports = JSON.stringify(template).includes('"Fn::ImportValue"')
    ? await exportsBeside(file, env)
    : {};
  const { machines } = resolveTemplate(template, { ...place, exports });
  for (const machine of machines) {
    const definition = await definitionOf(machine, file, files);
    try {
      await upsert(targets, machine, definition);
    } catch (error) {
      const { message } = error as Error;
      throw new GivenFileError(file, `state machine ${machine.logicalId} was rejected: ${message}`, {
        hint: `mbc-flow lint ${file}`,
        cause: error,
      });
    }
    const guesses = machine.unresolved.join(', ');
    log(
      `${file}: state machine ${machine.name}${guesses && ` (${guesses} known only on AWS; names are used instead of values)`}`,
    );
  }
  if (machines.length === 0) log(`${file}: no state machines found`);
  await dropTemplate(
    targets,
    machines.map(({ name }) => stateMachineArn(name)),
  );
  return files;
}

/** @param files what else it was made from is added to them */
async function readTemplate(
  file: string,
  env: TemplateTargets['env'],
  files: string[] = [],
): Promise<JsonObject> {
  const value = await parsed(file);
  if (!isObject(value)) throw noTemplate(file);
  if (isObject(value.Resources)) return value;
  if (!isServerless(value)) throw noTemplate(file, isObject(value.States));
  const template = await ofServerless(file, value, env, files);
  if (JSON.stringify(template).includes('::StateMachine"')) return template;
  throw new GivenFileError(file, 'this serverless.yml has no state machines (stepFunctions.stateMachines)', {
    hint: 'use the generated template: .serverless/cloudformation-template-update-stack.json',
  });
}

async function parsed(file: string): Promise<Json> {
  const text = await readGivenFile(file, 'the template');
  try {
    return await parseJsonOrYaml(text);
  } catch (error) {
    const why = (error as Error).message.split('\n')[0]?.replace(/:$/, '');
    throw new GivenFileError(file, `the template is neither JSON nor YAML: ${why}`, { cause: error });
  }
}

async function ofServerless(
  file: string,
  value: JsonObject,
  env: TemplateTargets['env'],
  files: string[],
): Promise<JsonObject> {
  const read = async (name: string): Promise<string> => {
    const path = join(dirname(file), name);
    files.push(path);
    return await readGivenFile(path, `a file referenced by ${basename(file)}`);
  };
  try {
    return await serverlessTemplate(value, { env, region, account, read });
  } catch (error) {
    if (error instanceof GivenFileError) throw error;
    throw new GivenFileError(file, (error as Error).message, { cause: error });
  }
}

const noTemplate = (file: string, machine = false): GivenFileError =>
  machine
    ? new GivenFileError(file, 'this file is a state machine definition, not a template', {
        hint: `add it to mbc-flow.json: {"local": {"machines": {"NAME": "${basename(file)}"}}}`,
      })
    : new GivenFileError(file, 'this file is not a template: it has no Resources', {
        hint: 'use a CDK, CloudFormation or SAM template, or a serverless.yml',
      });

/** What the other templates of a CDK app's assembly export. */
async function exportsBeside(file: string, env: TemplateTargets['env']): Promise<Record<string, Json>> {
  const folder = dirname(file);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.template.json'));
  const found = await Promise.all(
    names.map(async (name) => resolveTemplate(await readTemplate(join(folder, name), env), place).exports),
  );
  return Object.assign({}, ...found) as Record<string, Json>;
}

async function definitionOf(machine: TemplateMachine, template: string, files: string[]): Promise<string> {
  if ('text' in machine.definition) return machine.definition.text;
  for (const name of machine.definition.files) {
    const path = join(dirname(template), name);
    if (!existsSync(path)) continue;
    files.push(path);
    const text = await readGivenFile(path, `the definition of ${machine.logicalId}`);
    return await finished(machine, text);
  }
  const [wanted] = machine.definition.files;
  throw new GivenFileError(template, `the definition of ${machine.logicalId} was not found: ${wanted}`);
}

/** What a deployment does: log groups first, then the machine, made or brought up to date. */
async function upsert(
  { operations, logs, store }: TemplateTargets,
  machine: TemplateMachine,
  definition: string,
): Promise<void> {
  const { name, type, roleArn, loggingConfiguration } = machine;
  const arn = stateMachineArn(name);
  const group = groupOfDestinations(loggingConfiguration?.destinations);
  if (group !== undefined) await logs.ensureGroup(group);
  const replaced = store.read((db) => replacedBy(db, arn, 'template'));
  const { signal } = new AbortController();
  const input = { definition, roleArn, ...(loggingConfiguration && { loggingConfiguration }) };
  try {
    await operations.CreateStateMachine?.({ ...input, name, type }, signal);
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'StateMachineAlreadyExists') throw error;
    await operations.UpdateStateMachine?.({ ...input, stateMachineArn: arn }, signal);
  }
  await store.write((db) => setOrigin(db, arn, { origin: 'template', ...(replaced && { replaced }) }));
}
