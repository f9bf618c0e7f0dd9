import { CsvItemReader } from '../../../csv/item-reader.js';
import { isObject, type Json, type JsonObject } from '../../../json/json.js';
import { parseJson } from '../../../json/parse.mjs';
import { arrayElements } from '../../../json/split-array.js';
import type { FunctionHost, ObjectStore } from '../../ports.js';
import { batchRows } from './batch-rows.js';
import { member, type StepEvent } from './step-event.js';

const bucket = 'local-bucket';

/** The states of import-csv, in the framework's production and local shapes. */
export async function importStep(host: FunctionHost, event: StepEvent): Promise<Json> {
  switch (event.stateName) {
    case 'csv_loader':
      return await loadCsv(host, event);
    case 'finalize_parent_job':
      return await answerZip(host, event, await finalizeJob(host, event));
    default:
      return await storeRows(host, event);
  }
}

/**
 * Takes a batch (`{BatchInput: {Attributes}, Items}`) or a bare row. Accepted rows go into one object a child,
 * so that a batch that is delivered twice overwrites itself and no row is stored twice.
 */
async function storeRows(host: FunctionHost, event: StepEvent): Promise<Json> {
  const text = event.inputText;
  const batch = batchRows(text);
  const rows = batch?.rows ?? [text];
  const refuses = mayRefuse(text);
  const failures: { index: number; reason: string }[] = [];
  const lines: string[] = [];
  rows.forEach((row, index) => {
    const reason = refuses || !row.startsWith('{') ? refusal(row) : undefined;
    if (reason === undefined) lines.push(`{"row":${row},"index":${index}}`);
    else failures.push({ index, reason });
  });
  if (lines.length > 0) {
    const attributes = member(batch ? batch.rest : event.input, 'BatchInput', 'Attributes');
    const table = member(attributes, 'tableName') ?? member(event.executionInput, 'tableName') ?? 'rows';
    const folder = [String(table), host.rootExecutionName(event.executionArn)].map(keySegment).join('/');
    // Rows that an inline Map hands over one by one share their execution.
    const child = [event.executionName, event.mapIndex].filter((part) => part !== undefined).join('-');
    const key = `imported/${folder}/${keySegment(child)}.jsonl`;
    await host.objects.put(bucket, key, Buffer.from([...lines, ''].join('\n')), {
      contentType: 'application/x-ndjson',
    });
  }
  return { totalRows: rows.length, succeededRows: lines.length, failedRows: failures.length, failures };
}

/** Whether a text has in it what a row is refused for; nearly all rows need no reading. */
const mayRefuse = (text: string): boolean => text.includes('id":""') || text.includes('!fail ');

/**
 * Why a row is refused: an empty `id` where there is such a column, or a cell that asks for it. Blanks count as
 * text, since AWS's reader trims nothing.
 * @param text JSON without blanks
 */
function refusal(text: string): string | undefined {
  if (!text.startsWith('{')) return 'the item is not a row';
  const row = JSON.parse(text) as JsonObject;
  if (Object.hasOwn(row, 'id') && row.id === '') return 'id is empty';
  for (const cell of Object.values(row)) {
    if (typeof cell === 'string' && cell.startsWith('!fail ')) return cell.slice('!fail '.length);
  }
  return undefined;
}

/** One folder's name in a key, whatever the text. */
const keySegment = (text: string): string => text.replace(/[/\\\p{Cc}]/gu, '_').replace(/^\.+$/, '_') || '_';

interface Totals {
  total: number;
  succeeded: number;
  failed: number;
}

/** Sums the batches up, as the framework's finalize step does; the execution succeeds all the same. */
async function finalizeJob(host: FunctionHost, event: StepEvent): Promise<JsonObject> {
  const error = member(event.input, 'errorOutput');
  if (error !== undefined) {
    const [name, cause] = ['Error', 'Cause'].map((field) => String(member(error, field) ?? ''));
    const none = { total: 0, succeeded: 0, failed: 0 };
    // A file without rows is no failure to the framework.
    if (name === 'States.ItemReaderFailed' && cause?.includes('only CSV headers')) {
      return { status: 'COMPLETED', ...none };
    }
    return { status: 'FAILED', message: `${name}: ${cause}`, ...none };
  }
  const totals: Totals = { total: 0, succeeded: 0, failed: 0 };
  for await (const reply of replies(host.objects, event.input)) add(totals, reply);
  if (totals.total === 0)
    return { status: 'FAILED', message: 'No batch processing results received.', ...totals };
  return { status: totals.failed > 0 ? 'FAILED' : 'COMPLETED', ...totals };
}

/** A file out of a ZIP tells its end to the step that waits for it. */
async function answerZip(host: FunctionHost, event: StepEvent, result: JsonObject): Promise<Json> {
  const token = member(event.executionInput, 'taskToken');
  if (typeof token !== 'string') return result;
  const { status, ...counts } = result;
  const output = status === 'FAILED' ? { ...counts, importJobStatus: 'FAILED' } : counts;
  await host.sendTaskSuccess(token, JSON.stringify(output));
  return result;
}

function add(totals: Totals, reply: Json): void {
  const number = (name: string): number => Number(member(reply, name) ?? 0);
  totals.total += number('totalRows');
  totals.succeeded += number('succeededRows');
  totals.failed += number('failedRows');
}

/** The batches' replies: from the ResultWriter's files, the Map's own output, or the local shape's one batch. */
async function* replies(objects: ObjectStore, input: Json): AsyncGenerator<Json> {
  const written = member(input, 'mapOutput', 'ResultWriterDetails');
  const direct = [member(input, 'processingResults'), member(input, 'mapOutput'), input].find(Array.isArray);
  if (Array.isArray(direct)) yield* direct.flat(2);
  else if (isObject(written)) yield* writtenReplies(objects, written);
}

interface Manifest {
  ResultFiles: Record<string, { Key: string }[]>;
}

async function* writtenReplies(objects: ObjectStore, details: JsonObject): AsyncGenerator<Json> {
  const from = String(details.Bucket);
  const manifest = objects.read(from, String(details.Key));
  if (!manifest) return;
  const chunks: Uint8Array[] = [];
  for await (const chunk of manifest) chunks.push(chunk);
  const { ResultFiles: files } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Manifest;
  for (const { Key } of files.SUCCEEDED ?? []) {
    const body = objects.read(from, Key);
    if (!body) continue;
    for await (const child of arrayElements<{ Input: string; Output?: string }>(body, 'Input'))
      yield parseJson(child.Output ?? 'null') as Json;
  }
  for (const { Key } of files.FAILED ?? []) {
    const body = objects.read(from, Key);
    if (!body) continue;
    for await (const child of arrayElements<{ Input: string }>(body)) {
      const items = member(parseJson(child.Input) as Json, 'Items');
      const rows = Array.isArray(items) ? items.length : 1;
      yield { totalRows: rows, succeededRows: 0, failedRows: rows };
    }
  }
}

/** The local shape's first state: it counts the rows and hands on the first ten only (a smoke test, no import). */
async function loadCsv(host: FunctionHost, event: StepEvent): Promise<Json> {
  const from = String(member(event.input, 'bucket') ?? '');
  const key = String(member(event.input, 'key') ?? '');
  const body = host.objects.read(from, key);
  if (!body) throw new Error(`NoSuchKey: s3://${from}/${key} does not exist`);
  const reader = new CsvItemReader();
  const items: Json[] = [];
  let totalRows = 0;
  const see = (rows: { item: Record<string, string> }[]): void => {
    totalRows += rows.length;
    for (const { item } of rows) if (items.length < 10) items.push(item);
  };
  for await (const chunk of body) see(reader.push(chunk));
  see(reader.end());
  return {
    BatchInput: { Attributes: { ...(isObject(event.input) && event.input), totalRows } },
    Items: items,
  };
}
