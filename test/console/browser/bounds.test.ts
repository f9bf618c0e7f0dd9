import { CreateStateMachineCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { browserTest, openPage, type Served, suiteDev } from './harness.js';

let dev: Served;
let stateMachineArn = '';
/** As many as a run may take; `npm run bench` has the full number. */
const MANY = Number(process.env.MBC_FLOW_CONSOLE_EXECUTIONS ?? 600);

suiteDev(async (started) => {
  dev = started;
  const definition = JSON.stringify({ StartAt: 'P', States: { P: { Type: 'Pass', End: true } } });
  const roleArn = 'arn:aws:iam::101010101010:role/r';
  ({ stateMachineArn = '' } = await dev.sfn.send(
    new CreateStateMachineCommand({ name: 'many', definition, roleArn }),
  ));
  await startMany('first', MANY);
});

async function startMany(prefix: string, count: number): Promise<void> {
  const left = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
  const worker = async (): Promise<void> => {
    for (let name = left.pop(); name !== undefined; name = left.pop())
      await dev.sfn.send(new StartExecutionCommand({ stateMachineArn, name }));
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

/** Elements of the list that there are, and that are seen. */
const nodes = (page: Page) =>
  page.evaluate(() => {
    const list = document.querySelector('.list .rows');
    if (!list) throw new Error('no list');
    const { top, bottom } = list.getBoundingClientRect();
    const all = [...list.querySelectorAll('*')];
    const seen = all.filter((one) => {
      const box = one.getBoundingClientRect();
      return box.bottom > top && box.top < bottom;
    });
    return { all: all.length, seen: seen.length, rows: list.querySelectorAll('.row').length };
  });

async function heap(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}

browserTest('of a long list there is three times what is seen at most, wherever one is in it', async () => {
  const page = await openPage(await dev.link('/executions'));
  await page.getByText(`${MANY} executions`).waitFor();
  for (const place of [0, 0.5, 1]) {
    await page.locator('.list .rows').evaluate((list, share) => {
      list.scrollTop = share * (list.scrollHeight - list.clientHeight);
    }, place);
    await expect.poll(async () => (await nodes(page)).seen).toBeGreaterThan(80);
    const { all, seen } = await nodes(page);
    expect(all / seen).toBeLessThan(3);
  }
  await page.getByRole('grid').focus();
  await page.keyboard.press('End');
  await page
    .getByRole('link', { name: /^first-/ })
    .last()
    .waitFor();
});

browserTest('a busy server leaves the page’s memory and nodes as they were', async () => {
  const page = await openPage(await dev.link('/executions?q=nothing-is-called-so'));
  await page.getByText(/^0 of \d+ executions/).waitFor();
  const total = async (): Promise<number> =>
    Number(/of (\d+) executions/.exec((await page.locator('.page-head').textContent()) ?? '')?.[1]);
  let known = await total();
  const round = async (name: string): Promise<number> => {
    await startMany(name, 100);
    await expect.poll(total).toBe(known + 100);
    known += 100;
    return await heap(page);
  };
  // What is made once (compiled code, formats) is made in the first round.
  const first = await round('warm');
  await round('second');
  const last = await round('third');
  // Two rounds of 100 rows: what a row itself takes, and no more than as much again.
  expect((last - first) / 200).toBeLessThan(4_000);
});

browserTest(
  'the first page takes less than 150 KB over the wire, its data included, all from its own server',
  async () => {
    const page = await openPage('about:blank');
    const taken: Promise<number>[] = [];
    page.on('requestfinished', (request) => {
      expect(new URL(request.url()).origin).toBe(dev.ui);
      taken.push(
        request
          .sizes()
          .then(({ responseBodySize, responseHeadersSize }) => responseBodySize + responseHeadersSize),
      );
    });
    await page.goto(await dev.link('/machines'));
    await page.getByRole('row', { name: /^many/ }).waitFor();
    const bytes = (await Promise.all(taken)).reduce((sum, size) => sum + size, 0);
    expect(taken.length).toBeGreaterThan(3);
    expect(bytes).toBeLessThan(150_000);
  },
);
