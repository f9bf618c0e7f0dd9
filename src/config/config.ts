import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { jsonErrorOffset, positionOf } from '../json/source.js';
import { jsonFault, parseJson } from '../json/text.mjs';
import { badConfig } from './bad-config.js';
import { checkConfig } from './check-config.js';

/** One entry of `targets` in mbc-flow.json. */
export interface TargetConfig {
  profile?: string;
  region?: string;
  account?: string;
  prefix?: string;
  tenant?: string;
  bucket?: string;
  /** Encryption of uploads. */
  sse?: 'AES256' | 'aws:kms';
  sseKmsKeyId?: string;
  endpointUrl?: string;
  protected?: boolean;
  /** Role (`import-csv`) or any name -> ARN or name of a machine. */
  machines?: Record<string, string>;
  /** Name or ARN of the function that gets the records of its tables and queues. */
  function?: string;
}

export interface FunctionConfig {
  module: string;
  timeoutSeconds?: number;
  memoryMB?: number;
  concurrency?: number;
  env?: Record<string, string>;
}

export interface LocalConfig {
  /** Function name, or `*` -> SPEC. */
  functions?: Record<string, string | FunctionConfig>;
  /** Machine name -> ASL file, relative to the config's folder. */
  machines?: Record<string, string>;
  /** Service that the local server does not run -> URL. */
  endpoints?: Record<string, string>;
  /** File of mocks, relative to the config's folder. */
  mocks?: string;
  /** What `dev --event-sources` delivers. */
  eventSources?: EventSourceConfig[];
}

/** A stream (by its table) or a queue; `*` at the end of the name stands for anything. */
export interface EventSourceConfig {
  stream?: string;
  queue?: string;
  endpoint?: string;
  /** Name of the function. */
  function?: string;
  /** Filter patterns, as AWS has them. */
  filters?: unknown[];
  batchSize?: number;
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
    // Another tool's package.json may be anything, even broken: only one that names us is read.
    if (!existsSync(packageFile) || !readFileSync(packageFile, 'utf8').includes('"mbc-flow"')) continue;
    const found = (readJson(packageFile) as Record<string, unknown> | null)?.['mbc-flow'];
    if (found !== undefined) return checkConfig(found, `${packageFile} ("mbc-flow")`, folder);
  }
  return { folder: cwd, targets: {}, local: {} };
}

/** `.mbc-flow` beside the nearest mbc-flow.json, else package.json, else in `cwd`. */
export const defaultDataDir = (cwd: string): string => join(projectFolder(cwd), '.mbc-flow');

/** From `cwd` up to the folder of the project around it. */
export function foldersToProject(cwd: string): string[] {
  const folders = upwards(cwd);
  return folders.slice(0, folders.indexOf(projectFolder(cwd)) + 1);
}

function projectFolder(cwd: string): string {
  const folders = upwards(cwd);
  const holding = (name: string) => folders.find((folder) => existsSync(join(folder, name)));
  return holding('mbc-flow.json') ?? holding('package.json') ?? cwd;
}

function upwards(cwd: string): string[] {
  const folder = dirname(cwd);
  return folder === cwd ? [cwd] : [cwd, ...upwards(folder)];
}

function readJson(file: string): unknown {
  const text = readFileSync(file, 'utf8').replace(/^\ufeff/, '');
  try {
    return parseJson(text);
  } catch (error) {
    const { line, column } = positionOf(text, jsonErrorOffset(text) ?? 0);
    throw badConfig(`${file}:${line}:${column}`, `this ${jsonFault(text)}`, error);
  }
}
