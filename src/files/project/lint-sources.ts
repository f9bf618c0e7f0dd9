import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { LintFile } from '../../operations/project/lint-files.js';
import { unreadable } from '../read-error.js';
import { textInFile } from '../text-in-file.js';
import { appCompiler } from './app-compiler.js';
import { type FrameworkProject, frameworkProject } from './framework-project.js';
import { skippedFolders } from './skipped-folders.js';

/** Names that say that a state machine is in them. */
const NAMED = /(\.asl\.(json|ya?ml)|\.template\.json)$/;
/** Others are known by what is in them. */
const DATA = /\.(json|ya?ml)$/;
/** Sources of an app of the framework, and of its stack. */
const SOURCES = /(?<!\.d|\.spec|\.test)\.ts$/;
/** Nothing larger is a definition: AWS takes 1 MB, and templates of 1 MB. */
const LARGEST = 4_000_000;

/** Whether a file of data is a state machine or a template with one. */
type HoldsMachine = (name: string, text: string) => Promise<boolean>;
type Projects = (folder: string) => Promise<FrameworkProject | undefined>;

/** The files to lint: those named, those found in folders named, or those found under the working directory. */
export async function* lintSources(
  cwd: string,
  paths: string[],
  type: 'STANDARD' | 'EXPRESS' | undefined,
  holdsMachine: HoldsMachine,
): AsyncGenerator<LintFile> {
  const projectOf = remembered(frameworkProject);
  const compilerOf = remembered(appCompiler);
  for await (const path of expanded(cwd, paths.length > 0 ? paths : ['.'], projectOf, holdsMachine)) {
    const file = resolve(cwd, path);
    const bytes = await readFile(file).catch((error: unknown) => {
      throw unreadable(path, error, 'mbc-flow lint approval.asl.json');
    });
    // A compiler reads sources whatever their comments are written in.
    const text = textInFile(path, bytes, /\.[cm]?tsx?$/.test(path));
    const read = (name: string): Promise<string | undefined> =>
      readFile(resolve(dirname(file), name), 'utf8').catch(() => undefined);
    const project = await projectOf(dirname(file));
    const compiler = project && compilerOf(project.folder);
    const about = project && {
      frameworkVersion: project.version,
      answersGranted: project.answersGranted,
      routes: project.routes,
      ...(compiler && { unknownTypes: async (offsets: number[]) => compiler.unknownTypes(file, offsets) }),
    };
    yield { path, text, options: { type, framework: project !== undefined, ...about, read } };
  }
}

function remembered<T>(make: (folder: string) => T): (folder: string) => T {
  const made = new Map<string, T>();
  return (folder) => {
    const known = made.has(folder) ? (made.get(folder) as T) : make(folder);
    made.set(folder, known);
    return known;
  };
}

async function* expanded(
  cwd: string,
  paths: string[],
  projectOf: Projects,
  holdsMachine: HoldsMachine,
): AsyncGenerator<string> {
  for (const path of paths) {
    const stats = await stat(resolve(cwd, path)).catch(() => undefined);
    if (!stats?.isDirectory()) {
      yield path;
      continue;
    }
    const entries = await readdir(resolve(cwd, path), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const inner = join(path, entry.name);
      if (entry.isDirectory()) {
        if (!skippedFolders.has(entry.name)) yield* expanded(cwd, [inner], projectOf, holdsMachine);
      } else if (!entry.isFile()) continue;
      else if (SOURCES.test(entry.name)) {
        if (await projectOf(resolve(cwd, path))) yield inner;
      } else if (
        NAMED.test(entry.name) ||
        (DATA.test(entry.name) && (await holdsMachine(entry.name, await contentOf(resolve(cwd, inner)))))
      )
        yield inner;
    }
  }
}

async function contentOf(file: string): Promise<string> {
  const { size } = await stat(file);
  return size > LARGEST ? '' : await readFile(file, 'utf8').catch(() => '');
}
