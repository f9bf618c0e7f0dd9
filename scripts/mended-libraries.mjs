// Libraries that do when they are loaded what few commands need, or wait there, which CommonJS cannot: their texts as the
// bundle has them.
import { readFile } from 'node:fs/promises';

/** By the end of a file's path. @type {Record<string, (text: string) => string>} */
const mends = {
  // To make its expressions takes 25 ms, its segmenter 10; most texts are ASCII and need none of them.
  'string-width/index.js': (text) => {
    let mended = replaced(text, 'const segmenter = new Intl.Segmenter();', 'let segmenter;');
    mended = replaced(mended, 'segmenter.segment(', '(segmenter ??= new Intl.Segmenter()).segment(');
    const expressions = [...text.matchAll(/^const (\w+Regex) = (\/.+\/\w*);$/gm)];
    for (const [line, name = '', regex] of expressions) {
      mended = replaced(mended, line, '').replaceAll(new RegExp(`\\b${name}\\b`, 'g'), `${name}()`);
      mended += `let ${name}Made;\nfunction ${name}() { return (${name}Made ??= ${regex}); }\n`;
    }
    if (expressions.length === 0) throw new Error('no expression found');
    return mended;
  },
  // Only commands that are programs of their own, of which we have none, start a process.
  'commander/lib/command.js': (text) =>
    replaced(text, "const childProcess = require('node:child_process');", '').replaceAll(
      'childProcess.spawn(',
      "require('node:child_process').spawn(",
    ),
  // An agent of node:https is for those that call over TLS.
  '@smithy/node-http-handler/dist-es/node-http-handler.js': (text) =>
    [
      ['let httpAgentPromise;', 'let httpAgentPromise; let made;'],
      ['httpsAgent: (() => {', 'get httpsAgent() { return (made ??= (() => {'],
      ['})(),\n            logger,', '})()); },\n            logger,'],
      [
        'return {\n                ...config,\n                [key]: value,\n            };',
        `const properties = Object.getOwnPropertyDescriptors(config);
            properties[key] = { value, writable: true, enumerable: true, configurable: true };
            return Object.defineProperties({}, properties);`,
      ],
    ].reduce((mended, [from = '', to = '']) => replaced(mended, from, to), text),
  // Streams and random numbers of the web: each a part of Node.js that takes 2 ms to load.
  '@smithy/core/dist-es/submodules/serde/util-stream/checksum/ChecksumStream.browser.js': (text) =>
    replaced(text, 'typeof ReadableStream === "function" ? ReadableStream : ', ''),
  '@smithy/core/dist-es/submodules/serde/util-stream/stream-type-check.js': (text) =>
    `${replaced(
      replaced(
        text,
        `typeof ReadableStream === "function" &&
    (stream?.constructor?.name === ReadableStream.name || stream instanceof ReadableStream)`,
        "isA(stream, 'ReadableStream')",
      ),
      'typeof Blob === "function" && (blob?.constructor?.name === Blob.name || blob instanceof Blob)',
      "isA(blob, 'Blob')",
    )}
    function isA(given, name) {
      let one = given ?? null;
      while (one !== null && one.constructor?.name !== name) one = Object.getPrototypeOf(one);
      return one !== null;
    }\n`,
  '@smithy/core/dist-es/submodules/serde/uuid/v4.js': (text) =>
    `import { randomUUID } from 'node:crypto';\n${replaced(
      replaced(text, 'typeof crypto !== "undefined" && typeof crypto.randomUUID === "function"', 'true'),
      'crypto.randomUUID()',
      'randomUUID()',
    )}`,
  // React's developer tools, which nobody has installed.
  'ink/build/reconciler.js': (text) =>
    replaced(
      replaced(text, "await import('./devtools.js');", ''),
      'isDev()\n    ? await loadPackageJson()\n    :',
      '',
    ),
  // 40 KB compile at once.
  'yoga-layout/dist/binaries/yoga-wasm-base64-esm.js': (text) =>
    replaced(text, 'h.instantiateWasm(d,\na)', 'h.instantiateWasm(d,a,H)'),
  'yoga-layout/dist/src/index.js': (text) =>
    replaced(
      text,
      'const Yoga = wrapAssembly(await loadYoga());',
      `const library = {
        instantiateWasm(imports, receive, url) {
          const bytes = Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
          receive(new WebAssembly.Instance(new WebAssembly.Module(bytes), imports));
          return {};
        },
      };
      loadYoga(library);
      const Yoga = wrapAssembly(library);`,
    ),
};

/** @param {string} text @param {string} from stands there once @param {string} to */
function replaced(text, from, to) {
  const parts = text.split(from);
  if (parts.length !== 2) throw new Error(`not once there: ${from}`);
  return parts.join(to);
}

/** Those that no build of this process has come upon. */
export const unmended = new Set(Object.keys(mends));

/** @type {import('esbuild').Plugin} */
export const mendedLibraries = {
  name: 'mended-libraries',
  setup({ onLoad }) {
    for (const [end, mend] of Object.entries(mends)) {
      const filter = new RegExp(`node_modules/${end.replaceAll('.', '\\.')}$`.replaceAll('/', '[\\\\/]'));
      onLoad({ filter }, async ({ path }) => {
        unmended.delete(end);
        try {
          return { contents: mend(await readFile(path, 'utf8')) };
        } catch (error) {
          const { message } = /** @type {Error} */ (error);
          return {
            errors: [{ text: `${path} is not as it was (${message}): mend scripts/mended-libraries.mjs` }],
          };
        }
      });
    }
  },
};
