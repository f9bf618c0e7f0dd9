import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { expect } from 'vitest';
import { startCli, workDirectory } from '../../e2e/cli.js';
import { asking } from '../asking.js';
import { tokenFor } from '../link.js';
import { axeFindings, browserTest, openPage, type Served, suiteDev } from './harness.js';

// A target of the config instead of the local server that serves the page itself: protected, and with EXPRESS machines.

let dev: Served;
let ui: string;
let token: string;
const arns: Record<string, string> = {};
const roleArn = 'arn:aws:iam::101010101010:role/r';
const credentials = { accessKeyId: 'x', secretAccessKey: 'x' };

const ask = join(workDirectory(), 'ask.mjs');
writeFileSync(ask, 'export const handler = async () => ({});');

suiteDev(
  async (started) => {
    dev = started;
    const logs = new CloudWatchLogsClient({ endpoint: dev.endpoint, region: 'ap-northeast-1', credentials });
    await logs.send(new CreateLogGroupCommand({ logGroupName: '/quote' }));
    const logGroupArn = 'arn:aws:logs:ap-northeast-1:101010101010:log-group:/quote:*';
    const quick = { StartAt: 'Round', States: { Round: { Type: 'Pass', Result: 12, End: true } } };
    const asks = { StartAt: 'Ask', States: { Ask: asking({ End: true }) } };
    const machines = {
      asks: { definition: asks },
      quiet: { definition: quick, type: 'EXPRESS' as const },
      quote: {
        definition: quick,
        type: 'EXPRESS' as const,
        loggingConfiguration: {
          level: 'ALL' as const,
          includeExecutionData: true,
          destinations: [{ cloudWatchLogsLogGroup: { logGroupArn } }],
        },
      },
    };
    for (const [name, { definition, ...more }] of Object.entries(machines)) {
      const made = { name, definition: JSON.stringify(definition), roleArn, ...more };
      arns[name] = (await dev.sfn.send(new CreateStateMachineCommand(made))).stateMachineArn ?? '';
    }
    const target = { region: 'ap-northeast-1', account: '101010101010', protected: true };
    writeFileSync(join(dev.cwd, 'mbc-flow.json'), JSON.stringify({ targets: { staging: target } }));
    const cli = startCli(['ui', '--port', '0', '-o', 'json', '--target', 'staging'], {
      cwd: dev.cwd,
      env: { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x', AWS_ENDPOINT_URL: dev.endpoint },
    });
    const [line] = await cli.waitFor(/^\{.*"ready":true.*\}$/m);
    ui = (JSON.parse(line) as { uiEndpoint: string }).uiEndpoint;
    const place = JSON.stringify(['staging', dev.cwd, null, null, null]);
    token = await tokenFor(dev, { place });
  },
  ['--functions', `*=${ask}`],
);

const link = (path: string): string => `${ui}${path}#token=${token}`;

browserTest('an answer on a protected target needs its name, typed as it is', async () => {
  const started = new StartExecutionCommand({ stateMachineArn: arns.asks, name: 'ask-1' });
  const { executionArn } = await dev.sfn.send(started);
  const page = await openPage(link('/paused'));
  await page.getByText('protected', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'ask-1' }).click({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Approve…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Approve ask-1 on staging?' });
  const approve = dialog.getByRole('button', { name: 'Approve' });
  const name = dialog.getByLabel('staging is protected. Type its name to confirm:');
  expect(await name.evaluate((field) => field === document.activeElement)).toBe(true);
  for (const wrong of ['', 'yes', 'STAGING']) {
    await name.fill(wrong);
    expect(await approve.isDisabled()).toBe(true);
    await name.press('Enter');
  }
  expect(await axeFindings(page)).toEqual([]);
  // Escape declines, and gives the focus back.
  await name.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.closest('button')?.textContent))
    .toBe('Approve…');
  expect((await dev.sfn.send(new DescribeExecutionCommand({ executionArn }))).status).toBe('RUNNING');
  await page.keyboard.press('Enter');
  await name.fill('staging');
  await name.press('Enter');
  await page.getByText('ask-1 answered').waitFor();
  await expect
    .poll(async () => (await dev.sfn.send(new DescribeExecutionCommand({ executionArn }))).status)
    .toBe('SUCCEEDED');
});

browserTest('an EXPRESS execution is started, and shown by its log', async () => {
  const page = await openPage(link(`/machines/${encodeURIComponent(arns.quote ?? '')}`));
  await page.getByText('EXPRESS: its executions are not listed').waitFor();
  await page.getByRole('button', { name: 'Start execution' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Start' }).click();
  await page.getByLabel('staging is protected. Type its name to confirm:').fill('staging');
  await page.keyboard.press('Enter');
  await page.locator('.page-head .status.succeeded').waitFor();
  await page.getByRole('row', { name: /^succeeded Round/ }).waitFor();
  expect(await page.getByRole('button', { name: /Stop|Redrive/ }).count()).toBe(0);
  await page.getByRole('tab', { name: 'Input and output' }).click();
  await page.getByRole('tabpanel').getByText('12').waitFor();
});

browserTest('of an EXPRESS execution without a log the page says why it shows nothing', async () => {
  const { executionArn = '' } = await dev.sfn.send(
    new StartExecutionCommand({ stateMachineArn: arns.quiet }),
  );
  const page = await openPage(link(`/executions/${encodeURIComponent(executionArn)}`), { locale: 'ja-JP' });
  await page.getByText('quiet は EXPRESS で、ログを出力していません').waitFor();
  expect(await page.getByText('読み込んでいます').count()).toBe(0);
  await page.getByRole('link', { name: 'quiet' }).click();
  await page.getByRole('button', { name: '実行を開始' }).waitFor();
});
