import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import type { JsonObject } from '../../../src/json/json.js';
import { listening } from '../../listening.js';

interface Shard {
  id: string;
  parent?: string;
  records: JsonObject[];
  closed: boolean;
}

export interface TestStream {
  endpoint: string;
  arn: string;
  /** Adds a row's record to the last shard. */
  put(row: JsonObject, more?: { at?: number; eventName?: string }): void;
  /** Closes the last shard; the next record goes to a child of it. */
  split(): void;
  /** What was there until now is beyond the trim horizon. */
  trim(): void;
  /** Operations that were asked for. */
  calls: string[];
  /** Iterators that were given out are not taken any more. */
  expire(): void;
}

/** DynamoDB Streams with the stream of one table, in the documented shapes of its API. */
export async function startStream(table: string): Promise<TestStream> {
  const arn = `arn:aws:dynamodb:ddblocal:000000000000:table/${table}/stream/2026-01-31T00:00:00.000`;
  const shards: Shard[] = [{ id: 'shardId-1', records: [], closed: false }];
  const calls: string[] = [];
  let sequence = 100;
  let generation = 0;
  let horizon = 0;
  const last = (): Shard => shards.at(-1) as Shard;
  const sequenceOf = (record: JsonObject): number => Number((record.dynamodb as JsonObject).SequenceNumber);

  const operations: Record<string, (input: JsonObject) => JsonObject> = {
    ListStreams: () => ({
      Streams: [{ StreamArn: arn, TableName: table, StreamLabel: '2026-01-31T00:00:00.000' }],
    }),
    // Two pages, as a large stream has them.
    DescribeStream({ ExclusiveStartShardId }) {
      const from = shards.findIndex(({ id }) => id === ExclusiveStartShardId) + 1;
      const page = shards.slice(from, from + 1);
      const more = from + 1 < shards.length;
      return {
        StreamDescription: {
          StreamArn: arn,
          StreamStatus: 'ENABLED',
          StreamViewType: 'NEW_IMAGE',
          Shards: page.map(({ id, parent, closed }) => ({
            ShardId: id,
            ...(parent !== undefined && { ParentShardId: parent }),
            SequenceNumberRange: {
              StartingSequenceNumber: '100',
              ...(closed && { EndingSequenceNumber: '999' }),
            },
          })),
          ...(more && { LastEvaluatedShardId: page[0]?.id ?? '' }),
        },
      };
    },
    GetShardIterator({ ShardId, ShardIteratorType, SequenceNumber }) {
      const after = ShardIteratorType === 'TRIM_HORIZON' ? horizon : Number(SequenceNumber);
      if (after < horizon) throw new Refusal('TrimmedDataAccessException');
      return { ShardIterator: `${generation}|${ShardId}|${after}` };
    },
    GetRecords({ ShardIterator }) {
      const [made, id, after] = String(ShardIterator).split('|');
      if (Number(made) !== generation) throw new Refusal('ExpiredIteratorException');
      const shard = shards.find((one) => one.id === id) as Shard;
      const Records = shard.records.filter((record) => sequenceOf(record) > Number(after)).slice(0, 2);
      const end = Records.length > 0 ? sequenceOf(Records.at(-1) as JsonObject) : after;
      const left = shard.records.some((record) => sequenceOf(record) > Number(end));
      return { Records, ...((left || !shard.closed) && { NextShardIterator: `${generation}|${id}|${end}` }) };
    },
  };

  const server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).replace('DynamoDBStreams_20120810.', '');
    calls.push(operation);
    try {
      const answer = operations[operation]?.((await json(request)) as JsonObject);
      response.end(JSON.stringify(answer));
    } catch (error) {
      const { code } = error as Refusal;
      response.statusCode = 400;
      response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${code}`, message: code }));
    }
  });
  return {
    endpoint: await listening(server),
    arn,
    calls,
    put(row, { at = Date.now(), eventName = 'INSERT' } = {}) {
      sequence += 1;
      last().records.push({
        eventID: `event-${sequence}`,
        eventName,
        eventVersion: '1.1',
        eventSource: 'aws:dynamodb',
        awsRegion: 'ddblocal',
        dynamodb: {
          ApproximateCreationDateTime: Math.floor(at / 1000),
          Keys: { pk: row.pk ?? { S: '' }, sk: row.sk ?? { S: '' } },
          NewImage: row,
          SequenceNumber: String(sequence),
          SizeBytes: 1,
          StreamViewType: 'NEW_IMAGE',
        },
      });
    },
    split() {
      last().closed = true;
      shards.push({ id: `shardId-${shards.length + 1}`, parent: last().id, records: [], closed: false });
    },
    trim() {
      horizon = sequence;
    },
    expire() {
      generation += 1;
    },
  };
}

class Refusal extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}
