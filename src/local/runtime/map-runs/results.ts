import type Database from 'libsql';
import { MAX_DATA_BYTES } from '../../../asl/data/value.js';
import type { MapRunSpec } from '../../../asl/engine/protocol.js';
import { isObject, type Json, type JsonObject } from '../../../json/json.js';
import { jsonText, parseOwn } from '../../../json/lossless.js';
import type { ObjectStore, ObjectSummary } from '../../ports.js';
import { unpackedBytes } from '../../store/compression.js';
import type { Store } from '../../store/port.js';
import { statement } from '../../store/statements.js';
import type { ExecutionRow } from '../execution-tables.js';
import type { MapRunProgress } from './progress.js';

/** Those that wait for a redrive still when the map run ends are aborted with it. */
const failures = ['FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE'];
const pageSize = 100;

/** A child that has ended; its input and output as they are stored. */
type Child = Pick<
  ExecutionRow,
  | 'arn'
  | 'machine_arn'
  | 'name'
  | 'map_index'
  | 'status'
  | 'start_date'
  | 'stop_date'
  | 'error'
  | 'cause'
  | 'redrive_count'
  | 'redrive_date'
> & { input: string | ArrayBuffer; output: string | ArrayBuffer | null };

const columns =
  'arn, machine_arn, name, map_index, status, start_date, stop_date, input, output, error, cause, redrive_count, redrive_date';

/** Children of a map run that ended so, in the order of their items, a page at a time. */
function* childrenOf(
  store: Store,
  mapRunId: number,
  statuses: string[],
  afterPage: () => void = () => {},
): Generator<Child> {
  let after = -1;
  for (;;) {
    const page = store.read(
      (db: Database.Database) =>
        statement(
          db,
          `SELECT ${columns} FROM executions WHERE map_run_id = ? AND map_index > ?
             AND status IN (SELECT value FROM json_each(?)) ORDER BY map_index LIMIT ?`,
        ).all(mapRunId, after, JSON.stringify(statuses), pageSize) as Child[],
    );
    yield* page;
    afterPage();
    const last = page.at(-1);
    if (!last || page.length < pageSize) return;
    after = last.map_index ?? 0;
  }
}

/** How results are written (`WriterConfig`); failures are always written whole. */
interface Form {
  /** Each with all that is known of its child, the outputs alone, or the elements of the outputs. */
  transformation: 'NONE' | 'COMPACT' | 'FLATTEN';
  /** A line each, instead of one array. */
  lines: boolean;
}

function formOf(writerConfig: Json | undefined, otherwise: Form['transformation']): Form {
  const { Transformation, OutputType } = isObject(writerConfig) ? writerConfig : ({} as JsonObject);
  const transformation = (['NONE', 'COMPACT', 'FLATTEN'] as const).find((known) => known === Transformation);
  return { transformation: transformation ?? otherwise, lines: OutputType === 'JSONL' };
}

/**
 * The Map state's result where none is written to S3: the children's outputs as one JSON array. Undefined when it is
 * larger than a state's result may be.
 */
export function joinedOutputs(
  store: Store,
  mapRunId: number,
  writer: MapRunSpec['resultWriter'],
): string | undefined {
  const { transformation } = formOf(writer?.writerConfig, 'COMPACT');
  const results: Buffer[] = [];
  let bytes = '[]'.length;
  for (const result of resultTexts(store, mapRunId, ['SUCCEEDED'], transformation)) {
    bytes += result.length + (results.length > 0 ? 1 : 0);
    if (bytes > MAX_DATA_BYTES) return undefined;
    results.push(result);
  }
  return `[${results.join(',')}]`;
}

/** Where a map run's results lie in the writer's bucket, with those of its redrives. Ends with `/`. */
export function resultFolder(
  mapRunArn: string,
  { prefix = '' }: NonNullable<MapRunSpec['resultWriter']>,
): string {
  const base = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  return `${base}${mapRunArn.slice(mapRunArn.lastIndexOf(':') + 1)}/`;
}

/** What a redrive writes lies apart from what was written before. */
const redriveFolder = (count: number): string => (count === 0 ? '' : `Redrive-${count}/`);

interface ResultFile {
  Key: string;
  Size: number;
}

export interface Finished {
  id: number;
  arn: string;
  progress: Pick<MapRunProgress, 'redrive'>;
}

/**
 * Writes what AWS's ResultWriter writes: `SUCCEEDED_0.json`, `FAILED_0.json`, `PENDING_0.json` (a class without
 * children has no file) and `manifest.json`. Written anew after a crash, the same keys hold the same content. After a
 * redrive the manifest names the files of all that ever succeeded, but what failed and is pending of the redrive only.
 * @param pending inputs, JSON texts, of the children that were never started
 * @param afterPage called after each page of children
 * @returns the state's result, JSON text: `{MapRunArn, ResultWriterDetails: {Bucket, Key}}`
 */
export async function writeResults(
  store: Store,
  objects: ObjectStore,
  mapRun: Finished,
  writer: NonNullable<MapRunSpec['resultWriter']>,
  pending: AsyncIterable<string>,
  afterPage: () => void,
): Promise<string> {
  const bucket = writer.bucket ?? '';
  if (!objects.bucketExists(bucket)) throw new Error(`The specified bucket does not exist: ${bucket}`);
  const { redrive } = mapRun.progress;
  const base = resultFolder(mapRun.arn, writer);
  const folder = base + redriveFolder(redrive?.count ?? 0);
  const form = formOf(writer.writerConfig, 'NONE');
  const write = async (
    status: string,
    texts: Iterator<Buffer> | AsyncIterator<Buffer>,
  ): Promise<ResultFile[]> => {
    const first = await texts.next();
    if (first.done) return [];
    const [open, separator, close] = form.lines ? ['', '\n', '\n'] : ['[', ',', ']'];
    const summary: ObjectSummary = await objects.put(
      bucket,
      `${folder}${status}_0.${form.lines ? 'jsonl' : 'json'}`,
      joined(open, first.value, separator, texts, close),
      { contentType: 'application/json' },
    );
    return [{ Key: summary.key, Size: summary.size }];
  };
  const earlier = redrive && (await earlierSuccesses(objects, bucket, base, redrive.count));
  const isNew = ({ map_index, redrive_date }: Child): boolean =>
    !redrive ||
    !earlier ||
    (map_index ?? 0) >= redrive.children ||
    (redrive_date !== null && redrive_date >= redrive.date);
  const manifest = {
    DestinationBucket: bucket,
    MapRunArn: mapRun.arn,
    ResultFiles: {
      FAILED: await write('FAILED', resultTexts(store, mapRun.id, failures, 'NONE', undefined, afterPage)),
      PENDING: await write('PENDING', pendingTexts(pending)),
      SUCCEEDED: [
        ...(earlier ?? []),
        ...(await write(
          'SUCCEEDED',
          resultTexts(store, mapRun.id, ['SUCCEEDED'], form.transformation, isNew, afterPage),
        )),
      ],
    },
  };
  const key = `${folder}manifest.json`;
  await objects.put(bucket, key, Buffer.from(JSON.stringify(manifest)), { contentType: 'application/json' });
  return JSON.stringify({ MapRunArn: mapRun.arn, ResultWriterDetails: { Bucket: bucket, Key: key } });
}

/** The files of what had succeeded before this redrive; undefined where none were written. */
async function earlierSuccesses(
  objects: ObjectStore,
  bucket: string,
  base: string,
  redriveCount: number,
): Promise<ResultFile[] | undefined> {
  const body = objects.read(bucket, `${base}${redriveFolder(redriveCount - 1)}manifest.json`);
  if (!body) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  const manifest = JSON.parse(Buffer.concat(chunks).toString('utf8')) as {
    ResultFiles: { SUCCEEDED: ResultFile[] };
  };
  return manifest.ResultFiles.SUCCEEDED;
}

async function* pendingTexts(inputs: AsyncIterable<string>): AsyncGenerator<Buffer> {
  for await (const input of inputs)
    yield Buffer.from(JSON.stringify({ Input: input, InputDetails: { Included: true }, Status: 'PENDING' }));
}

/** JSON texts in UTF-8, one by one. */
function* resultTexts(
  store: Store,
  mapRunId: number,
  statuses: string[],
  transformation: Form['transformation'],
  wanted: (child: Child) => boolean = () => true,
  afterPage?: () => void,
): Generator<Buffer> {
  for (const child of childrenOf(store, mapRunId, statuses, afterPage)) {
    if (!wanted(child)) continue;
    if (transformation === 'NONE') {
      yield Buffer.from(JSON.stringify(resultRecord(child)), 'latin1');
      continue;
    }
    const output = unpackedBytes(child.output ?? 'null');
    const value = transformation === 'FLATTEN' && parseOwn(output.toString());
    if (Array.isArray(value)) for (const element of value) yield Buffer.from(jsonText(element));
    else yield output;
  }
}

/** UTF-8 with each byte as a character: what is only passed on need not be decoded, and takes half of the room. */
const bytewise = (stored: string | ArrayBuffer): string => unpackedBytes(stored).toString('latin1');

/** Keys in alphabetical order, as in AWS's files; all texts `bytewise`. */
function resultRecord(child: Child): Record<string, unknown> {
  const succeeded = child.status === 'SUCCEEDED';
  return {
    ...(child.cause !== null && { Cause: bytewise(child.cause) }),
    ...(child.error !== null && { Error: bytewise(child.error) }),
    ExecutionArn: bytewise(child.arn),
    Input: bytewise(child.input),
    InputDetails: { Included: true },
    Name: bytewise(child.name),
    ...(succeeded && { Output: child.output && bytewise(child.output) }),
    OutputDetails: { Included: true },
    RedriveCount: child.redrive_count,
    ...(child.redrive_date !== null && { RedriveDate: new Date(child.redrive_date).toISOString() }),
    RedriveStatus: succeeded ? 'NOT_REDRIVABLE' : 'REDRIVABLE_BY_MAP_RUN',
    ...(succeeded && { RedriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven' }),
    StartDate: new Date(child.start_date).toISOString(),
    StateMachineArn: bytewise(child.machine_arn),
    Status: child.status === 'PENDING_REDRIVE' ? 'ABORTED' : child.status,
    StopDate: new Date(child.stop_date ?? child.start_date).toISOString(),
  };
}

/** The texts as one body, a piece at a time. */
async function* joined(
  open: string,
  first: Buffer,
  separator: string,
  rest: Iterator<Buffer> | AsyncIterator<Buffer>,
  close: string,
): AsyncGenerator<Uint8Array> {
  const flushAt = 1 << 16;
  const between = Buffer.from(separator);
  let pieces = [Buffer.from(open), first];
  let size = first.length;
  for (;;) {
    const answer = rest.next();
    // Waiting for what is there already would cost each child a turn of the event loop.
    const next = answer instanceof Promise ? await answer : answer;
    if (next.done) break;
    pieces.push(between, next.value);
    size += next.value.length;
    if (size < flushAt) continue;
    yield Buffer.concat(pieces);
    pieces = [];
    size = 0;
  }
  yield Buffer.concat([...pieces, Buffer.from(close)]);
}
