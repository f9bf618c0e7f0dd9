import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { exitCodes, FlowError } from '../errors.js';
import { jsonErrorOffset, positionAt } from './json-syntax.js';

/** One entry of `targets` in mbc-flow.json. */
export interface TargetConfig {
  profile?: string;
  region?: string;
  account?: string;
  prefix?: string;
  tenant?: string;
  bucket?: string;
  endpointUrl?: string;
  protected?: boolean;
  /** Role (`import-csv`) or any name -> ARN or name of a machine. */
  machines?: Record<string, string>;
}

export interface LocalConfig {
  /** Function name, or `*` -> SPEC. */
  functions?: Record<string, string | { module: string }>;
  /** Machine name -> ASL file, relative to the config's folder. */
  machines?: Record<string, string>;
  lambdaEndpoint?: string;
}

export interface FlowConfig {
  /** Where it was read from; undefined when there is none. */
  file?: string;
  /** Folder that its paths start from. */
  folder: string;
  defaultTarget?: string;
  targets: Record<string, TargetConfig>;
  local: LocalConfig;
}

/** The nearest mbc-flow.json, or `"mbc-flow"` in a package.json, upwards from `cwd`. */
export function readConfig(cwd: string): FlowConfig {
  for (const folder of upwards(cwd)) {
    const own = join(folder, 'mbc-flow.json');
    if (existsSync(own)) return checkConfig(readJson(own), own, folder);
    const packageFile = join(folder, 'package.json');
    if (existsSync(packageFile)) {
      const found = (readJson(packageFile) as Record<string, unknown> | null)?.['mbc-flow'];
      if (found !== undefined) return checkConfig(found, `${packageFile} ("mbc-flow")`, folder);
    }
  }
  return { folder: cwd, targets: {}, local: {} };
}

/** `.mbc-flow` beside the nearest mbc-flow.json, else package.json, else in `cwd`. */
export function defaultDataDir(cwd: string): string {
  const folders = upwards(cwd);
  const home =
    folders.find((folder) => existsSync(join(folder, 'mbc-flow.json'))) ??
    folders.find((folder) => existsSync(join(folder, 'package.json'))) ??
    cwd;
  return join(home, '.mbc-flow');
}

/** The nearest file of that name, upwards. */
export function findUpwards(cwd: string, name: string): string | undefined {
  return upwards(cwd)
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));
}

function upwards(cwd: string): string[] {
  const folders = [cwd];
  for (let folder = cwd; dirname(folder) !== folder; ) {
    folder = dirname(folder);
    folders.push(folder);
  }
  return folders;
}

function readJson(file: string): unknown {
  const text = readFileSync(file, 'utf8').replace(/^\ufeff/, '');
  try {
    return JSON.parse(text);
  } catch (error) {
    const { line, column } = positionAt(text, jsonErrorOffset(text) ?? 0);
    throw badConfig(`${file}:${line}:${column}`, 'this is not valid JSON', error);
  }
}

const badConfig = (where: string, message: string, cause?: unknown): FlowError =>
  new FlowError(exitCodes.usage, 'BadConfig', message, {
    where,
    hint: 'the schema mbc-flow.schema.json in the package lists what a config may hold',
    cause,
  });

const targetStrings = ['profile', 'region', 'account', 'prefix', 'tenant', 'bucket', 'endpointUrl'] as const;

function checkConfig(value: unknown, file: string, folder: string): FlowConfig {
  const complain = (path: string, message: string): never => {
    throw badConfig(`${file} at ${path}`, message);
  };
  const object = (found: unknown, path: string, known?: readonly string[]): Record<string, unknown> => {
    if (found === undefined) return {};
    if (typeof found !== 'object' || found === null || Array.isArray(found))
      return complain(path, 'must be an object');
    for (const key of Object.keys(found)) {
      if (known && !known.includes(key))
        complain(`${path}.${key}`, `is not known here; known: ${known.join(', ')}`);
    }
    return found as Record<string, unknown>;
  };
  const strings = (found: unknown, path: string): Record<string, string> => {
    const entries = object(found, path);
    for (const [key, entry] of Object.entries(entries)) {
      if (typeof entry !== 'string') complain(`${path}.${key}`, 'must be a string');
    }
    return entries as Record<string, string>;
  };
  const root = object(value, '$', ['$schema', 'defaultTarget', 'targets', 'local']);
  if (root.defaultTarget !== undefined && typeof root.defaultTarget !== 'string') {
    complain('$.defaultTarget', 'must be the name of a target');
  }
  const targets = object(root.targets, '$.targets');
  for (const [name, entry] of Object.entries(targets)) {
    const path = `$.targets.${name}`;
    if (name === 'local' || name === 'env') complain(path, `the name ${name} is taken by mbc-flow itself`);
    const target = object(entry, path, [...targetStrings, 'protected', 'machines']);
    for (const key of targetStrings) {
      if (target[key] !== undefined && typeof target[key] !== 'string')
        complain(`${path}.${key}`, 'must be a string');
    }
    if (target.protected !== undefined && typeof target.protected !== 'boolean') {
      complain(`${path}.protected`, 'must be true or false');
    }
    strings(target.machines, `${path}.machines`);
  }
  const local = object(root.local, '$.local', ['functions', 'machines', 'lambdaEndpoint']);
  strings(local.machines, '$.local.machines');
  for (const [name, spec] of Object.entries(object(local.functions, '$.local.functions'))) {
    if (typeof spec === 'string') continue;
    const path = `$.local.functions.${name}`;
    const { module } = object(spec, path, ['module', 'timeoutSeconds', 'memoryMB', 'concurrency', 'env']);
    if (typeof module !== 'string') complain(`${path}.module`, 'must name a module and its export');
  }
  const defaultTarget = root.defaultTarget as string | undefined;
  if (defaultTarget !== undefined && !['local', 'env', ...Object.keys(targets)].includes(defaultTarget)) {
    complain('$.defaultTarget', `there is no target ${defaultTarget}`);
  }
  return {
    file,
    folder,
    defaultTarget,
    targets: targets as Record<string, TargetConfig>,
    local: local as LocalConfig,
  };
}
