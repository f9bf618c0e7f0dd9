import { type Attributes, plainItem } from '../../../events/attribute-value.js';
import { isObject, type Json, type JsonObject, parsedJson } from '../../../json/json.js';
import type { FunctionHost } from '../../ports.js';
import { commandPublished } from './command.js';
import { member } from './step-event.js';

/**
 * What streams and queues deliver: a new row starts the execution that works on it, as the framework's handlers do it.
 * What goes through a queue there (tasks, imports) starts at once here, and from the queue's message too.
 */
export async function deliveredRecords(host: FunctionHost, records: Json[]): Promise<Json> {
  for (const record of records) {
    const change =
      isObject(record) && record.eventSource === 'aws:sqs' ? changeIn(String(record.body)) : record;
    if (isObject(change) && change.eventName === 'INSERT') await rowInserted(host, change);
  }
  return {};
}

/** The record of a stream that a message carries, perhaps in the envelope of a topic. */
function changeIn(body: string): Json | undefined {
  const message = parsedJson(body);
  const inner =
    isObject(message) && message.Type === 'Notification' ? parsedJson(String(message.Message)) : message;
  return member(inner, 'dynamodb') === undefined ? undefined : inner;
}

async function rowInserted(host: FunctionHost, record: JsonObject): Promise<void> {
  const image = member(record, 'dynamodb', 'NewImage');
  if (!isObject(image))
    throw new Error(
      'the stream record has no dynamodb.NewImage: its table needs the StreamViewType NEW_IMAGE or NEW_AND_OLD_IMAGES',
    );
  const row = plainItem(image as Attributes);
  const { pk, sk, syncMode } = row;
  // Published synchronously: the work is done already.
  if (typeof pk !== 'string' || typeof sk !== 'string' || syncMode !== undefined) return;
  if (pk.startsWith('SFN_TASK#')) return await startTask(host, row, sk);
  if (pk.startsWith('CSV_IMPORT#')) return await startImport(host, row);
  if (row.version !== undefined) await startCommand(host, record, pk, sk);
}

async function startCommand(host: FunctionHost, record: JsonObject, pk: string, sk: string): Promise<void> {
  await commandPublished(host, record);
  const source = String(record.eventSourceARN ?? '');
  const module = /table\/([^/]+?)(?:-command)?\//.exec(source)?.[1] ?? 'command';
  const input = { source, ...record };
  await host.startExecution('command', executionName(`${module}-${pk}-${sk}-${host.now()}`), input);
}

/** A batch is a row with a list; each of its items becomes a row of its own (with an index), which is not started. */
async function startTask(host: FunctionHost, row: JsonObject, sk: string): Promise<void> {
  const { input } = row;
  if (sk.split('#').length > 2 || !Array.isArray(input)) return;
  const items = input.map((item, index) => ({
    ...row,
    id: `${row.id ?? `${row.pk}#${sk}`}#${index}`,
    sk: `${sk}#${index}`,
    status: 'CREATED',
    input: item,
  }));
  const name = executionName(`${row.pk}-${sk}-${host.now()}`);
  await host.startExecution('sfn-task', name, items);
}

async function startImport(host: FunctionHost, row: JsonObject): Promise<void> {
  if (row.type === 'ZIP_MASTER_JOB' || !isObject(row.attributes)) return;
  const { attributes, id = `${row.pk}#${row.sk}` } = row;
  const name = executionName(`${attributes.tenantCode}-${attributes.tableName}-${host.now()}`);
  await host.startExecution('import-csv', name, { ...attributes, sourceId: id });
}

const LONGEST_NAME = 80;

/** As the framework makes a name of keys; undefined (any name) for one that is too long. */
function executionName(text: string): string | undefined {
  const name = text
    .replaceAll('#', '-')
    .replace('@', '-v')
    .replace(/[^0-9A-Za-z_-]+/g, () => `__${Math.random().toString(36).slice(2, 4)}__`);
  return name.length > LONGEST_NAME ? undefined : name;
}
