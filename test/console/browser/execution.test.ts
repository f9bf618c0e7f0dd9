import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateStateMachineCommand,
  type LoggingConfiguration,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { workDirectory } from '../../e2e/cli.js';
import { axeFindings, browserTest, openPage, type Served, suiteDev } from './harness.js';

let dev: Served;
const arns: Record<string, string> = {};
const roleArn = 'arn:aws:iam::101010101010:role/r';
/** So many events as an execution may have; `npm run bench` has the full number. */
const MANY = Number(process.env.MBC_FLOW_CONSOLE_ITEMS ?? 1_200);

const logGroupName = '/aws/vendedlogs/states/fast-Logs';
/** All of an EXPRESS execution that can be seen later. */
const wholeLog: LoggingConfiguration = {
  level: 'ALL',
  includeExecutionData: true,
  destinations: [
    {
      cloudWatchLogsLogGroup: {
        logGroupArn: `arn:aws:logs:ap-northeast-1:101010101010:log-group:${logGroupName}:*`,
      },
    },
  ],
};

const answers = join(workDirectory(), 'answers.mjs');
writeFileSync(answers, "export const handler = async () => { console.log('asked for it'); return {}; };");

suiteDev(
  async (started) => {
    dev = started;
    const { region, credentials } = dev.sfn.config;
    const logs = new CloudWatchLogsClient({ endpoint: dev.endpoint, region, credentials });
    await logs.send(new CreateLogGroupCommand({ logGroupName }));
    const definitions = {
      order: {
        StartAt: 'Price',
        States: {
          Price: { Type: 'Pass', ResultPath: '$.price', Result: 12, Next: 'Paid?' },
          'Paid?': {
            Type: 'Choice',
            Choices: [{ Variable: '$.paid', BooleanEquals: true, Next: 'Ship' }],
            Default: 'Reject',
          },
          Ship: { Type: 'Succeed' },
          Reject: { Type: 'Fail', Error: 'Order.Unpaid', Cause: 'nobody paid for it' },
        },
      },
      fast: { StartAt: 'Price', States: { Price: { Type: 'Pass', ResultPath: '$.price', End: true } } },
      many: {
        StartAt: 'Each',
        States: {
          Each: {
            Type: 'Map',
            ItemsPath: '$.items',
            ItemProcessor: { StartAt: 'One', States: { One: { Type: 'Pass', End: true } } },
            End: true,
          },
        },
      },
      spread: {
        StartAt: 'Each',
        States: {
          Each: {
            Type: 'Map',
            ItemsPath: '$.items',
            ToleratedFailurePercentage: 100,
            ItemProcessor: {
              ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
              StartAt: 'Good?',
              States: {
                'Good?': {
                  Type: 'Choice',
                  Choices: [{ Variable: '$.bad', IsPresent: true, Next: 'Bad' }],
                  Default: 'Good',
                },
                Good: { Type: 'Succeed' },
                Bad: { Type: 'Fail', Error: 'Item.Bad', CausePath: '$.bad' },
              },
            },
            End: true,
          },
        },
      },
      asks: {
        StartAt: 'Ask',
        States: {
          Ask: {
            Type: 'Task',
            Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
            Parameters: { FunctionName: 'ask', Payload: { 'token.$': '$$.Task.Token', requestId: 'R-1' } },
            Next: 'Done',
          },
          Done: { Type: 'Succeed' },
        },
      },
    };
    for (const [name, definition] of Object.entries(definitions)) {
      const made = new CreateStateMachineCommand({
        name,
        definition: JSON.stringify(definition),
        roleArn,
        ...(name === 'fast' && { type: 'EXPRESS', loggingConfiguration: wholeLog }),
      });
      arns[name] = (await dev.sfn.send(made)).stateMachineArn ?? '';
    }
  },
  ['--functions', `*=${answers}`],
);

async function start(machine: string, name: string, input: object = {}): Promise<string> {
  const order = { stateMachineArn: arns[machine], name, input: JSON.stringify(input) };
  return (await dev.sfn.send(new StartExecutionCommand(order))).executionArn ?? '';
}

const pathOf = (arn: string, more = ''): string => `/executions/${encodeURIComponent(arn)}${more}`;

/** Counts what somebody clicks. */
function clicking(page: Page) {
  let clicks = 0;
  return {
    async click(role: Parameters<Page['getByRole']>[0], name: string | RegExp) {
      clicks++;
      await page.getByRole(role, { name, exact: true }).click();
    },
    count: () => clicks,
  };
}

browserTest('why an execution failed is found, and it is started again, in at most four clicks', async () => {
  await start('order', 'order-1', { paid: false });
  const page = await openPage(await dev.link('/'));
  const { click, count } = clicking(page);
  await click('link', /^Failed in 24 h/);
  await click('link', 'order-1');
  const cause = page.getByRole('region', { name: 'Failed in Reject' });
  await expect.poll(() => cause.textContent()).toContain('Order.Unpaid: nobody paid for it');
  await click('button', 'Start again…');
  const dialog = page.getByRole('dialog');
  expect(JSON.parse(await dialog.getByLabel('Input (JSON)').inputValue())).toEqual({ paid: false });
  await dialog.getByLabel('Input (JSON)').fill('{"paid": true}');
  await click('button', 'Start');
  await page.getByRole('heading', { name: /^order-1-rerun-/ }).waitFor();
  await page.locator('.page-head .status.succeeded').waitFor();
  expect(count()).toBeLessThanOrEqual(4);
});

browserTest('an EXPRESS execution that is logged is started again with its input, or another', async () => {
  const page = await openPage(await dev.link(pathOf(await start('fast', 'fast-1', { 品名: 'りんご' }))));
  for (const [input, output] of [
    [undefined, 'りんご'],
    ['{"品名": "梨"}', '梨'],
  ]) {
    const before = page.url();
    await page.getByRole('button', { name: 'Start again…' }).click();
    const field = page.getByRole('dialog').getByLabel('Input (JSON)');
    expect(JSON.parse(await field.inputValue())).toEqual({ 品名: 'りんご' });
    if (input !== undefined) await field.fill(input);
    await page.getByRole('dialog').getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByText('Started').first().waitFor();
    await expect.poll(() => page.url()).not.toBe(before);
    await page.locator('.page-head .status.succeeded').waitFor();
    await page.getByRole('tab', { name: 'Input and output' }).click();
    await page.getByText(`"${output}"`).first().waitFor();
  }
});

browserTest(
  'a running execution moves on by itself: what waits, its end, and a redrive whose plan is shown',
  async () => {
    const arn = await start('asks', 'asks-1');
    const page = await openPage(await dev.link(pathOf(arn)));
    const stands = page.getByRole('region', { name: 'Stands at' });
    await expect.poll(() => stands.textContent()).toContain('waits for an answer: R-1');
    await page.getByRole('row', { name: /^waiting Ask/ }).waitFor();
    const answer = page.getByRole('link', { name: 'Answer' });
    await expect.poll(() => answer.getAttribute('href')).toMatch(/^\/paused\/./);
    expect(await page.content()).not.toMatch(/AQC/);
    await dev.sfn.send(new StopExecutionCommand({ executionArn: arn, error: 'Late', cause: 'out of time' }));
    await page.getByRole('region', { name: 'Was stopped in Ask' }).waitFor();
    await page.getByRole('row', { name: /^aborted Ask/ }).waitFor();
    await page.getByRole('button', { name: 'Redrive…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('the task is called again').waitFor();
    await dialog.getByRole('button', { name: 'Redrive' }).click();
    await stands.getByText('waits for an answer: R-1').waitFor();
    expect(await page.getByRole('row', { name: /Ask/ }).count()).toBe(1);
    await page.getByText('redriven once').waitFor();
  },
);

browserTest(
  'a state that is clicked shows its data; events are filtered, and one stands beside them',
  async () => {
    const arn = await start('order', 'order-2', { paid: false, lines: [1, 2] });
    const page = await openPage(await dev.link(pathOf(arn)));
    await page.getByRole('button', { name: /^Price, Pass/ }).click();
    const details = page.getByRole('region', { name: 'Details' });
    await details.getByText('Output').waitFor();
    await expect.poll(() => details.textContent()).toContain('price: 12');
    await page.getByRole('button', { name: 'Jump to failure' }).click();
    await expect.poll(() => details.textContent()).toContain('Order.Unpaid');
    await page.getByRole('tab', { name: 'Events' }).click();
    await page.getByText('7 events').waitFor();
    await page.getByRole('searchbox').fill('paid?');
    await page.getByText('2 of 7 events').waitFor();
    await page.getByRole('row', { name: /ChoiceStateExited/ }).click();
    await page.getByRole('region', { name: 'Details' }).getByText('Event 5').waitFor();
    expect(new URL(page.url()).search).toBe('?part=events&event=5');
    await page.getByRole('tab', { name: 'Events' }).press('ArrowRight');
    await page.getByRole('tabpanel').getByText('None: it did not succeed.').waitFor();
    await start('order', 'order-3', { paid: true });
    await page.getByRole('tab', { name: 'Compare' }).click();
    await page.getByText('First difference').waitFor();
  },
);

/** Elements that there are in a list, and that are seen. */
const nodes = (page: Page, list: string) =>
  page.evaluate((selector) => {
    const element = document.querySelector(selector);
    if (!element) throw new Error('no list');
    const { top, bottom } = element.getBoundingClientRect();
    const all = [...element.querySelectorAll('*')];
    const seen = all.filter((one) => {
      const box = one.getBoundingClientRect();
      return box.bottom > top && box.top < bottom;
    });
    return { all: all.length, seen: seen.length };
  }, list);

browserTest('of thousands of items and events there is three times what is seen at most', async () => {
  const arn = await start('many', 'many-1', { items: Array.from({ length: MANY }, (_, index) => index) });
  const page = await openPage(await dev.link(pathOf(arn)));
  await page.locator('.page-head .status.succeeded').waitFor({ timeout: 20_000 });
  const tree = page.getByRole('treegrid');
  await tree.press('Home');
  await tree.press('ArrowRight');
  const bounded = async (list: string): Promise<void> => {
    for (const share of [0, 0.5, 1]) {
      await page.locator(list).evaluate((element, to) => {
        element.scrollTop = to * (element.scrollHeight - element.clientHeight);
      }, share);
      await expect.poll(async () => (await nodes(page, list)).seen).toBeGreaterThan(60);
      const { all, seen } = await nodes(page, list);
      expect(all / seen, `${list} at ${share}`).toBeLessThan(3);
    }
  };
  await bounded('.timeline-rows');
  await expect.poll(() => tree.getAttribute('aria-rowcount')).toBe(String(MANY + 2));
  await tree.press('End');
  await tree.press('ArrowRight');
  await page.getByRole('row', { name: /One/ }).waitFor();
  await page.getByRole('tab', { name: 'Events' }).click();
  await page.getByText(`${4 * MANY + 6} events`).waitFor();
  await bounded('.events .rows');
});

/** Nodes and listeners that there are, once what is not needed any more is gone. */
async function counters(page: Page): Promise<{ nodes: number; jsEventListeners: number }> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const found = await session.send('Memory.getDOMCounters');
  await session.detach();
  return found;
}

browserTest('a page that saw all events come keeps no more than one that was opened afterwards', async () => {
  const arn = await start('many', 'many-live', { items: Array.from({ length: MANY }, (_, index) => index) });
  const path = await dev.link(pathOf(arn, '?part=events'));
  const pages = [];
  for (let count = 0; count < 2; count++) {
    const page = await openPage(path);
    await page.getByText(`${4 * MANY + 6} events`).waitFor({ timeout: 20_000 });
    await page.locator('.page-head .status.succeeded').waitFor();
    pages.push(await counters(page));
  }
  const [live, later] = pages;
  expect((live?.nodes ?? 0) / (later?.nodes ?? 1)).toBeLessThan(1.2);
  expect((live?.jsEventListeners ?? 0) / (later?.jsEventListeners ?? 1)).toBeLessThan(1.2);
});

browserTest(
  'items of a Distributed Map are rows with what they are about, those that failed first, each with its execution',
  async () => {
    const items = Array.from({ length: MANY }, (_, index) => ({
      sku: `sku-${index}`,
      ...(index % 500 === 499 && { bad: '在庫がありません' }),
    }));
    const arn = await start('spread', 'spread-1', { items });
    const page = await openPage(await dev.link(pathOf(arn)));
    await page.locator('.page-head .status.succeeded').waitFor({ timeout: 30_000 });
    await page.getByRole('button', { name: 'Jump to failure' }).click();
    const tree = page.getByRole('treegrid');
    await expect.poll(() => tree.getAttribute('aria-rowcount')).toBe(String(MANY + 2));
    await page.getByRole('row', { name: /^failed sku: sku-499 · bad: 在庫がありません/ }).click();
    const details = page.getByRole('region', { name: 'Details' });
    await details.getByText('Item.Bad').waitFor();
    await tree.press('End');
    await page
      .getByRole('row', { name: /^succeeded sku: sku-\d+/ })
      .first()
      .waitFor();
    const { all, seen } = await nodes(page, '.timeline-rows');
    expect(all / seen).toBeLessThan(3);
    await details.getByRole('link', { name: 'Open its execution' }).click();
    await page.getByRole('region', { name: 'Failed in Bad' }).waitFor();
    await page.getByText('Part of a map run of').waitFor();
  },
);

for (const colorScheme of ['light', 'dark'] as const)
  browserTest(`axe finds nothing on any part of the page (${colorScheme})`, async () => {
    const arn = await start('order', `order-axe-${colorScheme}`, { paid: false });
    const page = await openPage(await dev.link(pathOf(arn)), { colorScheme });
    await page.getByRole('button', { name: 'Jump to failure' }).click();
    await page.getByRole('region', { name: 'Details' }).getByText('Order.Unpaid').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    for (const [tab, text] of [
      ['Events', /7 events/],
      ['Input and output', 'None: it did not succeed.'],
      ['Logs', /logs nothing|No log lines/],
      ['Compare', /First difference|No other execution|Both went the same way/],
    ] as const) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByRole('tabpanel').getByText(text).first().waitFor();
      expect(await axeFindings(page)).toEqual([]);
    }
  });
