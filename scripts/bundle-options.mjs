import { fileURLToPath } from 'node:url';
import { mendedLibraries } from './mended-libraries.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Shared with scripts/docs.mjs and the benchmarks, which bundle parts of src/ on the fly. */
export const bundleOptions = {
  absWorkingDir: root,
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // Node 20 reads both; made by `new RegExp` they would be parsed at the start.
  supported: { 'regexp-unicode-property-escapes': true, 'regexp-set-notation': true },
  // The AWS SDK's ES modules: half the bytes of its CommonJS, and `await import()` of them has named exports.
  mainFields: ['module', 'main'],
  jsx: 'automatic',
  external: ['libsql'],
  plugins: [mendedLibraries],
  define: {
    'process.env.NODE_ENV': '"production"',
    // Only what `npm publish` builds can be depended on by its version.
    'process.env.MBC_FLOW_PUBLISHED': process.env.npm_command === 'publish' ? '"1"' : '""',
    // CommonJS inside an ES module (TypeScript's own file) asks for its place.
    __filename: 'import.meta.filename',
    __dirname: 'import.meta.dirname',
  },
  legalComments: 'none',
  charset: 'utf8',
  // CommonJS inside an ES module still calls require() for node's own modules.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
};
