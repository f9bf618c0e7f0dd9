import { expect, test } from 'vitest';
import { toAttributes } from '../../src/events/attribute-value.js';
import { notificationBody, queueRecord } from '../../src/events/queue-record.js';
import { streamRecord, tableOfStream } from '../../src/events/stream-record.js';
import { parseWritten } from '../../src/json/lossless.js';

const stream = 'arn:aws:dynamodb:us-east-1:123456789012:table/ExampleTable/stream/2015-06-27T00:48:05.899';
const row = (message: string) => toAttributes(parseWritten(`{"Message":"${message}","Id":101}`));
const change = {
  keys: ['Id'],
  eventID: 'e1',
  sequenceNumber: '111',
  at: 1_428_537_600_999,
  eventSourceARN: stream,
};

test('a change of a table is told as the documentation shows it', () => {
  const item = row('New item!');
  expect(streamRecord({ ...change, eventName: 'INSERT', item })).toEqual({
    eventID: 'e1',
    eventName: 'INSERT',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
    dynamodb: {
      ApproximateCreationDateTime: 1_428_537_600,
      Keys: { Id: { N: '101' } },
      NewImage: { Message: { S: 'New item!' }, Id: { N: '101' } },
      SequenceNumber: '111',
      SizeBytes: 26,
      StreamViewType: 'NEW_IMAGE',
    },
    eventSourceARN: stream,
  });
  const changed = row('This item has changed');
  const modified = streamRecord({ ...change, eventName: 'MODIFY', item: changed, old: item }).dynamodb;
  expect(modified).toMatchObject({ SizeBytes: 59, StreamViewType: 'NEW_AND_OLD_IMAGES', OldImage: item });
  const removed = streamRecord({ ...change, eventName: 'REMOVE', item: changed, old: changed }).dynamodb;
  expect(removed).toMatchObject({ SizeBytes: 38, OldImage: changed });
  expect(removed).not.toHaveProperty('NewImage');
  expect(streamRecord({ ...change, eventName: 'REMOVE', item }).dynamodb).toMatchObject({ SizeBytes: 5 });
});

test('a row without its keys is refused', () => {
  const without = { ...change, eventName: 'INSERT' as const, item: toAttributes({ Id: ['x'] }) };
  expect(() => streamRecord(without)).toThrow(/neither a string, a number nor binary/);
  expect(() => streamRecord({ ...without, keys: ['toString'] })).toThrow(/no key attribute toString/);
});

test('the table of a stream is in its ARN', () => {
  expect(tableOfStream(stream)).toBe('ExampleTable');
  expect(tableOfStream('arn:aws:sqs:us-east-1:123456789012:queue')).toBeUndefined();
});

test('a message is as SQS gives it; a FIFO queue says its order too', () => {
  const message = {
    body: 'hello',
    attributes: { action: 'task-execute' },
    messageId: 'm1',
    receiptHandle: 'r1',
    at: 5,
    senderId: '123456789012',
    eventSourceARN: 'arn:aws:sqs:us-east-1:123456789012:queue',
    sequenceNumber: '7',
  };
  expect(queueRecord(message)).toEqual({
    messageId: 'm1',
    receiptHandle: 'r1',
    body: 'hello',
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '5',
      SenderId: '123456789012',
      ApproximateFirstReceiveTimestamp: '5',
    },
    messageAttributes: {
      action: { stringValue: 'task-execute', stringListValues: [], binaryListValues: [], dataType: 'String' },
    },
    md5OfBody: '5d41402abc4b2a76b9719d911017c592',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:123456789012:queue',
    awsRegion: 'us-east-1',
  });
  expect(
    queueRecord({ ...message, eventSourceARN: `${message.eventSourceARN}.fifo`, groupId: 'g' }).attributes,
  ).toMatchObject({
    SequenceNumber: '7',
    MessageGroupId: 'g',
    MessageDeduplicationId: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
  });
});

test('a notification is as SNS wraps it', () => {
  const topicArn = 'arn:aws:sns:ap-northeast-1:123456789012:main-sns';
  const sent = { message: '{"a":1}', topicArn, attributes: { action: 'x' }, messageId: 'n1', at: 0 };
  expect(JSON.parse(notificationBody(sent))).toMatchObject({
    Type: 'Notification',
    MessageId: 'n1',
    TopicArn: topicArn,
    Message: '{"a":1}',
    Timestamp: '1970-01-01T00:00:00.000Z',
    SignatureVersion: '1',
    SigningCertURL: expect.stringMatching(/^https:\/\/sns\.ap-northeast-1\.amazonaws\.com\/.*\.pem$/),
    MessageAttributes: { action: { Type: 'String', Value: 'x' } },
  });
  expect(notificationBody({ ...sent, attributes: {} })).not.toContain('MessageAttributes');
});
