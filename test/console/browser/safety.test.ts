import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateStateMachineCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { freePort } from '../../local/harness.js';
import { browserTest, openPage, type Served, servedDev, suiteDev } from './harness.js';

let dev: Served;
suiteDev((started) => {
  dev = started;
});

const roleArn = 'arn:aws:iam::101010101010:role/r';
async function machine(name: string, state: object, of = dev): Promise<string> {
  const definition = JSON.stringify({ StartAt: 'S', States: { S: state } });
  return (
    (await of.sfn.send(new CreateStateMachineCommand({ name, definition, roleArn }))).stateMachineArn ?? ''
  );
}

/** What a page does when a text in it was taken for markup, or for an address to run. */
const script = `"><img src=x onerror="window.hit=1"><script>window.hit=1</script>javascript:window.hit=1`;
const hidden = 'evil\u202etxt.exe\u200b\u0007\u001b[2J';

browserTest('scripts and hidden marks in what comes from outside are shown as text', async () => {
  const stateMachineArn = await machine('hostile', {
    Type: 'Fail',
    Error: script,
    Cause: `${hidden} ${script}`,
  });
  await dev.sfn.send(
    new StartExecutionCommand({
      stateMachineArn,
      name: 'hostile-1',
      input: JSON.stringify({ [script]: hidden }),
    }),
  );
  const page = await openPage(await dev.link('/executions?q=hostile'));
  await page.getByText('evil\\u202etxt.exe\\u200b\\x07\\x1b[2J').waitFor();
  for (const path of [
    '/',
    '/executions',
    '/machines',
    `/executions/${encodeURIComponent(script)}`,
    `/executions?q=${encodeURIComponent(script)}`,
  ]) {
    await goTo(page, path);
    expect(await page.evaluate(() => (globalThis as { hit?: number }).hit)).toBeUndefined();
    expect(await page.locator('img, iframe, object, embed, main script').count()).toBe(0);
  }
});

/** As a link of the page does. */
async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    history.pushState(null, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
  }, path);
  await page.locator('h1').waitFor();
}

browserTest(
  'the token is in no address, no referrer and no storage; a reload asks for the link',
  async () => {
    const link = await dev.link('/executions');
    const token = link.split('token=')[1] ?? '';
    const page = await openPage('about:blank');
    const asked: { url: string; headers: Record<string, string> }[] = [];
    page.on('request', (request) => asked.push({ url: request.url(), headers: request.headers() }));
    await page.goto(link);
    await page.getByText(/No executions yet|\d+ executions/).waitFor();
    for (const { url, headers } of asked.slice(1)) {
      expect(url).not.toContain(token);
      expect(headers.referer ?? '').toBe('');
      expect(new URL(url).origin).toBe(dev.ui);
    }
    expect(
      await page.evaluate(() =>
        [
          location.href,
          document.cookie,
          JSON.stringify({ ...localStorage, ...sessionStorage }),
          JSON.stringify(history.state),
        ].join(),
      ),
    ).not.toContain(token);
    await page.reload();
    await page.getByRole('heading', { name: 'This page needs its link' }).waitFor();
    await page.getByLabel('Link from the terminal').fill('https://example.com/');
    await page.getByRole('button', { name: 'Open' }).click();
    await page.getByText('This is not a link of this server.').waitFor();
    await page.getByLabel('Link from the terminal').fill(link);
    await page.getByRole('button', { name: 'Open' }).click();
    await page.getByRole('heading', { name: 'Executions' }).waitFor();
    // A link of the page that is opened in another tab gets in by itself.
    const [other] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('link', { name: 'Paused' }).click({ modifiers: ['Control'] }),
    ]);
    await other.getByRole('heading', { name: 'Paused' }).waitFor();
  },
);

browserTest('another site can neither frame the page nor read anything of it', async () => {
  const evil = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end(`<iframe src="${dev.ui}/"></iframe><script src="${dev.ui}/assets/icon.svg"></script>`);
  });
  await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void evil.close());
  const page = await openPage('about:blank', { expected: /^Framing |CORS policy/ });
  await page.goto(`http://127.0.0.1:${(evil.address() as AddressInfo).port}/`);
  const frame = page.frames()[1];
  await expect.poll(() => frame?.url()).toMatch(/^chrome-error:/);
  const read = await page.evaluate(async (ui) => {
    const tries = [
      fetch(`${ui}/api/target`),
      fetch(`${ui}/`),
      fetch(`${ui}/api/executions/stop`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: '{}',
      }),
    ];
    return (await Promise.allSettled(tries)).map(({ status }) => status);
  }, dev.ui);
  expect(read).toEqual(['rejected', 'rejected', 'rejected']);
});

browserTest(
  'kill -9 of the server: the page says so, and goes on when it is back, with nothing twice or lost',
  async () => {
    const [port, uiPort] = [await freePort(), await freePort()];
    const args = ['--ui-port', String(uiPort)];
    const first = await servedDev(args, { port });
    const stateMachineArn = await machine('waits', { Type: 'Wait', Seconds: 3600, End: true }, first);
    const start = (name: string, of: Served) =>
      of.sfn.send(new StartExecutionCommand({ stateMachineArn, name }));
    await start('before', first);
    const page = await openPage(await first.link('/executions'));
    await page.getByRole('link', { name: 'before' }).waitFor();
    await first.kill('SIGKILL');
    await page.getByText('The server is away.').waitFor();
    const second = await servedDev(args, { port, cwd: first.cwd });
    await start('after', second);
    await page.getByRole('link', { name: 'after' }).waitFor();
    expect(await page.getByText('The server is away.').count()).toBe(0);
    await page.getByText('2 executions').waitFor();
    expect(await page.getByRole('row', { name: /Running/ }).count()).toBe(2);
    await second.kill();
  },
);
