import { checkSchema, type MemberPath, pathText } from '../json/schema.js';
import { badConfig } from './bad-config.js';
import { configSchema, type WrittenConfig } from './config-schema.js';

/** @throws FlowError 2 with the path of the first member that is wrong */
export function checkConfig(value: unknown, file: string): WrittenConfig {
  const complain = (path: MemberPath, message: string): never => {
    throw badConfig(`${file} at ${pathText(path)}`, `${nameOf(path)} ${message}`);
  };
  checkSchema(configSchema, value, [], complain);
  return value as WrittenConfig;
}

/** The member's own name, with its index in a list. */
function nameOf(path: MemberPath): string {
  const named = path.findLastIndex((step) => typeof step === 'string');
  return named < 0 ? 'the config' : pathText(path.slice(named)).slice(2);
}

/** @throws FlowError 2 where the default is none of the targets, of its own file or of those that it extends */
export function checkDefaultTarget({ defaultTarget, targets = {} }: WrittenConfig, file: string): void {
  if (defaultTarget !== undefined && !['local', 'env', ...Object.keys(targets)].includes(defaultTarget))
    throw badConfig(`${file} at $.defaultTarget`, `target ${defaultTarget} is not defined`);
}
