import type Database from 'libsql';
import type { MapRunSpec } from '../../asl/execution.js';
import type { ObjectStore, ObjectSummary } from '../ports.js';
import type { Store } from '../store/port.js';
import { statement } from '../store/statements.js';
import type { ExecutionRow } from './tables.js';

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

/** The Map state's result without a ResultWriter: the children's outputs as one JSON array. */
export function joinedOutputs(store: Store, mapRunId: number): string {
  const outputs: string[] = [];
  for (const child of childrenOf(store, mapRunId)) {
    if (child.status === 'SUCCEEDED') outputs.push(child.output ?? 'null');
  }
  return `[${outputs.join(',')}]`;
}

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
  const folder = [writer.prefix?.replace(/\/+$/, ''), mapRun.arn.slice(mapRun.arn.lastIndexOf(':') + 1)]
    .filter(Boolean)
    .join('/');
  const write = async (status: string, statuses: string[]): Promise<{ Key: string; Size: number }[]> => {
    const records = resultRecords(store, mapRun.id, statuses);
    const first = records.next();
    if (first.done) return [];
    const summary: ObjectSummary = await objects.put(
      bucket,
      `${folder}/${status}_0.json`,
      jsonArray(first.value, records),
      { contentType: 'application/json' },
    );
    return [{ Key: summary.key, Size: summary.size }];
  };
  const manifest = {
    DestinationBucket: bucket,
    MapRunArn: mapRun.arn,
    ResultFiles: {
      FAILED: await write('FAILED', failures),
      PENDING: [],
      SUCCEEDED: await write('SUCCEEDED', ['SUCCEEDED']),
    },
  };
  const key = `${folder}/manifest.json`;
  await objects.put(bucket, key, Buffer.from(JSON.stringify(manifest)), { contentType: 'application/json' });
  return JSON.stringify({ MapRunArn: mapRun.arn, ResultWriterDetails: { Bucket: bucket, Key: key } });
}

function* resultRecords(store: Store, mapRunId: number, statuses: string[]): Generator<string> {
  for (const child of childrenOf(store, mapRunId)) {
    if (statuses.includes(child.status)) yield JSON.stringify(resultRecord(child));
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
    RedriveCount: 0,
    RedriveStatus: succeeded ? 'NOT_REDRIVABLE' : 'REDRIVABLE_BY_MAP_RUN',
    ...(succeeded && { RedriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven' }),
    StartDate: new Date(child.start_date).toISOString(),
    StateMachineArn: child.machine_arn,
    Status: child.status,
    StopDate: new Date(child.stop_date ?? child.start_date).toISOString(),
  };
}

async function* jsonArray(first: string, rest: Iterable<string>): AsyncGenerator<Uint8Array> {
  const flushAt = 1 << 16;
  let text = `[${first}`;
  for (const record of rest) {
    text += `,${record}`;
    if (text.length < flushAt) continue;
    yield Buffer.from(text);
    text = '';
  }
  yield Buffer.from(`${text}]`);
}
