import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { EventSource } from '../../../src/events/event-source.js';
import type { JsonObject } from '../../../src/json/json.js';
import { startLocalServer } from '../../../src/local/index.js';

/**
 * Writes each event to a file, a line each. Records with `!fail` fail while there is a file `broken`: those of streams
 * with an error, those of queues are given back.
 */
const recorder = `import { appendFileSync, existsSync } from 'node:fs';
export const handler = async ({ Records }) => {
  const bad = existsSync('broken') ? Records.filter((record) => JSON.stringify(record).includes('!fail')) : [];
  for (const _ of bad) appendFileSync('tried', '.');
  if (bad.some((record) => record.eventSource !== 'aws:sqs')) throw new Error('cannot');
  const good = Records.filter((record) => !bad.includes(record));
  if (good.length > 0) appendFileSync('told', JSON.stringify(good) + '\\n');
  return { batchItemFailures: bad.map(({ messageId }) => ({ itemIdentifier: messageId })) };
};`;

/** A local server that delivers a source to a function which records what it gets. */
export async function recording(source: EventSource, { broken = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'mbc-flow-events-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  writeFileSync(join(folder, 'main.mjs'), recorder);
  if (broken) writeFileSync(join(folder, 'broken'), '');
  const log: string[] = [];
  const start = () =>
    startLocalServer({
      dataDir: join(folder, 'data'),
      functionsBase: folder,
      functions: { '*': './main.handler' },
      eventSources: [source],
      log: (line) => log.push(line),
    });
  let server = await start();
  onTestFinished(() => server.stop());
  const lines = (name: string): string[] =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8').trim().split('\n') : [];
  const events = (): JsonObject[][] => lines('told').map((line) => JSON.parse(line));
  return {
    folder,
    log,
    get endpoint() {
      return server.endpoint;
    },
    /** The sort keys of the rows, or the bodies of the messages, that it got. */
    told: () => events().flat().map(nameOf),
    first: () => events()[0],
    sizes: () => events().map(({ length }) => length),
    tries: () => lines('tried')[0]?.length ?? 0,
    async restart() {
      await server.stop();
      server = await start();
    },
  };
}

function nameOf({ body, dynamodb }: JsonObject): string {
  return body === undefined ? (dynamodb as { Keys: { sk: { S: string } } }).Keys.sk.S : String(body);
}
