// Bundles src/ into dist/: all that the package needs but the native store. `npm ci` runs it ("dependencies": npm warns of a package that has a prepare script).
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import ts from 'typescript';
import { bundleOptions } from './bundle-options.mjs';
import { commonJs } from './common-js.mjs';
import { declarations, helpPages } from './declarations.mjs';
import { lazyImportFaults } from './lazy-imports.mjs';
import { manPages } from './man-pages.mjs';
import { unmended } from './mended-libraries.mjs';
import { thirdPartyNotices } from './third-party-notices.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
/** What the last build put where, for the tests. */
export const metafile = join(root, 'node_modules/.cache/mbc-flow/metafile.json');

/** The widths whose help is rendered here: of a pipe or narrow terminal, and of every wide one. */
const helpColumns = [80, 100];

// Identifiers stay as they are: names are readable in a bug report's stack trace. (`keepNames` would define the name of
// every closure anew each time that it is made.)
const smaller = { minifyWhitespace: true, minifySyntax: true };

/** The whole bundle in memory, with esbuild's record of what went where. Throws what esbuild throws. */
export async function bundle() {
  const entries = {
    main: 'src/main.ts',
    'function-child': 'src/local/functions/children/child-main.ts',
    'typescript-hooks': 'src/local/functions/children/typescript-hooks.mjs',
    'evaluating-child': 'src/jsonata/evaluating-child.mjs',
    'testing-core': 'src/testing/core.ts',
  };
  const missing = Object.values(entries).filter((file) => !existsSync(join(root, file)));
  if (missing.length > 0) throw new Error(`cannot build: ${missing.join(' and ')} not found`);
  const result = await build({
    ...bundleOptions,
    ...smaller,
    // CommonJS has it.
    banner: {},
    entryPoints: entries,
    outdir: dist,
    outExtension: { '.js': '.cjs' },
    splitting: true,
    // Flat: `new URL('..', import.meta.url)` is the package's folder from every chunk, as it is from src/*.ts.
    chunkNames: '[name]-[hash]',
    metafile: true,
  });
  const faults = lazyImportFaults(root, result.metafile);
  for (const file of unmended) faults.push(`${file} is not in the bundle: mend scripts/mended-libraries.mjs`);
  if (faults.length > 0) throw new Error(`cannot build:\n  ${faults.join('\n  ')}`);
  return result;
}

/** The console's page, for a browser: its own bundle, which nothing else loads. Names have a hash, but for index.html. */
async function consolePage() {
  const folder = join(root, 'src/console/page');
  const result = await build({
    absWorkingDir: root,
    entryPoints: { app: 'src/console/page/main.tsx' },
    outdir: join(dist, 'console'),
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    // Not the tsconfig.json of the rest, which is React's.
    tsconfigRaw: {},
    splitting: true,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    minify: true,
    metafile: true,
    legalComments: 'none',
    charset: 'utf8',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const named = (ending) => {
    const file = result.outputFiles.find(({ path }) => /\/app-[^/]+$/.test(path) && path.endsWith(ending));
    return `/assets/${file.path.split('/').at(-1)}`;
  };
  const template = await readFile(join(folder, 'index.html'), 'utf8');
  const icon = await readFile(join(folder, 'icon.svg'));
  const html = template
    .replace('{{script}}', named('.js'))
    .replace('{{style}}', named('.css'))
    .replace('{{icon}}', '/assets/icon.svg');
  return {
    files: [
      ...result.outputFiles.map(({ path, contents }) => [path, contents]),
      [join(dist, 'console/icon.svg'), icon],
      [join(dist, 'console/index.html'), Buffer.from(html)],
    ],
    metafile: result.metafile,
  };
}

/** Writes dist/. */
export async function buildDist() {
  const [bundled, page] = await Promise.all([bundle(), consolePage()]);
  const result = await commonJs(bundled, {
    modules: ['typescript-hooks.cjs'],
    options: {
      ...smaller,
      platform: 'node',
      target: bundleOptions.target,
      supported: bundleOptions.supported,
      legalComments: 'none',
      charset: 'ascii',
    },
  });
  const main = result.files.get('main.cjs');
  result.files.set('main.cjs', Buffer.concat([Buffer.from(`//${digestOf(result.files)}\n`), main]));
  const files = new Map([...result.files].map(([name, contents]) => [join(dist, name), contents]));
  for (const [path, contents] of page.files) files.set(path, contents);
  const outputs = { ...result.metafile.outputs, ...page.metafile.outputs };
  files.set(join(dist, 'THIRD-PARTY-NOTICES'), await thirdPartyNotices(root, { outputs }));
  files.set(
    join(dist, 'mbc-flow.schema.json'),
    await schemaOf('src/config/config-schema.ts', 'configSchema'),
  );
  files.set(
    join(dist, 'mbc-flow-test.schema.json'),
    await schemaOf('src/workflow/flow-test/file-schema.ts', 'flowTestSchema'),
  );
  for (const [name, contents] of await testLibrary()) files.set(join(dist, name), contents);
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  for (const columns of helpColumns) {
    const pages = await helpPages(version, columns);
    files.set(join(dist, `help-${columns}.txt`), pagesWithPlaces(pages));
  }
  for (const [name, text] of manPages(version, await declarations()))
    files.set(join(dist, 'man', name), Buffer.from(text));
  // Entries last: whoever starts in between finds all that they name.
  const entries = [
    'main.cjs',
    'function-child.mjs',
    'typescript-hooks.mjs',
    'evaluating-child.mjs',
    'testing-core.cjs',
    'testing.js',
    'testing.cjs',
  ].map((name) => join(dist, name));
  for (const path of [...files.keys()].sort((a, b) => entries.indexOf(a) - entries.indexOf(b))) {
    await writeChanged(path, Buffer.from(files.get(path)));
  }
  await removeOthers(new Set(files.keys()));
  await writeChanged(metafile, Buffer.from(JSON.stringify(result.metafile)));
}

/** Names this build: what was compiled of another one is of no use (bin/load.js). */
function digestOf(files) {
  const hash = createHash('sha256');
  for (const [name, contents] of [...files].sort(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(`${name} ${contents.length}\n`).update(contents);
  return hash.digest('hex').slice(0, 16);
}

/** Pages one behind the other. The line before them says where each stands, in bytes: to parse all would take longer than to print one. */
function pagesWithPlaces(pages) {
  const places = {};
  let end = 0;
  for (const [line, text] of Object.entries(pages)) {
    const begin = end;
    end += Buffer.byteLength(text);
    places[line] = [begin, end];
  }
  return Buffer.from(`${JSON.stringify(places)}\n${Object.values(pages).join('')}`);
}

/** `mbc-flow/testing` as tests load it, for both module systems, with its types. Readable: a failing test may show it. */
async function testLibrary() {
  const built = ['esm', 'cjs'].map(async (format) => {
    const { outputFiles } = await build({
      absWorkingDir: root,
      entryPoints: ['src/testing/index.ts'],
      bundle: true,
      write: false,
      format,
      platform: 'node',
      target: 'node20',
      define: format === 'cjs' ? { 'import.meta.url': '__filename' } : {},
      legalComments: 'none',
      charset: 'utf8',
    });
    return [`testing.${format === 'cjs' ? 'cjs' : 'js'}`, outputFiles[0].contents];
  });
  const types = Buffer.from(declarationsOf(await readFile(join(root, 'src/testing/types.ts'), 'utf8')));
  return [...(await Promise.all(built)), ['testing.d.ts', types], ['testing.d.cts', types]];
}

/** A schema that ships, from its description in the sources. */
async function schemaOf(source, name) {
  const { outputFiles } = await build({
    ...bundleOptions,
    banner: {},
    entryPoints: [source],
  });
  const module = `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`;
  return `${JSON.stringify((await import(module))[name], null, 2)}\n`;
}

/** Its declarations, comments for its users included. A file that imports nothing: it says all itself. */
function declarationsOf(text) {
  const { outputText, diagnostics = [] } = ts.transpileDeclaration(text, {
    compilerOptions: { removeComments: false, isolatedDeclarations: true },
    reportDiagnostics: true,
  });
  if (diagnostics.length > 0)
    throw new Error(`cannot build: ${diagnostics[0].messageText} (src/testing/types.ts)`);
  return outputText.replaceAll(/^\s*\/\/.*\n/gm, '');
}

async function writeChanged(path, contents) {
  const present = await readFile(path).catch(() => undefined);
  if (present?.equals(contents)) return;
  await mkdir(dirname(path), { recursive: true });
  // Whole: others may read it at this moment.
  await writeFile(`${path}.${process.pid}`, contents);
  await rename(`${path}.${process.pid}`, path);
}

/** Earlier builds' chunks go, but not at once: a server that runs from this folder may still load its own. */
async function removeOthers(keep) {
  for (const entry of await readdir(dist, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || keep.has(path)) continue;
    // A console has read its page when it starts.
    const clean = process.argv.includes('--clean') || path.startsWith(join(dist, 'console'));
    if (clean || Date.now() - (await stat(path)).mtimeMs > 3_600_000) await rm(path, { force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await buildDist();
  } catch (error) {
    // esbuild has printed its own messages; ours are one line.
    if (!error.errors) process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
