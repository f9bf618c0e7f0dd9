import { resolve } from 'node:path';
import { exitCodes, FlowError } from '../errors.js';
import { checkConfig } from './check-config.js';
import type { LocalConfig, WrittenConfig } from './config-schema.js';
import { type ConfigSource, readConfigSource } from './config-source.js';
import { rebased } from './rebase-paths.js';

const deepest = 10;

/** What a config says together with the files that it extends. */
export interface ExtendedConfig {
  config: WrittenConfig;
  /** All that were read, the nearest first. */
  files: string[];
}

/**
 * The config of a file and of those that it extends: the nearer one wins key by key, and of a list the later one. A
 * target, a function, a machine is one key: it is taken as it is. Paths start from the folder of the nearest file.
 * @throws FlowError 2 with the place of the `extends` that leads nowhere or round in a circle
 */
export function extended(source: ConfigSource): ExtendedConfig {
  const files = new Set<string>();
  // Several files may extend the same one: each is read once.
  const known = new Map<string, WrittenConfig>();

  const read = (from: ConfigSource, way: readonly string[]): WrittenConfig => {
    files.add(from.file);
    const found = known.get(from.file);
    if (found) return found;
    const { extends: named = [], ...own } = checkConfig(from.value, from.label);
    const listed = Array.isArray(named);
    const bases = (listed ? named : [named]).map((path, index) => {
      const where = from.placeOf(listed ? ['extends', index] : ['extends']);
      return read(follow(from, path, where, [...way, from.file]), [...way, from.file]);
    });
    const config = [...bases, rebased(own, from.folder, source.folder)].reduce(merged);
    known.set(from.file, config);
    return config;
  };

  const config = read(source, []);
  return { config, files: [...files] };
}

function follow(from: ConfigSource, path: string, where: string, way: readonly string[]): ConfigSource {
  const file = resolve(from.folder, path);
  if (way.includes(file))
    throw badExtends(
      where,
      `"extends" leads round in a circle: ${[...way.slice(way.indexOf(file)), file].join(' > ')}`,
    );
  if (way.length >= deepest) throw badExtends(where, `"extends" is nested more than ${deepest} deep`);
  try {
    const base = readConfigSource(file);
    if (base.value !== undefined) return base;
  } catch (error) {
    if (error instanceof FlowError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const why = { ENOENT: 'does not exist', ENOTDIR: 'does not exist', EISDIR: 'is a directory' }[code ?? ''];
    throw badExtends(where, `"extends" names ${path}, which ${why ?? `cannot be read: ${message}`}`, error);
  }
  throw badExtends(where, `"extends" names ${path}, which has no member "mbc-flow"`);
}

const badExtends = (where: string, message: string, cause?: unknown): FlowError =>
  new FlowError(exitCodes.usage, 'BadConfig', message, {
    where,
    hint: 'give the path of an mbc-flow.json, relative to the file that extends it',
    cause,
  });

function merged(base: WrittenConfig, own: WrittenConfig): WrittenConfig {
  const both = <T>(a: T | undefined, b: T | undefined): T | undefined => (a && b ? { ...a, ...b } : (b ?? a));
  const local = (key: 'functions' | 'machines' | 'endpoints'): Partial<LocalConfig> => {
    const value = both<object>(base.local?.[key], own.local?.[key]);
    return value === undefined ? {} : { [key]: value };
  };
  return {
    ...base,
    ...own,
    targets: both(base.targets, own.targets),
    local: {
      ...base.local,
      ...own.local,
      ...local('functions'),
      ...local('machines'),
      ...local('endpoints'),
    },
  };
}
