import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { axeFindings, browserTest, openPage, type Served, suiteDev } from './harness.js';

let dev: Served;
let stateMachineArn: string | undefined;

/** Its step asks for a manager; what follows decides on the answer, and on two members beside the usual ones. */
const definition = {
  StartAt: 'AskManager',
  States: {
    AskManager: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Parameters: {
        FunctionName: 'ask',
        Payload: { 'token.$': '$$.Task.Token', 'request.$': '$.request', 'who.$': '$.who' },
      },
      ResultPath: '$.answer',
      TimeoutSeconds: 7_200,
      Next: 'Decide',
    },
    Decide: {
      Type: 'Choice',
      Choices: [
        { Variable: '$.answer.approved', BooleanEquals: false, Next: 'No' },
        {
          And: [
            { Variable: '$.answer.budget', IsPresent: true },
            { Variable: '$.answer.budget', NumericGreaterThan: 1_000 },
          ],
          Next: 'Big',
        },
      ],
      Default: 'Yes',
    },
    Yes: { Type: 'Succeed' },
    Big: { Type: 'Succeed' },
    No: { Type: 'Fail', Error: 'Denied' },
  },
};

const asks = join(mkdtempSync(join(tmpdir(), 'asks-')), 'ask.mjs');
writeFileSync(asks, 'export const handler = async () => ({});');

suiteDev(
  async (started) => {
    dev = started;
    ({ stateMachineArn } = await dev.sfn.send(
      new CreateStateMachineCommand({
        name: 'expense',
        definition: JSON.stringify(definition),
        roleArn: 'arn:aws:iam::1:role/r',
      }),
    ));
  },
  ['--functions', `ask=${asks}`],
);

const start = async (requestId: string, request = '備品購入: ノートPC 3台') => {
  const input = JSON.stringify({ requestId, request, who: '田中 太郎 <img src=x onerror=alert(1)>' });
  const { executionArn } = await dev.sfn.send(new StartExecutionCommand({ stateMachineArn, input }));
  return executionArn;
};

/** What the execution ended with. */
async function outputOf(executionArn: string | undefined): Promise<{ answer: Record<string, unknown> }> {
  await expect
    .poll(async () => (await dev.sfn.send(new DescribeExecutionCommand({ executionArn }))).status)
    .not.toBe('RUNNING');
  const { output = '{}' } = await dev.sfn.send(new DescribeExecutionCommand({ executionArn }));
  return JSON.parse(output) as { answer: Record<string, unknown> };
}

/** Counts what somebody clicks. */
function clicking(page: Page) {
  let count = 0;
  return {
    async click(name: string, role: 'link' | 'button' = 'button'): Promise<void> {
      count++;
      await page.getByRole(role, { name, exact: true }).last().click();
    },
    clicks: () => count,
  };
}

browserTest('a request is seen, read and approved in three clicks, and its way is told before', async () => {
  const page = await openPage(await dev.link('/paused'));
  await page.getByText('Nothing waits for an answer.').waitFor();
  const executionArn = await start('exp-1');
  const { click, clicks } = clicking(page);
  await click('exp-1', 'link');
  const step = page.getByRole('region', { name: 'Paused step' });
  await step.getByText('備品購入: ノートPC 3台').first().waitFor();
  expect(await page.content()).not.toMatch(/AQC[A-Za-z]{8}|onerror=alert\(1\)>/);
  await click('Approve…');
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Goes on to Decide → Yes, then the workflow is at its end').waitFor();
  expect(await dialog.textContent()).toContain('"approved": true');
  await click('Approve');
  await page.getByText('exp-1 answered').waitFor();
  await page.getByText('Nothing waits for an answer.').waitFor();
  expect(clicks()).toBe(3);
  expect((await outputOf(executionArn)).answer).toMatchObject({ approved: true });
});

browserTest(
  'what the machine reads from an answer is a field of the form, of the kind it compares',
  async () => {
    const executionArn = await start('exp-2');
    const page = await openPage(await dev.link('/paused'));
    await page.getByRole('link', { name: 'exp-2' }).click();
    await page.getByLabel('budget').fill('2500');
    await page.getByLabel('Comment').fill('承知しました');
    await page.getByRole('button', { name: 'Approve…' }).click();
    await page.getByRole('dialog').getByText('Goes on to Decide → Big').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
    await page.getByText('exp-2 answered').waitFor();
    expect((await outputOf(executionArn)).answer).toMatchObject({ budget: 2_500, comment: '承知しました' });
  },
);

browserTest('a double click answers one step, and the next one is opened by a click of its own', async () => {
  const arns = [await start('exp-2a'), await start('exp-2b')];
  const page = await openPage(await dev.link('/paused'));
  await page.getByRole('link', { name: 'exp-2a' }).click();
  await page.getByRole('button', { name: 'Approve…' }).dblclick();
  const confirm = page.getByRole('dialog').getByRole('button', { name: 'Approve' });
  const box = await confirm.boundingBox();
  if (box === null) throw new Error('the dialog has no button');
  await confirm.dblclick();
  await page.getByText('exp-2a answered').waitFor();
  await outputOf(arns[0]);
  const next = page.getByRole('button', { name: 'Next: exp-2b' });
  expect(await next.evaluate((button) => document.activeElement === button)).toBe(true);
  // Whoever goes on clicking where the button was meets nothing that answers.
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2, { clickCount: 2 });
  expect(await page.getByRole('button', { name: 'Approve…' }).count()).toBe(0);
  await next.click();
  await page.getByRole('button', { name: 'Approve…' }).click();
  await confirm.click();
  await page.getByText('exp-2b answered').waitFor();
  await outputOf(arns[1]);
});

/** The second click of a double click may meet another button than the first did: where that one changes something. */
browserTest('the second click of a double click confirms nothing', async () => {
  const executionArn = await start('exp-2c');
  const page = await openPage(await dev.link('/paused'));
  await page.getByRole('link', { name: 'exp-2c' }).click();
  await page.getByRole('button', { name: 'Approve…' }).click();
  const confirm = page.getByRole('dialog').getByRole('button', { name: 'Approve' });
  await confirm.dispatchEvent('click', { detail: 2 });
  expect(await page.getByRole('dialog').count()).toBe(1);
  await confirm.click();
  await page.getByText('exp-2c answered').waitFor();
  await outputOf(executionArn);
});

browserTest('a rejection needs its reason; who answered before is listed at the next one', async () => {
  const executionArn = await start('exp-3');
  const page = await openPage(await dev.link('/paused'));
  await page.getByRole('link', { name: 'exp-3' }).click();
  await page.getByRole('radio', { name: 'Reject' }).check();
  expect(await page.getByRole('button', { name: 'Reject…' }).isDisabled()).toBe(true);
  await page.getByLabel('Reason').fill('予算超過');
  await page.getByRole('button', { name: 'Reject…' }).click();
  await page.getByRole('dialog').getByText('ends FAILED (Denied)').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Reject' }).click();
  await page.getByText('exp-3 answered').waitFor();
  await outputOf(executionArn);
  await start('exp-4');
  await page.getByRole('link', { name: 'exp-4' }).click();
  const step = page.getByRole('region', { name: 'Paused step' });
  await step.getByText('Earlier answers to this state').waitFor();
  expect(await step.locator('.earlier').textContent()).toMatch(/rejected\s*exp-3/);
});

browserTest('several are approved at once, and a step that was answered elsewhere says so', async () => {
  await start('exp-5');
  const page = await openPage(await dev.link('/paused'));
  await page.getByRole('link', { name: 'exp-5' }).click();
  const other = await openPage(await dev.link('/paused'));
  for (const name of ['exp-4', 'exp-5']) await other.getByLabel(`Select ${name}`).check();
  await other.getByRole('button', { name: 'Approve (2)' }).click();
  await other.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await other.getByText('2 paused steps answered').waitFor();
  await page.getByText('This step does not wait any more.').waitFor();
});

for (const colorScheme of ['light', 'dark'] as const)
  browserTest(`axe finds nothing, in Japanese on a telephone (${colorScheme})`, async () => {
    await start(`exp-${colorScheme}`);
    const page = await openPage(await dev.link('/paused'), {
      colorScheme,
      locale: 'ja-JP',
      viewport: { width: 360, height: 740 },
    });
    await page.getByRole('link', { name: `exp-${colorScheme}` }).waitFor();
    for (const row of await page.locator('.list .window .row').all())
      expect(await row.evaluate((one) => one.scrollHeight - one.clientHeight)).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('link', { name: `exp-${colorScheme}` }).click();
    await page.getByRole('button', { name: '承認…' }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });
