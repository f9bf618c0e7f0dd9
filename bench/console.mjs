// The list in the browser: times and nodes with thousands of executions, beside an empty page in the same browser.

import { CreateStateMachineCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { elementsOf, median, memoryOf, ms, withConsole } from './kit/console-server.mjs';

const many = Number(process.argv[2] ?? 5_000);

await withConsole(async ({ sfn, timed, link, emptyPage }) => {
  const definition = JSON.stringify({ StartAt: 'P', States: { P: { Type: 'Pass', End: true } } });
  const roleArn = 'arn:aws:iam::101010101010:role/r';
  const { stateMachineArn } = await sfn.send(
    new CreateStateMachineCommand({ name: 'many', definition, roleArn }),
  );
  const start = (name) => sfn.send(new StartExecutionCommand({ stateMachineArn, name }));
  const names = Array.from({ length: many }, (_, index) => `e-${index}`);
  await Promise.all(
    Array.from({ length: 24 }, async () => {
      for (let name = names.pop(); name !== undefined; name = names.pop()) await start(name);
    }),
  );
  const times = { empty: [], console: [] };
  let last;
  for (let round = 0; round < 5; round++) {
    const one = await emptyPage();
    times.empty.push(one.took);
    await one.page.close();
    const two = await timed(link('/executions'), (page) =>
      page.getByText(new RegExp(`^${many} executions`)).waitFor(),
    );
    times.console.push(two.took);
    if (last) await last.close();
    last = two.page;
  }
  const changes = [];
  for (let round = 0; round < 10; round++) {
    const name = `change-${round}`;
    const seen = last.getByRole('link', { name, exact: true }).waitFor();
    const began = performance.now();
    await start(name);
    await seen;
    changes.push(performance.now() - began);
  }
  const nodes = await elementsOf(last, '.list .rows');
  const { megabytes } = await memoryOf(last);
  process.stdout.write(
    `${many} executions: shown in ${ms(median(times.console))}, an empty page in ${ms(median(times.empty))}: ` +
      `${(median(times.console) / median(times.empty)).toFixed(1)} times\n` +
      `a change is seen after ${ms(median(changes))} (from the request to start it)\n` +
      `nodes ${nodes.all}, of which seen ${nodes.seen}: ${(nodes.all / nodes.seen).toFixed(2)}; heap ${megabytes.toFixed(1)} MB\n`,
  );
});
