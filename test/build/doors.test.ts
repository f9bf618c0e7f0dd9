import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

/** From, to: what a run may not need, and is heavy. docs/architecture.md says why. */
const doors = [
  'src/main.ts -> src/wiring/context.ts',
  'src/wiring/target/targets.ts -> src/wiring/target/connect-target.ts',
  'src/wiring/local/own-server.ts -> src/wiring/local/laptop.ts',
  'src/wiring/serving.ts -> src/wiring/local/laptop.ts',
  'src/wiring/serving.ts -> src/wiring/local/serve-local.ts',
  'src/wiring/serving.ts -> src/wiring/serve-console.ts',
  'src/wiring/local/connection.ts -> src/local/index.ts',
  'src/wiring/trial-evaluator.ts -> src/jsonata/evaluator.ts',
  'src/wiring/read-items.ts -> src/local/index.ts',
  'src/jsonata/evaluating-child.mjs -> src/asl/data/evaluate-jsonata.mjs',
  'src/asl/validate/expression-check.ts -> src/asl/validate/jsonata-syntax.ts',
  'src/asl/validate/integrations/sdk.ts -> src/asl/validate/integrations/sdk-actions.ts',
  'src/local/runtime/items/index.ts -> src/local/runtime/items/parquet.ts',
  'src/template/parse.ts -> src/template/yaml.ts',
  'src/cli/import/check-files.ts -> src/files/open-zip.ts',
  'src/cli/watch/screen-progress.ts -> src/views/watch/screen.tsx',
  'src/cli/desk/screen-desk.ts -> src/views/screen/screen.tsx',
  'src/scaffold/plan.ts -> src/scaffold/typescript/patch-application.ts',
  'src/lint/typescript/lint.ts -> src/lint/cdk/lint.ts',
  'src/scaffold/app-style.ts -> src/scaffold/typescript/restyle.ts',
  ...[
    'alarms',
    'audit-bucket',
    'functions',
    'identity',
    'logs',
    'metrics',
    'objects',
    'permissions',
    'queues',
    'tables',
  ].map((service) => `src/aws/connect.ts -> src/aws/${service}.ts`),
];

test('but for the doors that are listed, only a command’s run is loaded lazily', async () => {
  // Of the sources as they are now: the build may be of others, where somebody works on them while tests run.
  const { metafile } = await build({
    absWorkingDir: join(import.meta.dirname, '../..'),
    entryPoints: ['src/main.ts', 'src/jsonata/evaluating-child.mjs'],
    splitting: true,
    outdir: 'unwritten',
    packages: 'external',
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    metafile: true,
  });
  const found = new Set(
    Object.entries(metafile.inputs).flatMap(([from, { imports }]) =>
      imports
        .filter(({ kind }) => from.startsWith('src/') && kind === 'dynamic-import')
        .map(({ path }) => `${from} -> ${path}`),
    ),
  );
  const runs = [...found].filter((edge) => /^src\/cli\/(\S+)\.ts -> src\/cli\/\1\.run\.ts$/.test(edge));
  expect(runs.length).toBeGreaterThan(30);
  expect([...found].filter((edge) => !runs.includes(edge)).sort()).toEqual(doors.sort());
});
