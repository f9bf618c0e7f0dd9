import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import type { JsonObject } from '../../src/json/json.js';
import { startTables } from '../dynamodb.js';
import { listening } from '../listening.js';

type Key = { pk: JsonObject; sk: JsonObject };

/** DynamoDB (dynalite, which has no streams) with the streams of some tables: new rows, as the framework's mappings take. */
export async function startTablesWithStreams(
  names: string[],
  streamed: string[],
): Promise<{ endpoint: string }> {
  const { endpoint: behind } = await startTables(...names);
  const streams = new Map(streamed.map((table) => [table, [] as JsonObject[]]));
  const arnOf = (table: string): string =>
    `arn:aws:dynamodb:ap-northeast-1:101010101010:table/${table}/stream/2026-11-29T00:00:00.000`;
  const tableOf = (arn: string): string => /table\/([^/]+)/.exec(arn)?.[1] ?? '';

  const ask = async (target: string, body: JsonObject, headers: Record<string, string> = {}) => {
    const answer = await fetch(behind, {
      method: 'POST',
      headers: {
        authorization:
          'AWS4-HMAC-SHA256 Credential=local/20261129/r/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
        'x-amz-date': '20261129T000000Z',
        ...headers,
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': target,
      },
      body: JSON.stringify(body),
    });
    return { status: answer.status, text: await answer.text() };
  };
  const read = async (TableName: string, { pk, sk }: Key): Promise<JsonObject | undefined> => {
    const { text } = await ask('DynamoDB_20120810.GetItem', {
      TableName,
      Key: { pk, sk },
      ConsistentRead: true,
    });
    return JSON.parse(text).Item;
  };

  const streamCalls: Record<string, (input: JsonObject) => JsonObject> = {
    ListStreams: () => ({
      Streams: streamed.map((table) => ({ StreamArn: arnOf(table), TableName: table })),
    }),
    DescribeStream: () => ({
      StreamDescription: {
        Shards: [{ ShardId: 'shard', SequenceNumberRange: { StartingSequenceNumber: '1' } }],
      },
    }),
    GetShardIterator: ({ StreamArn, ShardIteratorType, SequenceNumber }) => ({
      ShardIterator: `${tableOf(String(StreamArn))}|${ShardIteratorType === 'TRIM_HORIZON' ? 0 : Number(SequenceNumber)}`,
    }),
    GetRecords({ ShardIterator }) {
      const [table = '', from] = String(ShardIterator).split('|');
      const records = streams.get(table) ?? [];
      return { Records: records.slice(Number(from)), NextShardIterator: `${table}|${records.length}` };
    },
  };

  const server = createServer(async (request, response) => {
    const input = (await json(request)) as JsonObject;
    const target = String(request.headers['x-amz-target']);
    const [service, operation = ''] = target.split('.');
    if (service?.startsWith('DynamoDBStreams')) {
      response.end(JSON.stringify(streamCalls[operation]?.(input)));
      return;
    }
    const table = String(input.TableName);
    try {
      // The framework's mappings take new rows only.
      const stream = operation === 'PutItem' ? streams.get(table) : undefined;
      const row = input.Item as JsonObject;
      const before = stream && (await read(table, row as Key));
      const answer = await ask(target, input);
      if (stream && !before && answer.status === 200) stream.push(inserted(row, stream.length + 1));
      response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(answer.text);
    } catch {
      // The test is over.
      response.destroy();
    }
  });
  return { endpoint: await listening(server) };
}

const inserted = (row: JsonObject, sequence: number): JsonObject => ({
  eventID: `event-${sequence}`,
  eventName: 'INSERT',
  eventVersion: '1.1',
  eventSource: 'aws:dynamodb',
  awsRegion: 'ap-northeast-1',
  dynamodb: {
    ApproximateCreationDateTime: Math.floor(Date.now() / 1000),
    Keys: { pk: row.pk ?? {}, sk: row.sk ?? {} },
    NewImage: row,
    SequenceNumber: String(sequence),
    SizeBytes: 0,
    StreamViewType: 'NEW_IMAGE',
  },
});
