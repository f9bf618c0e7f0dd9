import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteLogStreamCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  type FilterLogEventsCommandInput,
  GetLogEventsCommand,
  type InputLogEvent,
  ListTagsForResourceCommand,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
  StartLiveTailCommand,
  StartQueryCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Local, startServer } from '../harness.js';

const group = 'app/logs';
const arn = `arn:aws:logs:ap-northeast-1:101010101010:log-group:${group}`;

async function withStream(...streams: string[]): Promise<Local> {
  const server = await startServer();
  await server.logs.send(new CreateLogGroupCommand({ logGroupName: group, tags: { team: 'a' } }));
  for (const logStreamName of streams)
    await server.logs.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName }));
  return server;
}

const put = (server: Local, logStreamName: string, logEvents: InputLogEvent[]) =>
  server.logs.send(new PutLogEventsCommand({ logGroupName: group, logStreamName, logEvents }));

const numbered = (count: number, from = Date.now() - count, every = 1): InputLogEvent[] =>
  Array.from({ length: count }, (_, n) => ({ timestamp: from + n * every, message: `line ${n}` }));

const messages = (events: { message?: string }[] = []): (string | undefined)[] =>
  events.map(({ message }) => message);

test('groups and streams: made, listed in pages, tagged, deleted', async () => {
  const { logs } = await withStream('b', 'a', 'c');
  for (const name of ['app/other', 'zone'])
    await logs.send(new CreateLogGroupCommand({ logGroupName: name }));
  const first = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: 'app/', limit: 1 }));
  expect(first.logGroups).toEqual([
    expect.objectContaining({ logGroupName: group, arn: `${arn}:*`, logGroupArn: arn, storedBytes: 0 }),
  ]);
  const second = await logs.send(
    new DescribeLogGroupsCommand({ logGroupNamePrefix: 'app/', limit: 1, nextToken: first.nextToken }),
  );
  expect(second.logGroups?.map(({ logGroupName }) => logGroupName)).toEqual(['app/other']);
  expect(second.nextToken).toBeUndefined();
  const named = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePattern: 'on' }));
  expect(named.logGroups?.map(({ logGroupName }) => logGroupName)).toEqual(['zone']);

  const streams: (string | undefined)[] = [];
  let nextToken: string | undefined;
  do {
    const page = await logs.send(
      new DescribeLogStreamsCommand({ logGroupName: group, descending: true, limit: 2, nextToken }),
    );
    streams.push(...(page.logStreams ?? []).map(({ logStreamName }) => logStreamName));
    ({ nextToken } = page);
  } while (nextToken);
  expect(streams).toEqual(['c', 'b', 'a']);

  await logs.send(new TagResourceCommand({ resourceArn: arn, tags: { stage: 'dev' } }));
  await logs.send(new UntagResourceCommand({ resourceArn: arn, tagKeys: ['team'] }));
  const { tags } = await logs.send(new ListTagsForResourceCommand({ resourceArn: arn }));
  expect(tags).toEqual({ stage: 'dev' });

  await logs.send(new DeleteLogStreamCommand({ logGroupName: group, logStreamName: 'b' }));
  await logs.send(new DeleteLogGroupCommand({ logGroupName: 'zone' }));
  await expect(logs.send(new DeleteLogGroupCommand({ logGroupName: 'zone' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'The specified log group does not exist.',
  });
});

test('streams by their last event, with its times', async () => {
  const server = await withStream('old', 'empty', 'new');
  const now = Date.now();
  await put(server, 'old', [{ timestamp: now - 5000, message: 'x' }]);
  await put(server, 'new', [
    { timestamp: now - 1000, message: 'y' },
    { timestamp: now, message: 'z' },
  ]);
  const { logStreams = [] } = await server.logs.send(
    new DescribeLogStreamsCommand({ logGroupIdentifier: arn, orderBy: 'LastEventTime', descending: true }),
  );
  expect(logStreams.map(({ logStreamName }) => logStreamName)).toEqual(['new', 'old', 'empty']);
  expect(logStreams[0]).toMatchObject({ firstEventTimestamp: now - 1000, lastEventTimestamp: now });
});

test('what PutLogEvents refuses, and what it leaves out', async () => {
  const server = await withStream('s');
  const now = Date.now();
  const refused = (logEvents: InputLogEvent[]) =>
    put(server, 's', logEvents).then(
      () => 'taken',
      (error: Error) => `${error.name}: ${error.message}`,
    );
  expect(
    await refused([
      { timestamp: now, message: 'b' },
      { timestamp: now - 1, message: 'a' },
    ]),
  ).toBe(
    'InvalidParameterException: Log events in a single PutLogEvents request must be in chronological order.',
  );
  expect(
    await refused([
      { timestamp: now - 25 * 3_600_000, message: 'a' },
      { timestamp: now, message: 'b' },
    ]),
  ).toMatch(/cannot span more than 24 hours/);
  expect(await refused([{ timestamp: now, message: '日'.repeat(349_520) }])).toMatch(
    /Upload too large: 1048586 bytes exceeds limit of 1048576/,
  );
  expect(await refused([{ timestamp: now, message: '' }])).toMatch(/'logEvents.1.member.message'/);
  expect(await refused([])).toMatch(/greater than or equal to 1/);
  expect(await refused(numbered(10_001))).toMatch(/less than or equal to 10000/);

  const day = 24 * 3_600_000;
  const old = await put(server, 's', [{ timestamp: now - 15 * day, message: 'too old' }]);
  expect(old.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1 });
  const late = await put(server, 's', [
    { timestamp: now, message: 'kept' },
    { timestamp: now + 3 * 3_600_000, message: 'too new' },
  ]);
  expect(late.rejectedLogEventsInfo).toEqual({ tooNewLogEventStartIndex: 1 });
  const found = await server.logs.send(new GetLogEventsCommand({ logGroupName: group, logStreamName: 's' }));
  expect(messages(found.events)).toEqual(['kept']);
  await server.logs.send(new PutRetentionPolicyCommand({ logGroupName: group, retentionInDays: 1 }));
  const expired = await put(server, 's', [{ timestamp: now - 2 * day, message: 'expired' }]);
  expect(expired.rejectedLogEventsInfo).toEqual({ expiredLogEventEndIndex: 1 });
  await expect(
    server.logs.send(new PutRetentionPolicyCommand({ logGroupName: group, retentionInDays: 2 })),
  ).rejects.toMatchObject({ name: 'InvalidParameterException' });
});

test('FilterLogEvents: streams, times, pattern, pages in the order of time', async () => {
  const server = await withStream('one', 'two');
  const start = Date.now() - 10_000;
  await put(server, 'one', numbered(5, start, 10));
  await put(server, 'two', numbered(5, start + 5, 10));
  const find = async (input: Partial<FilterLogEventsCommandInput>) => {
    const found: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await server.logs.send(
        new FilterLogEventsCommand({ logGroupName: group, ...input, nextToken }),
      );
      for (const { logStreamName, message } of page.events ?? []) found.push(`${logStreamName} ${message}`);
      ({ nextToken } = page);
    } while (nextToken);
    return found;
  };
  const all = [0, 1, 2, 3, 4].flatMap((n) => [`one line ${n}`, `two line ${n}`]);
  expect(await find({})).toEqual(all);
  expect(await find({ limit: 3 })).toEqual(all);
  expect(await find({ logStreamNamePrefix: 't', limit: 1 })).toEqual(
    all.filter((line) => line.startsWith('two')),
  );
  expect(await find({ logStreamNames: ['one'], filterPattern: '?3 ?4' })).toEqual([
    'one line 3',
    'one line 4',
  ]);
  // Both ends belong to the span that is searched.
  expect(await find({ startTime: start + 10, endTime: start + 15 })).toEqual(['one line 1', 'two line 1']);
  const { events = [] } = await server.logs.send(new FilterLogEventsCommand({ logGroupIdentifier: arn }));
  expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(10);
  for (const { eventId } of events) expect(eventId).toMatch(/^\d{56}$/);
});

test('a search that finds nothing yet answers an empty page with a token, and ends at last', async () => {
  const server = await withStream('s');
  const from = Date.now() - 60_000;
  for (const batch of [0, 1, 2]) await put(server, 's', numbered(10_000, from + batch * 10_000));
  await put(server, 's', [{ timestamp: Date.now(), message: 'the needle' }]);
  const pages: number[] = [];
  let nextToken: string | undefined;
  do {
    const page = await server.logs.send(
      new FilterLogEventsCommand({ logGroupName: group, filterPattern: 'needle', nextToken }),
    );
    pages.push(page.events?.length ?? 0);
    ({ nextToken } = page);
  } while (nextToken);
  expect(pages).toEqual([0, 0, 0, 1]);
});

test('GetLogEvents: from both ends, and the same token where there is no more', async () => {
  const server = await withStream('s', 'empty');
  await put(server, 's', numbered(7));
  const get = (input: object) =>
    server.logs.send(
      new GetLogEventsCommand({ logGroupName: group, logStreamName: 's', limit: 3, ...input }),
    );
  const tail = await get({});
  expect(messages(tail.events)).toEqual(['line 4', 'line 5', 'line 6']);
  const before = await get({ nextToken: tail.nextBackwardToken });
  expect(messages(before.events)).toEqual(['line 1', 'line 2', 'line 3']);
  const again = await get({ nextToken: before.nextForwardToken });
  expect(messages(again.events)).toEqual(['line 4', 'line 5', 'line 6']);
  const end = await get({ nextToken: again.nextForwardToken });
  expect(end.events).toEqual([]);
  expect(end.nextForwardToken).toBe(again.nextForwardToken);
  await put(server, 's', [{ timestamp: Date.now() + 1, message: 'later' }]);
  expect(messages((await get({ nextToken: end.nextForwardToken })).events)).toEqual(['later']);
  const head = await get({ startFromHead: true });
  expect(messages(head.events)).toEqual(['line 0', 'line 1', 'line 2']);
  const start = await get({ nextToken: head.nextBackwardToken });
  expect([start.events, start.nextBackwardToken]).toEqual([[], head.nextBackwardToken]);
  expect(messages((await get({ nextToken: start.nextForwardToken })).events)).toEqual(messages(head.events));
  const none = await get({ logStreamName: 'empty' });
  expect(none.events).toEqual([]);
  const still = await get({ logStreamName: 'empty', nextToken: none.nextForwardToken });
  expect(still.nextForwardToken).toBe(none.nextForwardToken);
  await expect(get({ nextToken: 'f/1/s' })).rejects.toMatchObject({ name: 'InvalidParameterException' });
});

test('StartLiveTail takes no ARN with an asterisk', async () => {
  const server = await withStream('one');
  await expect(
    server.logs.send(new StartLiveTailCommand({ logGroupIdentifiers: [`${arn}:*`] })),
  ).rejects.toThrow(expect.objectContaining({ name: 'InvalidParameterException' }));
});

test('StartLiveTail tells what is written meanwhile, by group, stream and pattern', async () => {
  const server = await withStream('one', 'two');
  const abort = new AbortController();
  const { responseStream } = await server.logs.send(
    new StartLiveTailCommand({
      logGroupIdentifiers: [arn],
      logStreamNamePrefixes: ['o'],
      logEventFilterPattern: 'wanted',
    }),
    { abortSignal: abort.signal },
  );
  const kinds: string[] = [];
  const told: unknown[] = [];
  try {
    for await (const event of responseStream ?? []) {
      kinds.push(...Object.keys(event));
      if (event.sessionStart) {
        expect(event.sessionStart).toMatchObject({
          logGroupIdentifiers: [arn],
          logEventFilterPattern: 'wanted',
        });
        const timestamp = Date.now();
        await put(server, 'one', [
          { timestamp, message: 'wanted 1' },
          { timestamp, message: 'other' },
        ]);
        await put(server, 'two', [{ timestamp, message: 'wanted elsewhere' }]);
      }
      told.push(...(event.sessionUpdate?.sessionResults ?? []));
      if (told.length > 0) break;
    }
  } finally {
    abort.abort();
  }
  expect(kinds[0]).toBe('sessionStart');
  expect(told).toEqual([
    expect.objectContaining({
      message: 'wanted 1',
      logStreamName: 'one',
      logGroupIdentifier: `101010101010:${group}`,
    }),
  ]);
});

test('errors are those of AWS; an operation that is not there is refused by its name', async () => {
  const { logs } = await withStream('s');
  const failure = (sent: Promise<unknown>) =>
    sent.then(
      () => 'no error',
      (error: Error) => `${error.name}: ${error.message}`,
    );
  expect(await failure(logs.send(new CreateLogGroupCommand({ logGroupName: group })))).toBe(
    'ResourceAlreadyExistsException: The specified log group already exists',
  );
  expect(await failure(logs.send(new CreateLogGroupCommand({ logGroupName: 'a b' })))).toMatch(
    /^InvalidParameterException: 1 validation error detected: Value 'a b' at 'logGroupName'/,
  );
  expect(
    await failure(logs.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName: 's' }))),
  ).toBe('ResourceAlreadyExistsException: The specified log stream already exists');
  expect(
    await failure(logs.send(new GetLogEventsCommand({ logGroupName: group, logStreamName: 'nobody' }))),
  ).toBe('ResourceNotFoundException: The specified log stream does not exist.');
  expect(await failure(logs.send(new DescribeLogGroupsCommand({ limit: 51 })))).toBe(
    "InvalidParameterException: 1 validation error detected: Value '51' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 50",
  );
  expect(
    await failure(logs.send(new FilterLogEventsCommand({ logGroupName: group, filterPattern: 'a:b' }))),
  ).toBe("InvalidParameterException: Invalid character(s) in term ':'");
  expect(
    await failure(
      logs.send(new StartQueryCommand({ logGroupName: group, startTime: 0, endTime: 1, queryString: 'x' })),
    ),
  ).toMatch(/UnknownOperationException: .*Logs_20140328.StartQuery/);
});

test('whatever a request holds, the answer is a result or a refusal', async () => {
  const { endpoint } = await withStream('s');
  const token = (kind: string, position: unknown) =>
    Buffer.from(JSON.stringify([kind, position])).toString('base64');
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(
      group,
      arn,
      's',
      'nobody',
      `${arn}:*`,
      'f/3/s',
      '{ $.a = 1 }',
      '[a, b',
      '?x',
      'LastEventTime',
    ),
    fc
      .constantFrom('filter', 'groups', 'streams true false', 'streams false false')
      .map((kind) => token(kind, 'x')),
    fc.array(fc.record({ timestamp: fc.integer(), message: fc.string() }), { maxLength: 3 }),
  );
  const members = [
    ...[
      'logGroupName',
      'logGroupIdentifier',
      'logStreamName',
      'logStreamNamePrefix',
      'logStreamNames',
      'nextToken',
    ],
    ...[
      'limit',
      'startTime',
      'endTime',
      'filterPattern',
      'logEvents',
      'orderBy',
      'descending',
      'resourceArn',
    ],
    ...[
      'tags',
      'tagKeys',
      'retentionInDays',
      'logGroupIdentifiers',
      'logEventFilterPattern',
      'startFromHead',
    ],
  ];
  const operations = [
    ...['CreateLogGroup', 'CreateLogStream', 'DescribeLogGroups', 'DescribeLogStreams', 'FilterLogEvents'],
    ...[
      'GetLogEvents',
      'PutLogEvents',
      'PutRetentionPolicy',
      'TagResource',
      'UntagResource',
      'ListTagsForResource',
    ],
    ...['DeleteLogStream', 'DeleteRetentionPolicy', 'ListTagsLogGroup', 'TagLogGroup', 'UntagLogGroup'],
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...operations),
      fc.dictionary(fc.constantFrom(...members), value, { maxKeys: 6 }),
      fc.boolean(),
      async (operation, input, named) => {
        const response = await fetch(endpoint, {
          method: 'POST',
          headers: {
            'Content-Type': 'application/x-amz-json-1.1',
            'X-Amz-Target': `Logs_20140328.${operation}`,
          },
          body: JSON.stringify(named ? { ...input, logGroupName: group, logStreamName: 's' } : input),
        });
        expect([200, 400], `${operation}: ${await response.text()}`).toContain(response.status);
      },
    ),
    { numRuns: 300 },
  );
});
