import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { jsonErrorOffset, positionOf } from '../json/source.js';
import { jsonFault, parseJson } from '../json/text.mjs';
import { badConfig } from './bad-config.js';
import { checkConfig } from './check-config.js';
import type { LocalConfig, TargetConfig } from './config-schema.js';

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
    if (existsSync(own)) return configOf(readJson(own), own, folder);
    const packageFile = join(folder, 'package.json');
    // Another tool's package.json may be anything, even broken: only one that names us is read.
    if (!existsSync(packageFile) || !readFileSync(packageFile, 'utf8').includes('"mbc-flow"')) continue;
    const found = (readJson(packageFile) as Record<string, unknown> | null)?.['mbc-flow'];
    if (found !== undefined) return configOf(found, `${packageFile} ("mbc-flow")`, folder);
  }
  return { folder: cwd, targets: {}, local: {} };
}

function configOf(value: unknown, file: string, folder: string): FlowConfig {
  const { defaultTarget, targets = {}, local = {} } = checkConfig(value, file);
  return { file, folder, defaultTarget, targets, local };
}

/** `.mbc-flow` beside the nearest mbc-flow.json, else package.json, else in `cwd`. */
export const defaultDataDir = (cwd: string): string => join(projectFolder(cwd), '.mbc-flow');

/** From `cwd` up to the folder of the project around it. */
export function foldersToProject(cwd: string): string[] {
  const folders = upwards(cwd);
  return folders.slice(0, folders.indexOf(projectFolder(cwd)) + 1);
}

/** What a command's config and environment are read from, there or not. */
export const configFiles = (cwd: string, { file }: FlowConfig): string[] => [
  ...new Set([
    ...foldersToProject(cwd).flatMap((folder) =>
      ['mbc-flow.json', 'package.json', '.env'].map((name) => join(folder, name)),
    ),
    ...(file === undefined ? [] : [file.replace(/ \("mbc-flow"\)$/, '')]),
  ]),
];

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
