import { matchesAny } from '../../events/filter-pattern.js';
import type { JsonObject } from '../../json/json.js';
import { AwsError } from '../ports.js';
import { backoff, type Delivering, deliver, type Found, pause } from './delivery.js';
import { type Call, list } from './service-call.js';

/** AWS asks an idle shard four times a second. */
const IDLE_SHARD = 250;
const LOOK_FOR_SHARDS = 1_000;
/** How long a record stays in a stream. */
const RETENTION = 24 * 3_600_000;

/** A stream and its table. */
export interface ListedStream {
  arn: string;
  table: string;
}

export async function listStreams(call: Call, signal: AbortSignal): Promise<ListedStream[]> {
  const streams: ListedStream[] = [];
  let after: JsonObject = {};
  do {
    const { Streams, LastEvaluatedStreamArn } = await call('ListStreams', after, signal);
    for (const { StreamArn, TableName } of list(Streams))
      streams.push({ arn: String(StreamArn), table: String(TableName) });
    after = LastEvaluatedStreamArn === undefined ? {} : { ExclusiveStartStreamArn: LastEvaluatedStreamArn };
  } while (after.ExclusiveStartStreamArn !== undefined);
  return streams;
}

/** Delivers a stream, each shard in its order and none before its parent, until all ends or the stream is gone. */
export async function followStream(delivering: Delivering, call: Call, stream: Found): Promise<void> {
  const { signal, log, checkpoints } = delivering;
  const followed = new Map<string, Promise<void>>();
  let attempts = 0;
  while (!signal.aborted) {
    try {
      const shards = await describeShards(call, stream.arn, signal);
      const ended = (id: string): boolean => checkpoints.of(stream.arn, id).ended;
      for (const { id, parent } of shards) {
        const waits = parent !== undefined && shards.some((shard) => shard.id === parent) && !ended(parent);
        if (followed.has(id) || waits || ended(id)) continue;
        followed.set(id, followShard(delivering, call, stream, id));
      }
      attempts = 0;
    } catch (error) {
      if (signal.aborted || isGone(error)) break;
      attempts += 1;
      if (attempts === 1) log(`${stream.arn}: ${(error as Error).message}`);
    }
    await pause(attempts === 0 ? LOOK_FOR_SHARDS : backoff(attempts), signal);
  }
  await Promise.all(followed.values());
}

async function describeShards(
  call: Call,
  StreamArn: string,
  signal: AbortSignal,
): Promise<{ id: string; parent?: string }[]> {
  const shards: { id: string; parent?: string }[] = [];
  let after: JsonObject = {};
  do {
    const { StreamDescription = {} } = await call('DescribeStream', { StreamArn, ...after }, signal);
    const { Shards, LastEvaluatedShardId } = StreamDescription as JsonObject;
    for (const { ShardId, ParentShardId } of list(Shards))
      shards.push({
        id: String(ShardId),
        parent: ParentShardId === undefined ? undefined : String(ParentShardId),
      });
    after = LastEvaluatedShardId === undefined ? {} : { ExclusiveStartShardId: LastEvaluatedShardId };
  } while (after.ExclusiveStartShardId !== undefined);
  return shards;
}

async function followShard(
  delivering: Delivering,
  call: Call,
  stream: Found,
  shardId: string,
): Promise<void> {
  const { signal, log, checkpoints } = delivering;
  let iterator: string | undefined;
  let attempts = 0;
  while (!signal.aborted) {
    try {
      iterator ??= await iteratorOf(delivering, call, stream.arn, shardId);
      const { Records, NextShardIterator } = await call('GetRecords', { ShardIterator: iterator }, signal);
      const records = list(Records);
      attempts = 0;
      for (const record of records) {
        if (!(await deliverRecord(delivering, stream, shardId, record))) return;
      }
      if (typeof NextShardIterator !== 'string') {
        const { sequenceNumber } = checkpoints.of(stream.arn, shardId);
        return await checkpoints.save(stream.arn, shardId, { sequenceNumber, ended: true });
      }
      iterator = NextShardIterator;
      if (records.length === 0) await pause(IDLE_SHARD, signal);
    } catch (error) {
      if (signal.aborted || isGone(error)) return;
      // Expired, or the server is another one now: from where it was delivered to.
      iterator = undefined;
      attempts += 1;
      if (attempts === 1 && !(error instanceof AwsError)) log(`${stream.arn}: ${(error as Error).message}`);
      await pause(backoff(attempts), signal);
    }
  }
}

const isGone = (error: unknown): boolean =>
  error instanceof AwsError && error.code === 'ResourceNotFoundException';

/** After what was delivered; what is trimmed by now is lost on AWS too. */
async function iteratorOf(
  { checkpoints, signal }: Delivering,
  call: Call,
  StreamArn: string,
  ShardId: string,
): Promise<string> {
  const { sequenceNumber } = checkpoints.of(StreamArn, ShardId);
  const ask = async (from: JsonObject): Promise<string> =>
    String((await call('GetShardIterator', { StreamArn, ShardId, ...from }, signal)).ShardIterator);
  const fromStart = { ShardIteratorType: 'TRIM_HORIZON' };
  if (sequenceNumber === undefined) return await ask(fromStart);
  try {
    return await ask({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: sequenceNumber });
  } catch (error) {
    if (error instanceof AwsError && error.code === 'TrimmedDataAccessException') return await ask(fromStart);
    throw error;
  }
}

/** Tries until the function succeeds or the record is too old: it blocks its shard, as on AWS. False: all ends. */
async function deliverRecord(
  delivering: Delivering,
  { arn, functionName, filters }: Found,
  shardId: string,
  told: JsonObject,
): Promise<boolean> {
  const { signal, log, checkpoints } = delivering;
  const record: JsonObject = { ...told, eventSourceARN: arn };
  const { SequenceNumber, ApproximateCreationDateTime = 0 } = record.dynamodb as JsonObject;
  const identifier = String(SequenceNumber);
  const expires = Number(ApproximateCreationDateTime) * 1000 + RETENTION;
  for (let attempts = 1; matchesAny(record, filters); attempts++) {
    const { failed, why } = await deliver(delivering, functionName, [{ identifier, record }]);
    if (signal.aborted) return false;
    if (failed.length === 0) break;
    const given =
      Date.now() > expires ? 'older than 24 hours, discarded' : 'the shard is blocked until it succeeds';
    log(`${arn}: record ${identifier} failed ${attempts} times (${why}): ${given}`);
    if (Date.now() > expires) break;
    if (!(await pause(backoff(attempts), signal))) return false;
  }
  await checkpoints.save(arn, shardId, { sequenceNumber: identifier, ended: false });
  return true;
}
