import { messageMatchesAny } from '../../events/filter-pattern.js';
import { isObject, type JsonObject } from '../../json/json.js';
import { account, region } from '../arns.js';
import { backoff, type Delivering, deliver, type Found, pause } from './delivery.js';
import { type Call, list } from './service-call.js';

/** Lambda begins with so many at a queue. */
const POLLERS = 5;
const LONG_POLL_SECONDS = 20;
/** A server that does not hold an empty request is asked again after this. */
const EMPTY_QUEUE = 500;
/** ReceiveMessage gives no more. */
const MOST_MESSAGES = 10;

export interface ListedQueue {
  url: string;
  arn: string;
  name: string;
  /** ARN of the queue that takes what failed too often. */
  deadLetter?: string;
}

export async function listQueues(call: Call, signal: AbortSignal): Promise<ListedQueue[]> {
  const urls: string[] = [];
  let from: JsonObject = {};
  do {
    const { QueueUrls, NextToken } = await call('ListQueues', from, signal);
    if (Array.isArray(QueueUrls)) for (const url of QueueUrls) urls.push(String(url));
    from = NextToken === undefined || NextToken === null ? {} : { NextToken };
  } while (from.NextToken !== undefined);
  return await Promise.all(urls.map((url) => describeQueue(call, url, signal)));
}

async function describeQueue(call: Call, url: string, signal: AbortSignal): Promise<ListedQueue> {
  const { Attributes = {} } = await call(
    'GetQueueAttributes',
    { QueueUrl: url, AttributeNames: ['All'] },
    signal,
  );
  const { QueueArn, RedrivePolicy } = Attributes as Record<string, string | undefined>;
  const name = url.slice(url.lastIndexOf('/') + 1);
  const arn = QueueArn ?? `arn:aws:sqs:${region}:${account}:${name}`;
  const deadLetter = /"deadLetterTargetArn"\s*:\s*"([^"]+)"/.exec(RedrivePolicy ?? '')?.[1];
  return { url, arn, name, deadLetter };
}

/** Delivers the messages of a queue; what succeeded is deleted, the rest comes again when it is visible again. */
export async function followQueue(
  delivering: Delivering,
  call: Call,
  queue: Found,
  url: string,
): Promise<void> {
  await Promise.all(Array.from({ length: POLLERS }, () => poll(delivering, call, queue, url)));
}

async function poll(delivering: Delivering, call: Call, queue: Found, QueueUrl: string): Promise<void> {
  const { signal, log } = delivering;
  let attempts = 0;
  while (!signal.aborted) {
    try {
      const asked = performance.now();
      const received = await call(
        'ReceiveMessage',
        {
          QueueUrl,
          MaxNumberOfMessages: Math.min(queue.batchSize, MOST_MESSAGES),
          WaitTimeSeconds: LONG_POLL_SECONDS,
          AttributeNames: ['All'],
          MessageAttributeNames: ['All'],
        },
        signal,
      );
      attempts = 0;
      const messages = list(received.Messages);
      if (messages.length > 0) await deliverMessages(delivering, call, queue, QueueUrl, messages);
      else if (performance.now() - asked < EMPTY_QUEUE) await pause(EMPTY_QUEUE, signal);
    } catch (error) {
      if (signal.aborted) return;
      attempts += 1;
      if (attempts === 1) log(`${queue.arn}: ${(error as Error).message}`);
      await pause(backoff(attempts), signal);
    }
  }
}

async function deliverMessages(
  delivering: Delivering,
  call: Call,
  { arn, functionName, filters }: Found,
  QueueUrl: string,
  messages: JsonObject[],
): Promise<void> {
  const { log, signal } = delivering;
  const records = messages.map((message) => ({
    identifier: String(message.MessageId),
    record: recordOf(message, arn),
  }));
  const wanted = records.filter(({ record }) => messageMatchesAny(record, filters));
  const { failed, why } =
    wanted.length === 0 ? { failed: [] } : await deliver(delivering, functionName, wanted);
  if (signal.aborted) return;
  if (failed.length > 0)
    log(`${arn}: ${failed.join(', ')} failed (${why}); visible again after the visibility timeout`);
  for (const { identifier, record } of records) {
    // What the filters leave out is deleted too.
    if (failed.includes(identifier)) continue;
    await call('DeleteMessage', { QueueUrl, ReceiptHandle: record.receiptHandle ?? '' }, signal);
  }
}

/** A message of SQS as Lambda hands it on. */
function recordOf(message: JsonObject, arn: string): JsonObject {
  const { MessageId = '', ReceiptHandle = '', Body = '', Attributes = {}, MD5OfBody = '' } = message;
  const { MessageAttributes, MD5OfMessageAttributes } = message;
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: Attributes,
    messageAttributes: attributesOf(isObject(MessageAttributes) ? MessageAttributes : {}),
    ...(MD5OfMessageAttributes !== undefined && { md5OfMessageAttributes: MD5OfMessageAttributes }),
    md5OfBody: MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: arn,
    awsRegion: arn.split(':')[3] ?? '',
  };
}

function attributesOf(attributes: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => {
      const { StringValue, BinaryValue, DataType = 'String' } = isObject(attribute) ? attribute : {};
      return [
        name,
        {
          ...(StringValue !== undefined && { stringValue: StringValue }),
          ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
          stringListValues: [],
          binaryListValues: [],
          dataType: DataType,
        },
      ];
    }),
  );
}
