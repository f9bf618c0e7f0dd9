import { CreateStateMachineCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { expect } from 'vitest';
import { axeFindings, browserTest, openPage, type Served, suiteDev } from './harness.js';

let dev: Served;
const machines: Record<string, string> = {};

suiteDev(async (started) => {
  dev = started;
  const definitions = {
    waits: { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 3600, End: true } } },
    breaks: { StartAt: 'F', States: { F: { Type: 'Fail', Error: 'Order.Rejected', Cause: 'no customer' } } },
  };
  for (const [name, definition] of Object.entries(definitions)) {
    const { stateMachineArn = '' } = await dev.sfn.send(
      new CreateStateMachineCommand({
        name,
        definition: JSON.stringify(definition),
        roleArn: 'arn:aws:iam::1:role/r',
      }),
    );
    machines[name] = stateMachineArn;
  }
});

const start = (machine: string, name: string) =>
  dev.sfn.send(new StartExecutionCommand({ stateMachineArn: machines[machine], name }));

browserTest('an execution that is started while the page is open is there, without a reload', async () => {
  const page = await openPage(await dev.link('/executions'));
  await page.getByText('No executions yet').waitFor();
  await start('waits', 'first-one');
  await page.getByRole('row', { name: /Running.*first-one/ }).waitFor();
  await start('breaks', 'second-one');
  await page.getByRole('row', { name: /Failed.*second-one.*Order\.Rejected no customer/ }).waitFor();
  expect(page.url()).not.toContain('token');
});

browserTest('filters stand in the address, and the list is what they say', async () => {
  await start('breaks', 'third-one');
  const page = await openPage(await dev.link('/executions?status=bad&machine=breaks'));
  await page.getByRole('link', { name: 'third-one' }).waitFor();
  expect(await page.getByRole('link', { name: 'first-one' }).count()).toBe(0);
  await page.getByRole('searchbox').fill('second');
  await page.getByText('1 of 3 executions').waitFor();
  expect(new URL(page.url()).search).toBe('?status=bad&machine=breaks&q=second');
});

browserTest('several are chosen and stopped, after a question', async () => {
  await start('waits', 'stop-me');
  const page = await openPage(await dev.link('/executions?status=RUNNING'));
  await page.getByLabel('Select stop-me').check();
  await page.getByLabel('Select first-one').check();
  await page.getByRole('button', { name: 'Stop (2)' }).click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.textContent()).toContain('stop-me');
  await dialog.getByRole('button', { name: 'Stop' }).click();
  await page.getByText('2 executions stopped').waitFor();
  await page.getByText('Nothing matches.').waitFor();
});

browserTest('a list is one stop of Tab, and arrows go on from the row whose link has the focus', async () => {
  const page = await openPage(await dev.link('/executions'));
  const second = page.getByRole('link', { name: 'second-one' });
  await second.waitFor();
  const grid = page.getByRole('grid');
  await grid.focus();
  await page.keyboard.press('Tab');
  expect(await grid.evaluate((list) => list.contains(document.activeElement))).toBe(false);
  await second.focus();
  await page.keyboard.press('ArrowDown');
  const active = page.locator('.row.active');
  await active.getByRole('link', { name: 'first-one' }).waitFor();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'second-one' }).waitFor();
});

for (const colorScheme of ['light', 'dark'] as const)
  browserTest(`axe finds nothing on the list and in its dialogs (${colorScheme})`, async () => {
    const page = await openPage(await dev.link('/executions'), { colorScheme });
    await page.getByLabel('Select second-one').check();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Redrive (1)' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });

browserTest(
  'on a phone a name has its line to itself; nothing is cut off at the right at any width',
  async () => {
    await start('waits', 'short');
    const page = await openPage(await dev.link('/executions'), { viewport: { width: 390, height: 780 } });
    const row = page.getByRole('row', { name: /short/ });
    await row.waitFor();
    const topOf = async (cell: string): Promise<number> => (await row.locator(cell).boundingBox())?.y ?? 0;
    expect(Math.abs((await topOf('.cell.name')) - (await topOf('.cell.status')))).toBeLessThan(10);
    expect(await topOf('.cell.machine')).toBeGreaterThan((await topOf('.cell.name')) + 10);
    const grid = page.getByRole('grid');
    for (const width of [390, 720, 800, 960, 1100, 1200, 1280]) {
      await page.setViewportSize({ width, height: 780 });
      await expect
        .poll(() => grid.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth))
        .toBe(0);
    }
    await page.setViewportSize({ width: 1200, height: 780 });
    await expect.poll(() => page.locator('.list.stacked').count()).toBe(0);
    await page.setViewportSize({ width: 1280, height: 780 });
    for (const path of ['/machines', '/executions']) {
      await page.goto(await dev.link(path));
      await page.getByRole('row', { name: /waits/ }).first().waitFor();
      expect(await page.locator('.list.stacked').count()).toBe(0);
    }
  },
);
