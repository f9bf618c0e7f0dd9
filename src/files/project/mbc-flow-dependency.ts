import { readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { packageFile, packageVersion } from '../package-file.js';

/**
 * How a project can depend on this package: by its version once that is published (the build says so), before by the
 * archive or the folder that it was installed from.
 */
export function dependencyOnUs(folder: string): string {
  if (process.env.MBC_FLOW_PUBLISHED) return `^${packageVersion()}`;
  const own = dirname(packageFile('package.json'));
  const from = installedFrom(own) ?? own;
  return `file:${relative(folder, from).split(sep).join('/')}`;
}

/** The archive that npm made `node_modules/mbc-flow` of. */
function installedFrom(own: string): string | undefined {
  const modules = dirname(own);
  if (basename(modules) !== 'node_modules') return undefined;
  try {
    const { packages } = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8'));
    const { resolved } = packages[`node_modules/${basename(own)}`];
    return resolved.startsWith('file:') ? resolve(modules, '..', resolved.slice(5)) : undefined;
  } catch {
    return undefined;
  }
}
