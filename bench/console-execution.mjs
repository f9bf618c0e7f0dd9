// The page of one execution in the browser: as many events as there may be, shown at once and while they come; and the
// items of a Distributed Map. Beside an empty page in the same browser.

import { CreateStateMachineCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { elementsOf, median, memoryOf, ms, withConsole } from './kit/console-server.mjs';

/** Four events an item, and six around them: 25,000 is AWS's most. */
const items = Math.floor((Number(process.argv[2] ?? 25_000) - 6) / 4);
const events = 4 * items + 6;
const spreadItems = Number(process.argv[3] ?? 10_000);
const ended = (page) => page.locator('.page-head .status.succeeded').waitFor({ timeout: 600_000 });

await withConsole(async ({ sfn, timed, link, emptyPage }) => {
  const roleArn = 'arn:aws:iam::101010101010:role/r';
  const each = (ItemProcessor) => ({
    StartAt: 'Each',
    States: { Each: { Type: 'Map', ItemsPath: '$.items', ItemProcessor, ResultPath: null, End: true } },
  });
  const processor = { StartAt: 'One', States: { One: { Type: 'Pass', End: true } } };
  const definitions = {
    inline: each(processor),
    spread: each({ ...processor, ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } }),
  };
  const arns = {};
  for (const [name, definition] of Object.entries(definitions)) {
    const made = new CreateStateMachineCommand({ name, definition: JSON.stringify(definition), roleArn });
    arns[name] = (await sfn.send(made)).stateMachineArn;
  }
  const start = async (of, name, count) => {
    const input = JSON.stringify({ items: Array.from({ length: count }, (_, index) => index) });
    const order = new StartExecutionCommand({ stateMachineArn: arns[of], name, input });
    const { executionArn } = await sfn.send(order);
    return `/executions/${encodeURIComponent(executionArn)}`;
  };

  // While they come: the page is open from the first one on.
  const path = await start('inline', 'live', items);
  const live = await timed(link(`${path}?part=events`), (page) => page.getByRole('tablist').waitFor());
  const began = performance.now();
  const shown = async (least) => {
    await live.page.waitForFunction(
      (count) => Number(/^(\d+) events/m.exec(document.body.innerText)?.[1] ?? 0) >= count,
      least,
      { timeout: 600_000 },
    );
    return await memoryOf(live.page);
  };
  const early = await shown(events / 10);
  const late = await shown(events);
  const came = performance.now() - began;
  await live.page.close();

  const times = { empty: [], head: [], events: [] };
  let last;
  for (let round = 0; round < 5; round++) {
    const one = await emptyPage();
    times.empty.push(one.took);
    await one.page.close();
    const head = await timed(link(path), ended);
    times.head.push(head.took);
    await head.page.close();
    const all = await timed(link(`${path}?part=events`), (page) =>
      page.getByText(`${events} events`).waitFor({ timeout: 60_000 }),
    );
    times.events.push(all.took);
    await last?.close();
    last = all.page;
  }
  const again = await memoryOf(last);
  const list = await elementsOf(last, '.events .rows');
  await last.close();

  const { page } = await timed(link(await start('spread', 'spread', spreadItems)), ended);
  const opening = performance.now();
  await page.getByRole('button', { name: 'Open Each' }).click();
  await page.locator(`[role=treegrid][aria-rowcount="${spreadItems + 2}"]`).waitFor({ timeout: 60_000 });
  const opened = performance.now() - opening;
  const rows = await elementsOf(page, '.timeline-rows');

  const empty = median(times.empty);
  const told = (what, values) =>
    `${what} in ${ms(median(values))}, an empty page in ${ms(empty)}: ${(median(values) / empty).toFixed(1)} times\n`;
  const ratio = ({ all, seen }) => `nodes ${all}, of which seen ${seen}: ${(all / seen).toFixed(2)}`;
  process.stdout.write(
    `${told(`an execution of ${events} events: how it ended`, times.head)}${told('its events', times.events)}` +
      `${ratio(list)}; heap ${again.megabytes.toFixed(1)} MB\n` +
      `while they came (${ms(came)}): nodes ${early.nodes} at a tenth, ${late.nodes} at the end; listeners ` +
      `${early.listeners}, ${late.listeners}; heap ${early.megabytes.toFixed(1)}, ${late.megabytes.toFixed(1)} MB: ` +
      `${(late.megabytes / again.megabytes).toFixed(2)} times that of a new page\n` +
      `${spreadItems} items of a Distributed Map: listed in ${ms(opened)}; ${ratio(rows)}\n`,
  );
});
