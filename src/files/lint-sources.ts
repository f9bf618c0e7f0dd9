import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { LintFile } from '../operations/project/lint-files.js';
import { textInFile } from './text-in-file.js';
import { unreadable } from './unreadable.js';

/** What is looked for in a folder: names that say what is in them. */
const MACHINES = /(\.asl\.(json|ya?ml)|\.template\.json|^template\.ya?ml|^serverless\.ya?ml)$/;
/** Sources of an app of the framework, and of its stack. */
const SOURCES = /(?<!\.d|\.spec|\.test)\.ts$/;
const SKIPPED = new Set(['node_modules', '.git', 'dist', '.mbc-flow', '.serverless', '.aws-sam']);
const FRAMEWORK = '@mbc-cqrs-serverless/core';

/** The files to lint: those named, those found in folders named, or those found under the working directory. */
export async function* lintSources(
  cwd: string,
  paths: string[],
  type: 'STANDARD' | 'EXPRESS' | undefined,
): AsyncGenerator<LintFile> {
  for await (const path of expanded(cwd, paths.length > 0 ? paths : ['.'])) {
    const file = resolve(cwd, path);
    const bytes = await readFile(file).catch((error: unknown) => {
      throw unreadable(path, error, 'mbc-flow lint <file>');
    });
    const text = textInFile(path, bytes);
    const read = (name: string): Promise<string | undefined> =>
      readFile(resolve(dirname(file), name), 'utf8').catch(() => undefined);
    yield { path, text, options: { type, framework: await usesFramework(dirname(file)), read } };
  }
}

async function* expanded(cwd: string, paths: string[]): AsyncGenerator<string> {
  for (const path of paths) {
    const stats = await stat(resolve(cwd, path)).catch(() => undefined);
    if (!stats?.isDirectory()) {
      yield path;
      continue;
    }
    const sources = await usesFramework(resolve(cwd, path));
    const entries = await readdir(resolve(cwd, path), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const inner = join(path, entry.name);
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) yield* expanded(cwd, [inner]);
      else if (entry.isFile() && (MACHINES.test(entry.name) || (sources && SOURCES.test(entry.name))))
        yield inner;
    }
  }
}

/** The nearest package.json depends on the framework. */
async function usesFramework(folder: string): Promise<boolean> {
  for (let at = folder; ; at = dirname(at)) {
    const text = await readFile(join(at, 'package.json'), 'utf8').catch(() => undefined);
    if (text !== undefined) return text.includes(`"${FRAMEWORK}"`);
    if (dirname(at) === at) return false;
  }
}
