// The bundle's chunks as CommonJS: Node.js loads it without waiting, and what it compiled of it can be kept (bin/load.js).
import { basename } from 'node:path';
import { transform } from 'esbuild';

/**
 * The output files of a bundle of ES modules with `splitting`, named `.cjs`, as CommonJS, and its metafile. Entries that
 * await at their top level stay ES modules, named `.mjs`, and so do those that are listed.
 * @param {import('esbuild').BuildResult<{ metafile: true, write: false }>} bundle
 * @param {{ modules: string[], options: import('esbuild').TransformOptions }} settings
 * @returns {Promise<{ files: Map<string, Buffer>, metafile: import('esbuild').Metafile }>} by file name
 */
export async function commonJs({ outputFiles, metafile }, { modules, options }) {
  const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output]));
  const files = new Map();
  for (const { path, text } of outputFiles) {
    const name = basename(path);
    const { inputs, imports } = outputs.get(name) ?? { inputs: {}, imports: [] };
    const converted = modules.includes(name) ? undefined : await convert(text, options);
    if (converted === undefined) files.set(asModule(name), Buffer.from(withRequire + text));
    else {
      const code = onDemand(imports.reduce(requiring, converted));
      // Their names are of no use in a bug report, and half of what V8 keeps of them.
      const libraries = Object.keys(inputs).every((file) => file.includes('node_modules/'));
      const small = libraries && (await transform(code, { ...options, minifyIdentifiers: true })).code;
      files.set(name, Buffer.from(asciiOnly(small || code)));
    }
  }
  for (const [name, { imports }] of outputs)
    for (const { path, external } of imports)
      if (!external && !files.has(basename(path)))
        throw new Error(`cannot build: ${name} imports ${basename(path)}, which awaits at its top level`);
  return { files, metafile: renamedIn(metafile, files) };
}

/** Read as one byte a character. What esbuild leaves is in expressions, which know the same escapes. */
const asciiOnly = (/** @type {string} */ code) =>
  code.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

const asModule = (/** @type {string} */ name) => name.replace(/\.cjs$/, '.mjs');

/** What is imported lazily is required lazily. */
function requiring(
  /** @type {string} */ code,
  /** @type {{ path: string, kind: string, external?: boolean }} */ one,
) {
  if (one.kind !== 'dynamic-import') return code;
  const specifier = JSON.stringify(one.external ? one.path : `./${basename(one.path)}`);
  return code.replaceAll(`import(${specifier})`, `Promise.resolve().then(()=>require(${specifier}))`);
}

/** What is imported is loaded when it is used first: `var a=require(…)` becomes `var a`, each `a` `(a??=require(…))`. */
function onDemand(/** @type {string} */ code) {
  const loads = new Map();
  const without = code.replaceAll(
    /\b(import_[\w$]+)=(require\("[^"]+"\)|__toESM\(require\("[^"]+"\)(?:,1)?\))/g,
    (_, name, load) => {
      loads.set(name, load);
      return `${name}=void 0`;
    },
  );
  return without.replaceAll(/\bimport_[\w$]+(?![\w$]|=void 0)/g, (name) =>
    loads.has(name) ? `(${name}??=${loads.get(name)})` : name,
  );
}

/** Undefined where it awaits at its top level. */
async function convert(text, options) {
  try {
    const { code } = await transform(text, { ...options, ...toCommonJs });
    return code.includes('__url') ? withUrl + code : code;
  } catch (error) {
    if (error.errors?.every(({ text }) => text.startsWith('Top-level await'))) return undefined;
    throw error;
  }
}

const toCommonJs = /** @type {const} */ ({
  format: 'cjs',
  define: {
    'import.meta.url': '__url',
    'import.meta.filename': '__filename',
    'import.meta.dirname': '__dirname',
  },
  logLevel: 'silent',
});
const withUrl = "const __url=require('node:url').pathToFileURL(__filename).href;";

/** CommonJS inside an ES module calls require() for node's own modules. */
const withRequire =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

/** The metafile, with what was written. */
function renamedIn(metafile, files) {
  const outputs = Object.entries(metafile.outputs).map(([path, output]) => {
    const written = files.has(basename(path)) ? path : asModule(path);
    return [written, { ...output, bytes: files.get(basename(written)).length }];
  });
  return { ...metafile, outputs: Object.fromEntries(outputs) };
}
