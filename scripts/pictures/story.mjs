// What happens in the shop of the pictures, on its own local server.
import { Terminal } from './terminal.mjs';

const order = (requestId, more = {}) => ({
  requestId,
  total: 3200,
  items: [
    { sku: 'apple', quantity: 2 },
    { sku: 'pear', quantity: 1 },
  ],
  ...more,
});
const start = (name, input) => `mbc-flow start order --name ${name} --input '${JSON.stringify(input)}'`;
const asked = /Ask the manager.*waits/;

/** @param {{ cwd: string, env: Record<string, string> }} place @returns the screens by the name of their picture */
export async function tellStory(place) {
  const terminal = (columns = 80, rows = 24) => new Terminal({ ...place, columns, rows });
  const imported = terminal(100);
  await imported.run('mbc-flow import products.csv --failed-rows failed.csv');

  for (const [name, input] of [
    ['order-1040', order('r-1040')],
    ['order-1041', order('r-1041', { address: 'Osaka' })],
  ]) {
    await terminal().look(`${start(name, input)} --follow`, asked);
    await terminal().run(`mbc-flow approve ${input.requestId} --yes`);
    await terminal().run(`mbc-flow watch ${name}`);
  }
  await terminal().run(start('order-1042', order('r-1042', { address: 'Kyoto' })));
  const watched = terminal();
  await watched.look('mbc-flow watch order-1042', asked);
  const desk = terminal(100);
  // The reason of a failure comes after its row.
  await desk.look('mbc-flow top', /order-1040.*the order r-1040/);

  const approved = terminal(100);
  await approved.run('mbc-flow pending');
  await approved.run('mbc-flow approve r-1042', [['y\r', /\[y\/N\]/]]);
  await terminal().run(start('order-1043', order('r-1043', { address: 'Nara' })));
  await terminal().look('mbc-flow watch order-1043', asked);

  const tested = terminal();
  await tested.run('mbc-flow test --coverage');
  return { approve: approved, import: imported, test: tested, top: desk, watch: watched };
}
