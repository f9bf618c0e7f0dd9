import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/order.js';

const shared = {
  // Loading the sources anew for each file would double the time; a test leaves nothing behind in its process.
  isolate: false,
  setupFiles: 'test/after-file.ts',
  // What hangs is ended; a machine that is busy with other things is no fault.
  testTimeout: 120_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 60_000, interval: 20 } },
  // What ships is run as it is.
  server: { deps: { external: [/\/dist\//] } },
  // As bin/ does: the SDK's warning about Node 20 says nothing about our tests.
  env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
};

export default defineConfig({
  test: {
    pool: 'forks',
    reporters: ['default', './test/left-out.mjs'],
    // More than cores: many wait for what they have started, or for time to pass.
    maxWorkers: availableParallelism() + 2,
    sequence: { sequencer: LongestFirst },
    globalSetup: ['test/scratch.ts', 'test/e2e/build.ts', 'test/after-run.ts'],
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: [
            'test/e2e/**',
            'test/console/browser/**',
            'test/soak/**',
            'test/scaffold/**',
            'test/examples/**',
          ],
        },
      },
      // These compile and run what is generated against the real framework, which they install once.
      {
        test: {
          ...shared,
          name: 'scaffold',
          include: ['test/scaffold/**/*.test.ts'],
          globalSetup: 'test/scaffold/framework.ts',
        },
      },
      // The examples, run by the real binary; some are applications of the framework.
      {
        test: {
          ...shared,
          name: 'examples',
          include: ['test/examples/**/*.test.ts'],
          globalSetup: 'test/scaffold/framework.ts',
        },
      },
      // These drive the real binary.
      {
        test: {
          ...shared,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
        },
      },
      // The console's page in a real browser, beside a server of its own for all of them.
      {
        test: {
          ...shared,
          name: 'browser',
          include: ['test/console/browser/**/*.test.ts'],
          globalSetup: 'test/console/browser/environment.ts',
          maxWorkers: 2,
          // With workers of their own number, they come after all others.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
