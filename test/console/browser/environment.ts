import { existsSync } from 'node:fs';
import type { BrowserServer } from 'playwright-core';
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the browser of this run is reached; '' where there is none. */
    browser: string;
  }
}

const executablePath = '/usr/bin/chromium';

/** One browser for the run. It asks nobody for anything: what it does beyond our page would be noise. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let server: BrowserServer | undefined;
  if (existsSync(executablePath))
    server = await chromium.launchServer({
      executablePath,
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
  project.provide('browser', server?.wsEndpoint() ?? '');
  return async () => await server?.close();
}
