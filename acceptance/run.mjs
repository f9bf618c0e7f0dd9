// The acceptance kit: npm run acceptance -- --endpoint-url URL | --profile P --region R [--plan] [--cleanup]
// docs/acceptance.md tells what it does. Its sources are TypeScript and use the runner of recordings (test/conformance/).
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

// As bin/ does: the SDK's warning about Node 20 says nothing about the run.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
const root = fileURLToPath(new URL('..', import.meta.url));
const bundle = join(root, 'node_modules/.cache/mbc-flow/acceptance.mjs');
const { outputFiles } = await build({
  entryPoints: [join(root, 'acceptance/main.ts')],
  bundle: true,
  write: false,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
});
mkdirSync(dirname(bundle), { recursive: true });
// Runs side by side each find a whole one.
writeFileSync(`${bundle}.${process.pid}`, outputFiles[0].contents);
renameSync(`${bundle}.${process.pid}`, bundle);

const { main } = await import(pathToFileURL(bundle).href);
const ending = new AbortController();
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
])
  process.on(signal, () => {
    if (ending.signal.aborted) process.exit(code);
    ending.abort(code);
  });
process.exitCode = await main(process.argv.slice(2), {
  root,
  cwd: process.cwd(),
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: ending.signal,
});
