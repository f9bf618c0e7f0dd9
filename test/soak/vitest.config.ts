import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** The long suites measure and kill: one file at a time. */
export default defineConfig({
  test: {
    root: join(import.meta.dirname, '../..'),
    include: ['test/soak/**/*.soak.ts'],
    setupFiles: 'test/after-file.ts',
    globalSetup: ['test/after-run.ts', 'test/e2e/build.ts', 'test/scaffold/framework.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 600_000,
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    hookTimeout: 60_000,
  },
});
