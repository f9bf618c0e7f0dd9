import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkDefaultTarget } from './check-config.js';
import type { LocalConfig, TargetConfig } from './config-schema.js';
import { type ConfigSource, readConfigSource } from './config-source.js';
import { extended } from './extends.js';

export interface FlowConfig {
  /** Where it was read from; undefined when there is none. */
  file?: string;
  /** Folder that its paths start from. */
  folder: string;
  /** It, and the files that it extends. */
  files: string[];
  defaultTarget?: string;
  targets: Record<string, TargetConfig>;
  local: LocalConfig;
}

/** The nearest mbc-flow.json, or `"mbc-flow"` in a package.json, upwards from `cwd`, with what it extends. */
export function readConfig(cwd: string): FlowConfig {
  const source = nearestSource(cwd);
  if (!source) return { folder: cwd, files: [], targets: {}, local: {} };
  const { config, files } = extended(source);
  checkDefaultTarget(config, source.label);
  const { defaultTarget, targets = {}, local = {} } = config;
  return { file: source.label, folder: source.folder, files, defaultTarget, targets, local };
}

function nearestSource(cwd: string): ConfigSource | undefined {
  for (const folder of upwards(cwd)) {
    const own = join(folder, 'mbc-flow.json');
    if (existsSync(own)) return readConfigSource(own);
    const packageFile = join(folder, 'package.json');
    // Another tool's package.json may be anything, even broken: only one that names us is read.
    if (!existsSync(packageFile) || !readFileSync(packageFile, 'utf8').includes('"mbc-flow"')) continue;
    const source = readConfigSource(packageFile);
    if (source.value !== undefined) return source;
  }
  return undefined;
}

/** `.mbc-flow` beside the nearest mbc-flow.json, else package.json, else in `cwd`. */
export const defaultDataDir = (cwd: string): string => join(projectFolder(cwd), '.mbc-flow');

/** From `cwd` up to the folder of the project around it. */
export function foldersToProject(cwd: string): string[] {
  const folders = upwards(cwd);
  return folders.slice(0, folders.indexOf(projectFolder(cwd)) + 1);
}

/** What a command's config and environment are read from, there or not. */
export const configFiles = (cwd: string, { files }: FlowConfig): string[] => [
  ...new Set([
    ...foldersToProject(cwd).flatMap((folder) =>
      ['mbc-flow.json', 'package.json', '.env'].map((name) => join(folder, name)),
    ),
    ...files,
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
