import type Database from 'libsql';
import { MAX_DATA_BYTES } from '../../../asl/data/value.js';
import type { MapRunSpec } from '../../../asl/engine/protocol.js';
import { isObject, type Json, type JsonObject } from '../../../json/json.js';
import { jsonText, parseOwn } from '../../../json/written.js';
import type { ObjectStore, ObjectSummary } from '../../ports.js';
import type { Store } from '../../store/port.js';
import { statement } from '../../store/statements.js';
import type { ExecutionRow } from '../tables.js';

const failures = ['FAILED', 'TIMED_OUT', 'ABORTED'];
const pageSize = 100;

/** Children of a map run in the order of their items, a page at a time. */
function* childrenOf(store: Store, mapRunId: number): Generator<ExecutionRow> {
  let after = -1;
  for (;;) {
    const page = store.read(
      (db: Database.Database) =>
        statement(
          db,
          'SELECT * FROM executions WHERE map_run_id = ? AND map_index > ? ORDER BY map_index LIMIT ?',
        ).all(mapRunId, after, pageSize) as ExecutionRow[],
    );
    yield* page;
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
  const results: string[] = [];
  let bytes = '[]'.length;
  for (const result of resultTexts(store, mapRunId, ['SUCCEEDED'], transformation)) {
    bytes += Buffer.byteLength(result) + (results.length > 0 ? 1 : 0);
    if (bytes > MAX_DATA_BYTES) return undefined;
    results.push(result);
  }
  return `[${results.join(',')}]`;
}

/** Where a map run's results lie in the writer's bucket. */
export const resultFolder = (
  mapRunArn: string,
  { prefix }: NonNullable<MapRunSpec['resultWriter']>,
): string =>
  [prefix?.replace(/\/+$/, ''), mapRunArn.slice(mapRunArn.lastIndexOf(':') + 1)].filter(Boolean).join('/');

/**
 * Writes what AWS's ResultWriter writes: `SUCCEEDED_0.json`, `FAILED_0.json` (a class without children has no
 * file) and `manifest.json`. Written anew after a crash, the same keys hold the same content.
 * @returns the state's result, JSON text: `{MapRunArn, ResultWriterDetails: {Bucket, Key}}`
 */
export async function writeResults(
  store: Store,
  objects: ObjectStore,
  mapRun: { id: number; arn: string },
  writer: NonNullable<MapRunSpec['resultWriter']>,
): Promise<string> {
  const bucket = writer.bucket ?? '';
  if (!objects.bucketExists(bucket)) throw new Error(`The specified bucket does not exist: ${bucket}`);
  const folder = resultFolder(mapRun.arn, writer);
  const form = formOf(writer.writerConfig, 'NONE');
  const write = async (
    status: string,
    statuses: string[],
    transformation: Form['transformation'],
  ): Promise<{ Key: string; Size: number }[]> => {
    const texts = resultTexts(store, mapRun.id, statuses, transformation);
    const first = texts.next();
    if (first.done) return [];
    const summary: ObjectSummary = await objects.put(
      bucket,
      `${folder}/${status}_0.${form.lines ? 'jsonl' : 'json'}`,
      form.lines ? joined('', first.value, '\n', texts, '\n') : joined('[', first.value, ',', texts, ']'),
      { contentType: 'application/json' },
    );
    return [{ Key: summary.key, Size: summary.size }];
  };
  const manifest = {
    DestinationBucket: bucket,
    MapRunArn: mapRun.arn,
    ResultFiles: {
      FAILED: await write('FAILED', failures, 'NONE'),
      PENDING: [],
      SUCCEEDED: await write('SUCCEEDED', ['SUCCEEDED'], form.transformation),
    },
  };
  const key = `${folder}/manifest.json`;
  await objects.put(bucket, key, Buffer.from(JSON.stringify(manifest)), { contentType: 'application/json' });
  return JSON.stringify({ MapRunArn: mapRun.arn, ResultWriterDetails: { Bucket: bucket, Key: key } });
}

/** JSON texts, one by one. */
function* resultTexts(
  store: Store,
  mapRunId: number,
  statuses: string[],
  transformation: Form['transformation'],
): Generator<string> {
  for (const child of childrenOf(store, mapRunId)) {
    if (!statuses.includes(child.status)) continue;
    const output = child.output ?? 'null';
    if (transformation === 'NONE') yield JSON.stringify(resultRecord(child));
    else if (transformation === 'COMPACT') yield output;
    else {
      const value = parseOwn(output);
      if (Array.isArray(value)) for (const element of value) yield jsonText(element);
      else yield output;
    }
  }
}

/** Keys in alphabetical order, as in AWS's files. */
function resultRecord(child: ExecutionRow): Record<string, unknown> {
  const succeeded = child.status === 'SUCCEEDED';
  return {
    ...(child.cause !== null && { Cause: child.cause }),
    ...(child.error !== null && { Error: child.error }),
    ExecutionArn: child.arn,
    Input: child.input,
    InputDetails: { Included: true },
    Name: child.name,
    ...(succeeded && { Output: child.output }),
    OutputDetails: { Included: true },
    RedriveCount: child.redrive_count,
    ...(child.redrive_date !== null && { RedriveDate: new Date(child.redrive_date).toISOString() }),
    RedriveStatus: succeeded ? 'NOT_REDRIVABLE' : 'REDRIVABLE_BY_MAP_RUN',
    ...(succeeded && { RedriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven' }),
    StartDate: new Date(child.start_date).toISOString(),
    StateMachineArn: child.machine_arn,
    Status: child.status,
    StopDate: new Date(child.stop_date ?? child.start_date).toISOString(),
  };
}

/** The texts as one body, a piece at a time. */
async function* joined(
  open: string,
  first: string,
  separator: string,
  rest: Iterable<string>,
  close: string,
): AsyncGenerator<Uint8Array> {
  const flushAt = 1 << 16;
  let text = open + first;
  for (const next of rest) {
    text += separator + next;
    if (text.length < flushAt) continue;
    yield Buffer.from(text);
    text = '';
  }
  yield Buffer.from(text + close);
}
