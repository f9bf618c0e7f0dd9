// The whole of it in one process: the app's services, the local server, and a command that is published and delivered.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { request, startServices } from './services.mjs';

const services = await startServices().catch(({ message }) => {
  process.stderr.write(`error: the app's services can't start: ${message}\n`);
  process.exit(1);
});
const port = new URL(process.env.SFN_ENDPOINT).port;
const server = spawn('mbc-flow', ['dev', '--port', port, '-o', 'json'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const ended = once(server, 'exit').then(([code]) => {
    throw new Error(`mbc-flow dev --port ${port} ended with ${code} before it was ready`);
  });
  await Promise.race([once(createInterface({ input: server.stdout }), 'line'), ended]);
  ended.catch(() => {});
  await publish('product-command', 'command-1.json');
  const triggered = spawn(
    'mbc-flow',
    ['trigger', 'stream', 'product-command', 'command-1.json', '--follow'],
    {
      stdio: 'inherit',
    },
  );
  [process.exitCode] = await once(triggered, 'exit');
  for (const table of ['product-data', 'product-price'])
    process.stdout.write(`${table} ${JSON.stringify(await rows(table))}\n`);
} catch ({ message }) {
  process.stderr.write(`error: ${message}\n`);
  process.exitCode = 1;
} finally {
  server.kill();
  services.stop();
}

/** Puts a row where the app's API would put it; its stream would tell of the same image. */
async function publish(table, file) {
  const args = ['trigger', 'stream', table, file, '--dry-run', '-o', 'json'];
  const { stdout } = await promisify(execFile)('mbc-flow', args);
  const [{ dynamodb }] = JSON.parse(stdout).event.Records;
  await request(services.dynamodb, 'PutItem', { TableName: tableName(table), Item: dynamodb.NewImage });
}

async function rows(table) {
  return (await request(services.dynamodb, 'Scan', { TableName: tableName(table) })).Items;
}

function tableName(table) {
  return `${process.env.NODE_ENV}-${process.env.APP_NAME}-${table}`;
}
