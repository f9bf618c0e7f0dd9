import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SFNClient } from '@aws-sdk/client-sfn';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import { type DevServer, startDev } from '../../e2e/cli.js';
import { needing } from '../../left-out.mjs';
import { tokenFor } from '../link.js';

/** Where the browser is missing, its tests are left out by name. */
export const browserTest = (title: string, body: () => Promise<void>): void => {
  const there = inject('browser') !== '';
  test.skipIf(!there)(there ? title : needing(title, 'chromium'), body);
};

export interface Served extends DevServer {
  /** `http://127.0.0.1:…` of the UI. */
  ui: string;
  sfn: SFNClient;
  /** A link into the UI, with a token of its own. */
  link(path?: string): Promise<string>;
}

/** One `dev` for the tests of a file, told before the first of them; `args` of the command line. */
export function suiteDev(told: (dev: Served) => Promise<void> | void, args: string[] = []): void {
  beforeAll(async () => {
    if (inject('browser') !== '') await told(await servedDev(args));
  });
}

/** `dev` on the real binary, with its UI; ends with the test file at the latest. */
export async function servedDev(
  args: string[] = [],
  options: Parameters<typeof startDev>[0] = {},
): Promise<Served> {
  const dev = await startDev({ ...options, args: ['--s3-port', '0', ...args] });
  const [line = ''] = dev.cli.stdout.split('\n');
  const { uiEndpoint } = JSON.parse(line) as { uiEndpoint: string };
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return {
    ...dev,
    ui: uiEndpoint,
    sfn: new SFNClient({ endpoint: dev.endpoint, region: 'ap-northeast-1', credentials }),
    link: async (path = '/') => `${uiEndpoint}${path}#token=${await tokenFor(dev)}`,
  };
}

let connecting: Promise<Browser> | undefined;

afterAll(async () => {
  const browser = await connecting;
  connecting = undefined;
  await browser?.close();
});

/** A page of a browser profile of its own; whatever it logs as an error fails the test, but what is `expected`. */
export async function openPage(
  url: string,
  { expected, ...options }: BrowserContextOptions & { expected?: RegExp } = {},
): Promise<Page> {
  connecting ??= chromium.connect(inject('browser'));
  const browser = await connecting;
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'en-US',
    ...options,
  });
  const faults: string[] = [];
  const page = await context.newPage();
  page.on('pageerror', (error) => faults.push(error.stack ?? error.message));
  page.on('console', (message) => {
    // What a server that is away does to a request is the browser's own line.
    if (message.type() === 'error' && !/net::ERR_|status of (4|5)\d\d/.test(message.text()))
      if (!expected?.test(message.text())) faults.push(message.text());
  });
  onTestFinished(async () => {
    await context.close();
    expect(faults).toEqual([]);
  });
  await page.goto(url);
  return page;
}

const axe = readFileSync(join(import.meta.dirname, '../../../node_modules/axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong with the page as it is now: rule and element, a line each. */
export async function axeFindings(page: Page): Promise<string[]> {
  // The page's policy takes no script of others: this one comes through the debugger.
  await page.evaluate(axe);
  return await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  });
}
