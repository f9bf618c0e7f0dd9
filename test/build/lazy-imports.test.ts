import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { expect, onTestFinished, test } from 'vitest';
import { lazyImportFaults } from '../../scripts/lazy-imports.mjs';

/** The faults of a small program, bundled as ours is. */
async function faultsOf(main: string): Promise<string[]> {
  const root = mkdtempSync(join(tmpdir(), 'mbc-flow-build-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const files = {
    'src/main.ts': main,
    'src/other.ts': 'export const there = 1; export const length = 2;',
    'src/door.ts': "export { old } from 'common';",
    'node_modules/common/package.json': '{"name":"common","main":"index.js"}',
    'node_modules/common/index.js': 'exports.old = 1;',
    'node_modules/modern/package.json': '{"name":"modern","type":"module","main":"index.js"}',
    'node_modules/modern/index.js': 'export const fresh = 1;',
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['src/main.ts'],
    outdir: 'dist',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  return lazyImportFaults(root, metafile);
}

const commonJs = expect.stringContaining("import('common') is CommonJS");
const missing = (from: string, name: string) => `src/main.ts: import('${from}') does not export '${name}'`;

test.each([
  ["const { old } = await import('common'); console.log(old);", [commonJs]],
  ["import('common').then((c) => console.log(c.old));", [commonJs]],
  ["const { old } = await import('./door.js'); console.log(old);", []],
  [
    "const { there, gone } = await import('./other.js'); console.log(there, gone);",
    [missing('./other.js', 'gone')],
  ],
  ["const { gone: here } = await import('modern'); console.log(here);", [missing('modern', 'gone')]],
  ["console.log((await import('modern')).gone);", [missing('modern', 'gone')]],
  ["console.log((await import('modern'))['gone']);", [missing('modern', 'gone')]],
  ["import('modern').then(({ gone }) => gone);", [missing('modern', 'gone')]],
  ["import('modern').then(function (m) { return m.gone; });", [missing('modern', 'gone')]],
  ["const m = await import('modern'); console.log(m.fresh, m.gone);", [missing('modern', 'gone')]],
  ["const m = import('modern'); console.log((await m).gone);", [missing('modern', 'gone')]],
  ["const m = await import('modern'); const { gone } = m; console.log(gone);", [missing('modern', 'gone')]],
  [
    "const [{ there }, m] = await Promise.all([import('./other.js'), import('modern')]); console.log(there, m.gone);",
    [missing('modern', 'gone')],
  ],
  ["{ const m = await import('modern'); m.fresh; } { const m = []; console.log(m.length); }", []],
])('%s', async (main, faults) => {
  expect(await faultsOf(main)).toEqual(faults);
});
