import { relative, resolve, sep } from 'node:path';
import type { LocalConfig, TargetConfig, WrittenConfig } from './config-schema.js';

type FunctionSpec = NonNullable<LocalConfig['functions']>[string];

/** A config whose paths start from one folder, with the same paths from another. */
export function rebased(config: WrittenConfig, from: string, to: string): WrittenConfig {
  if (from === to) return config;
  const path = (text: string): string => {
    const moved = relative(to, resolve(from, text)).split(sep).join('/');
    return /^\.{0,2}\//.test(moved) ? moved : `./${moved}`;
  };
  const pathOrUrl = (text: string): string => (/^[a-z][a-z\d]*:\/\//i.test(text) ? text : path(text));
  const spec = (given: FunctionSpec): FunctionSpec =>
    typeof given === 'string' ? pathOrUrl(given) : { ...given, module: pathOrUrl(given.module) };
  const { local = {}, targets = {} } = config;
  const { functions, machines, mocks } = local;
  return {
    ...config,
    ...(config.targets && { targets: each(targets, (target) => audited(target, pathOrUrl)) }),
    ...(config.local && {
      local: {
        ...local,
        ...(functions && { functions: each(functions, spec) }),
        ...(machines && { machines: each(machines, path) }),
        ...(mocks !== undefined && { mocks: path(mocks) }),
      },
    }),
  };
}

const audited = (target: TargetConfig, path: (text: string) => string): TargetConfig =>
  target.audit === undefined ? target : { ...target, audit: path(target.audit) };

const each = <T>(record: Record<string, T>, change: (value: T) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
