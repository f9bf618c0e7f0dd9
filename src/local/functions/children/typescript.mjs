// @ts-check
// Runs an app's TypeScript as it stands, by the app's own compiler and tsconfig: decorators keep their metadata, path
// aliases are followed, types are not checked. Plain JavaScript, since nothing turns TypeScript into it in the child.

import { readFileSync, statSync } from 'node:fs';
import Module, { createRequire, isBuiltin } from 'node:module';
import { dirname, extname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { typesByModule } from './type-imports.mjs';

export const isTypeScript = (/** @type {string} */ file) => /\.(?:[cm]?ts|tsx)$/.test(file);

/** What an import of JavaScript may stand for. @type {Record<string, string[]>} */
const sourceOf = { '.js': ['.ts', '.tsx'], '.mjs': ['.mts'], '.cjs': ['.cts'], '.jsx': ['.tsx'] };
const added = ['.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json'];

const isFile = (/** @type {string} */ path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true;
const outside = (/** @type {string} */ path) => /[\\/]node_modules[\\/]/.test(path);

/** The file that a path without extension, of a folder, or with the extension of its output means. @param {string} path */
function fileAt(path) {
  const extension = extname(path);
  const stem = path.slice(0, path.length - extension.length);
  return [
    ...(isTypeScript(path) ? [path] : []),
    ...(sourceOf[extension] ?? []).map((one) => stem + one),
    path,
    ...added.map((one) => path + one),
    ...added.map((one) => join(path, `index${one}`)),
  ].find(isFile);
}

/** @param {string} file a module of the app @returns {any} */
function compilerOf(file) {
  let ts;
  try {
    // Not from the file itself: what TypeScript asks for is not its to compile.
    ts = createRequire(join(dirname(file), 'package.json'))('typescript');
  } catch (error) {
    throw Object.assign(
      new Error(
        `${file} is TypeScript, and the app has no compiler of its own: npm install --save-dev typescript`,
        { cause: error },
      ),
      { code: 'MODULE_NOT_FOUND' },
    );
  }
  if (typeof ts.transpileModule === 'function') return ts;
  throw new Error(`typescript ${ts.version} has no transpileModule: name the compiled module instead`);
}

/**
 * @param {string} entry the handler's file
 * @param {(file: string) => void} loaded hears of each file that is compiled
 */
export function createTypeScript(entry, loaded) {
  const ts = compilerOf(entry);
  const configFile = ts.findConfigFile(dirname(entry), ts.sys.fileExists);
  /** @type {any} */
  let options = {};
  if (configFile) {
    loaded(configFile);
    const host = { ...ts.sys, readDirectory: () => [], onUnRecoverableConfigFileDiagnostic() {} };
    options = ts.getParsedCommandLineOfConfigFile(configFile, {}, host)?.options ?? {};
  }
  const base = options.baseUrl ?? options.pathsBasePath ?? dirname(configFile ?? entry);
  // Node leaves decorators of the language itself alone, and does not know them.
  const newest = ts.ScriptTarget.ES2022;
  const target = options.target === undefined ? newest : Math.min(options.target, newest);
  const defines =
    options.target === undefined && Number.parseInt(ts.versionMajorMinor, 10) < 6 ? false : undefined;
  const common = {
    ...options,
    target,
    useDefineForClassFields: options.useDefineForClassFields ?? defines,
    isolatedModules: true,
    inlineSourceMap: true,
    ...Object.fromEntries(
      [
        'sourceMap',
        'inlineSources',
        'declaration',
        'declarationMap',
        'emitDeclarationOnly',
        'isolatedDeclarations',
        'composite',
        'incremental',
        'noEmit',
        'allowImportingTsExtensions',
      ].map((name) => [name, false]),
    ),
    ...Object.fromEntries(
      ['outDir', 'outFile', 'rootDir', 'sourceRoot', 'mapRoot', 'tsBuildInfoFile', 'moduleResolution'].map(
        (name) => [name, undefined],
      ),
    ),
  };
  const metadata = options.emitDecoratorMetadata === true;
  const asModule = { ...common, module: ts.ModuleKind.ESNext };
  const asCommonJs = { ...common, module: ts.ModuleKind.CommonJS, verbatimModuleSyntax: false };

  /** What tsconfig's `paths` and `baseUrl` make of a name, likeliest first. @param {string} name */
  function* aliases(name) {
    const patterns = Object.keys(options.paths ?? {})
      .map((pattern) => ({ pattern, parts: pattern.split('*') }))
      .filter(({ pattern, parts: [before = '', after] }) =>
        after === undefined
          ? pattern === name
          : name.length >= pattern.length - 1 && name.startsWith(before) && name.endsWith(after),
      )
      .sort((a, b) => (b.parts[0] ?? '').length - (a.parts[0] ?? '').length);
    for (const { pattern, parts } of patterns.slice(0, 1)) {
      const [before = '', after = ''] = parts;
      const star = name.slice(before.length, name.length - after.length);
      for (const path of options.paths[pattern])
        yield resolve(
          base,
          path.replace('*', () => star),
        );
    }
    if (options.baseUrl !== undefined) yield resolve(options.baseUrl, name);
  }

  return {
    /** The file that an import of the app means; undefined where that is Node's to find. @param {string} name @param {string} from */
    find(name, from) {
      if (isBuiltin(name) || outside(from)) return undefined;
      if (/^\.\.?(?:\/|$)/.test(name) || isAbsolute(name)) return fileAt(resolve(dirname(from), name));
      for (const path of aliases(name)) {
        const file = fileAt(path);
        if (file !== undefined && !file.endsWith('.d.ts')) return file;
      }
      return undefined;
    },
    /** @param {string} file @param {'module' | 'commonjs'} format */
    compile(file, format) {
      loaded(file);
      const written = readFileSync(file, 'utf8');
      const text = format === 'module' && metadata ? typesByModule(ts, file, written) : written;
      const { outputText, diagnostics = [] } = ts.transpileModule(text, {
        fileName: file,
        reportDiagnostics: true,
        compilerOptions: format === 'module' ? asModule : asCommonJs,
      });
      const fault = diagnostics.find(
        (/** @type {any} */ one) =>
          one.category === ts.DiagnosticCategory.Error && one.file && one.code < 2000,
      );
      if (!fault) return outputText;
      const { line, character } = fault.file.getLineAndCharacterOfPosition(fault.start ?? 0);
      const message = ts.flattenDiagnosticMessageText(fault.messageText, '\n');
      throw new SyntaxError(`${file}:${line + 1}:${character + 1}: ${message} (TS${fault.code})`);
    },
  };
}

/** As Node decides it for JavaScript: by the extension, else by the nearest package.json. @param {string} file */
export function formatOf(file) {
  if (/\.mts$/.test(file)) return 'module';
  if (/\.cts$/.test(file)) return 'commonjs';
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const path = join(folder, 'package.json');
    if (isFile(path)) return JSON.parse(readFileSync(path, 'utf8')).type === 'module' ? 'module' : 'commonjs';
    if (folder === dirname(folder)) return 'commonjs';
  }
}

/** From now on require() takes TypeScript. @param {() => ReturnType<typeof createTypeScript>} typescript */
export function hookRequire(typescript) {
  const internals = /** @type {any} */ (Module);
  const resolveFilename = internals._resolveFilename;
  internals._resolveFilename = function (
    /** @type {string} */ request,
    /** @type {{ filename?: string } | undefined} */ parent,
    /** @type {unknown[]} */ ...rest
  ) {
    const from = parent?.filename;
    const found = from && isTypeScript(from) ? typescript().find(request, from) : undefined;
    return found ?? resolveFilename.call(this, request, parent, ...rest);
  };
  for (const extension of ['.ts', '.tsx', '.mts', '.cts'])
    internals._extensions[extension] = (/** @type {any} */ module, /** @type {string} */ file) =>
      module._compile(typescript().compile(file, 'commonjs'), file);
}

/** @param {string} url */
export const pathOf = (url) => (url.startsWith('file:') ? fileURLToPath(url) : undefined);
