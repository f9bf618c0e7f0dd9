import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { exitCodes, FlowError } from '../../errors.js';
import { parseJson } from '../../json/parse.mjs';
import type { Templates } from '../../operations/project/scaffold.js';
import type { Change, ConfigPlace, Project, Style } from '../../scaffold/project.js';
import { packageFile } from '../package-file.js';
import { folderFaultWords } from '../system-errors.js';
import { dependencyOnUs } from './mbc-flow-dependency.js';
import { workspaceFolders } from './workspace-folders.js';

/** Of the framework's own template, for a project that has no configuration. */
const frameworkStyle = { semi: false, singleQuote: true, trailingComma: 'all' };
const skipped = new Set(['node_modules', 'dist', '.git', 'coverage']);

interface Prettier {
  resolveConfig(path: string): Promise<object | null>;
  format(text: string, options: object): Promise<string> | string;
}

/** The folder of the nearest package.json, here or above. @throws FlowError 3 where there is none */
export function nearestProject(cwd: string): string {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (dirname(folder) === folder) break;
  }
  throw new FlowError(exitCodes.notFound, 'NoProject', 'no package.json in this or any parent directory', {
    where: cwd,
    hint: `change to the application's directory, or create one with mbc-flow scaffold app my-app`,
  });
}

/**
 * Several applications share a workspace's root, which is none itself.
 * @throws FlowError 2 with the applications to choose from
 */
export async function refuseWorkspaceRoot(folder: string, command: string): Promise<void> {
  const manifest = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '');
  if (manifest.includes('"@mbc-cqrs-serverless/core"') || existsSync(join(folder, 'src/main.ts'))) return;
  const members = await workspaceFolders(folder, manifest);
  if (members.length === 0) return;
  const apps = members.filter((member) => existsSync(join(member, 'src/main.ts')));
  const names = (apps.length > 0 ? apps : members).map((member) => relative(folder, member));
  throw new FlowError(
    exitCodes.usage,
    'WorkspaceRoot',
    `this is the root of a workspace, not an application: ${names.join(', ')}`,
    { where: folder, hint: `cd ${names[0]} && mbc-flow ${command}` },
  );
}

/** The config that commands in this folder read: `"mbc-flow"` of a package.json is one too. */
function configPlace(folder: string): ConfigPlace | undefined {
  let foreign = false;
  for (let at = folder; ; at = dirname(at)) {
    const project = relative(at, folder).split(sep).join('/');
    const path = (name: string): string => relative(folder, join(at, name)).split(sep).join('/');
    if (existsSync(join(at, 'mbc-flow.json'))) return { path: path('mbc-flow.json'), project, foreign };
    if (declaresConfig(join(at, 'package.json')))
      return { path: path('package.json'), project, member: 'mbc-flow', foreign };
    if (dirname(at) === at) return undefined;
    foreign ||= existsSync(join(at, '.git'));
  }
}

const declaresConfig = (file: string): boolean => hasMember(file, 'mbc-flow');

function hasMember(file: string, name: string): boolean {
  try {
    return Object.hasOwn(parseJson(readFileSync(file, 'utf8')) as object, name);
  } catch {
    return false;
  }
}

/** The package.json of the nearest workspace above, as a path from the folder. */
function workspaceAbove(folder: string): string | undefined {
  for (let at = dirname(folder); dirname(at) !== at; at = dirname(at)) {
    const manifest = join(at, 'package.json');
    if (hasMember(manifest, 'workspaces') || existsSync(join(at, 'pnpm-workspace.yaml')))
      return relative(folder, manifest).split(sep).join('/');
  }
  return undefined;
}

/** The application's files on disk. */
export function projectAt(folder: string): Project {
  const prettier = prettierOf(folder);
  return {
    config: configPlace(folder),
    workspace: workspaceAbove(folder),
    dependencyOnUs: dependencyOnUs(folder),
    async read(path) {
      try {
        return await readFile(join(folder, path), 'utf8');
      } catch (error) {
        if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
        throw unusable(path, error);
      }
    },
    list: async (under, ending) =>
      (await filesUnder(folder, under)).filter((path) => path.endsWith(ending)).sort(),
    async format(path, text, style) {
      if (!prettier) return undefined;
      const file = join(folder, path);
      const options = (await prettier.resolveConfig(file)) ?? { ...frameworkStyle, ...optionsOf(style) };
      try {
        return await prettier.format(text, { ...options, filepath: file });
      } catch {
        // A file that it cannot read, or options of another version: unformatted is better than not at all.
        return text;
      }
    },
  };
}

/** A style in prettier's words. */
const optionsOf = (style: Style | undefined): object =>
  style === undefined
    ? {}
    : {
        semi: style.semicolon === ';',
        singleQuote: style.quote === "'",
        useTabs: style.indent === '\t',
        ...(style.indent !== '\t' && { tabWidth: style.indent.length }),
        endOfLine: style.newline === '\n' ? 'lf' : 'crlf',
      };

function prettierOf(folder: string): Prettier | undefined {
  try {
    return createRequire(join(folder, 'package.json'))('prettier') as Prettier;
  } catch {
    return undefined;
  }
}

async function filesUnder(folder: string, under: string): Promise<string[]> {
  const entries = await readdir(join(folder, under), { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries.map((entry) => {
      const path = `${under}/${entry.name}`;
      if (entry.isDirectory()) return skipped.has(entry.name) ? [] : filesUnder(folder, path);
      return [path];
    }),
  );
  return found.flat();
}

/** Writes all changes or none: every new text lies beside its file before the first one takes its place. */
export async function writeChanges(folder: string, changes: readonly Change[]): Promise<void> {
  const staged: string[] = [];
  const done: Change[] = [];
  const beside = (path: string): string => join(folder, `${path}.mbc-flow-new`);
  let at = '';
  try {
    for (const { path, after } of changes) {
      at = path;
      await mkdir(dirname(join(folder, path)), { recursive: true });
      staged.push(beside(path));
      const mode = await stat(join(folder, path)).then(
        (found) => found.mode & 0o777,
        () => undefined,
      );
      await writeFile(beside(path), after, { flush: true, mode: mode ?? 0o666 });
    }
    for (const change of changes) {
      at = change.path;
      await rename(beside(change.path), join(folder, change.path));
      done.push(change);
    }
  } catch (error) {
    for (const { path, before } of done.reverse())
      await (before === undefined ? rm(join(folder, path)) : writeFile(join(folder, path), before)).catch(
        () => {},
      );
    throw unusable(at, error);
  } finally {
    await Promise.all(staged.map((path) => rm(path, { force: true })));
  }
}

const unusable = (path: string, error: unknown): FlowError =>
  new FlowError(
    exitCodes.usage,
    (error as NodeJS.ErrnoException).code ?? 'FileNotUsable',
    `the file cannot be read or written: ${folderFaultWords(error)}`,
    { where: path, hint: 'nothing was changed', cause: error },
  );

/** The templates that came with this package. */
export function packageTemplates(): Templates {
  const folder = packageFile('templates');
  return {
    read: (path) => readFileSync(join(folder, path), 'utf8'),
    list: (under) =>
      readdirSync(join(folder, under), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) =>
          relative(join(folder, under), join(entry.parentPath, entry.name)).split(sep).join('/'),
        )
        .sort(),
  };
}
