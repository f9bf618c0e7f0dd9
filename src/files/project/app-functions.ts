import { spawn } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AppFunction } from '../../operations/doctor/examine-app.js';

/** Loading an application takes a second or two; what never ends is no module. */
const PATIENCE = 30_000;

/** Looks at the functions that a config names: whether each is built, and loads in a process of its own. */
export async function appFunctions(
  base: string,
  modules: Record<string, string>,
  env: Record<string, string | undefined>,
): Promise<AppFunction[]> {
  return await Promise.all(
    Object.entries(modules).map(async ([name, module]): Promise<AppFunction> => {
      const built = await builtFile(resolve(base, module));
      if (!built) return { name, module, stale: false };
      const [stale, fault] = await Promise.all([isStale(built.file), loading(built, env)]);
      return { name, module, file: relative(base, built.file), stale, fault };
    }),
  );
}

interface Built {
  file: string;
  exported: string;
}

/** `./dist/main.handler` is the export `handler` of dist/main.js; a file alone means that export too. */
async function builtFile(path: string): Promise<Built | undefined> {
  const dot = path.lastIndexOf('.');
  const candidates = [
    ...['', '.js', '.mjs', '.cjs'].map((ending) => ({ file: path + ending, exported: 'handler' })),
    ...['.js', '.mjs', '.cjs'].map((ending) => ({
      file: path.slice(0, dot) + ending,
      exported: path.slice(dot + 1),
    })),
  ];
  for (const candidate of candidates)
    if (
      await stat(candidate.file).then(
        (found) => found.isFile(),
        () => false,
      )
    )
      return candidate;
  return undefined;
}

/** A source beside `dist` was changed after the file was made. */
async function isStale(file: string): Promise<boolean> {
  const [, project] = /^(.*)[/\\]dist[/\\]/.exec(file) ?? [];
  if (project === undefined) return false;
  const { mtimeMs } = await stat(file);
  const entries = await readdir(join(project, 'src'), { recursive: true, withFileTypes: true }).catch(
    () => [],
  );
  for (const entry of entries)
    if (
      /(?<!\.spec|\.test|\.d)\.ts$/.test(entry.name) &&
      (await stat(join(entry.parentPath, entry.name))).mtimeMs > mtimeMs
    )
      return true;
  return false;
}

/** What keeps the module from being loaded as Lambda's runtime would load it; undefined where nothing does. */
function loading(
  { file, exported }: Built,
  env: Record<string, string | undefined>,
): Promise<string | undefined> {
  const script = `const loaded = await import(${JSON.stringify(pathToFileURL(file).href)});
const found = loaded[${JSON.stringify(exported)}] ?? loaded.default?.[${JSON.stringify(exported)}];
if (typeof found !== 'function') throw new Error(${JSON.stringify(`it has no function ${exported}`)});
process.exit(0);`;
  return new Promise((settle) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      cwd: dirname(file),
      env: {
        ...env,
        // Without these, an application takes itself for a server.
        AWS_LAMBDA_FUNCTION_NAME: 'doctor',
        AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: PATIENCE,
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-20_000);
    });
    child.once('error', (error) => settle(error.message));
    child.once('close', (code, signal) => {
      if (code === 0) settle(undefined);
      else if (signal) settle(`it was not loaded within ${PATIENCE / 1000} seconds`);
      else settle(/^\w*Error\b.*$/m.exec(said)?.[0] ?? said.trim().split('\n')[0] ?? `exit ${code}`);
    });
  });
}
