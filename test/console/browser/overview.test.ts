import { CreateStateMachineCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { expect } from 'vitest';
import { axeFindings, browserTest, openPage, type Served, suiteDev } from './harness.js';

let dev: Served;
const roleArn = 'arn:aws:iam::101010101010:role/r';
const arns: Record<string, string> = {};

suiteDev(async (started) => {
  dev = started;
  const definitions = {
    breaks: { StartAt: 'F', States: { F: { Type: 'Fail', Error: 'Order.Rejected', Cause: 'no customer' } } },
    passes: { StartAt: 'P', States: { P: { Type: 'Pass', Next: 'Q' }, Q: { Type: 'Succeed' } } },
    waits: { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 3600, End: true } } },
    sums: {
      StartAt: 'Sum',
      States: { Sum: { Type: 'Pass', Parameters: { 'total.$': '$.order.total' }, End: true } },
    },
  };
  for (const [name, definition] of Object.entries(definitions)) {
    const made = new CreateStateMachineCommand({ name, definition: JSON.stringify(definition), roleArn });
    arns[name] = (await dev.sfn.send(made)).stateMachineArn ?? '';
  }
  for (const [machine, count] of [
    ['breaks', 2],
    ['passes', 3],
    ['waits', 1],
  ] as const)
    for (let index = 1; index <= count; index++)
      await dev.sfn.send(
        new StartExecutionCommand({ stateMachineArn: arns[machine], name: `${machine}-${index}` }),
      );
});

browserTest(
  'the overview counts what runs and failed; a bar of its chart opens the list of what it shows',
  async () => {
    const page = await openPage(await dev.link('/'));
    const card = (label: string) => page.getByRole('link', { name: new RegExp(`^${label}`) });
    await expect.poll(() => card('Failed in 24 h').textContent()).toContain('2');
    await expect.poll(() => card('Running').textContent()).toContain('1');
    await expect.poll(() => card('Succeeded in 24 h').textContent()).toContain('3');
    await expect.poll(() => card('Success rate').textContent()).toContain('60%');
    await page.getByText('Order.Rejected: no customer').first().waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: /: 6 started, 2 ended badly/ }).press('Enter');

    await page.getByText('6 executions').waitFor();
    await page.getByRole('button', { name: /^Started / }).waitFor();
    await page.goBack();
    await card('Failed in 24 h').click();
    await page.getByText('2 of 6 executions').waitFor();
    // Live: without a reload, and on every page of it.
    await page.getByRole('link', { name: 'Overview' }).click();
    await dev.sfn.send(new StartExecutionCommand({ stateMachineArn: arns.breaks, name: 'breaks-3' }));
    await expect.poll(() => card('Failed in 24 h').textContent()).toContain('3');
  },
);

browserTest(
  'a machine: its picture, its numbers, and a start whose input is tried while it is written',
  async () => {
    const page = await openPage(await dev.link('/machines'), { colorScheme: 'dark' });
    await page.getByRole('row', { name: /breaks.*0%/ }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('link', { name: 'sums' }).click();
    await page.getByRole('button', { name: 'Sum, Pass' }).press('Enter');
    await page.getByText('$.order.total').waitFor();
    await page.getByRole('button', { name: 'Start execution' }).click();
    const input = page.getByLabel('Input (JSON)');
    await expect.poll(() => input.evaluate((field) => field === document.activeElement)).toBe(true);
    await page.getByText(/would fail at once with this input.*\$\.order/s).waitFor();
    await page.getByRole('button', { name: 'Start anyway' }).waitFor();
    await input.fill('{\n  "order": {,}\n}');
    await page.getByText('2:13: This is not valid JSON.').click();
    expect(await input.evaluate((field) => (field as HTMLTextAreaElement).selectionStart)).toBe(14);
    expect(await page.getByRole('button', { name: 'Start', exact: true }).isDisabled()).toBe(true);
    await input.fill('{"order":{"total":12}}');
    await page.getByText('No problems found in this input.').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByLabel(/^Name/).fill('from-the-page');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByRole('heading', { name: 'from-the-page' }).waitFor();
    await page.goBack();
    await page.getByRole('link', { name: 'from-the-page' }).waitFor();
  },
);

browserTest('in Japanese, on a phone, by keys alone', async () => {
  const page = await openPage(await dev.link('/'), {
    locale: 'ja-JP',
    viewport: { width: 360, height: 740 },
  });
  await page.getByRole('heading', { name: '概要' }).waitFor();
  await page.getByText('過去 24 時間に開始された実行').waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  await page.keyboard.press('g');
  await page.keyboard.press('e');
  await page.getByRole('heading', { name: '実行', exact: true }).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('passes-2');
  await page.getByRole('link', { name: 'passes-2' }).waitFor();
  await page.getByRole('grid').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await page.getByText('1 件選択中').waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'キーボードショートカット' }).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('grid').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'passes-2' }).waitFor();
});
