import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** For `npm run conformance`: the sources as they are, nothing is built. */
export default defineConfig({
  test: {
    root: join(import.meta.dirname, '../..'),
    include: ['test/conformance/**/*.test.ts'],
    pool: 'forks',
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  },
});
