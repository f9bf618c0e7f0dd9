import { createHash } from 'node:crypto';

/** One message, as SQS gives it to a Lambda function. */
export type QueueRecord = {
  messageId: string;
  receiptHandle: string;
  body: string;
  attributes: Record<string, string>;
  messageAttributes: Record<
    string,
    { stringValue: string; stringListValues: []; binaryListValues: []; dataType: string }
  >;
  md5OfBody: string;
  eventSource: 'aws:sqs';
  eventSourceARN: string;
  awsRegion: string;
};

export interface SentMessage {
  body: string;
  /** String attributes of the message. */
  attributes: Record<string, string>;
  messageId: string;
  receiptHandle: string;
  /** Epoch milliseconds. */
  at: number;
  /** Who sent it: a principal's id, or an account. */
  senderId: string;
  /** Of the queue; one that ends with `.fifo` keeps its messages in order. */
  eventSourceARN: string;
  /** FIFO: which messages are in order with each other; default: all. */
  groupId?: string;
  sequenceNumber: string;
}

export function queueRecord(message: SentMessage): QueueRecord {
  const { body, at, eventSourceARN } = message;
  return {
    messageId: message.messageId,
    receiptHandle: message.receiptHandle,
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: String(at),
      ...(eventSourceARN.endsWith('.fifo') && {
        SequenceNumber: message.sequenceNumber,
        MessageGroupId: message.groupId ?? 'default',
        // As with content-based deduplication.
        MessageDeduplicationId: createHash('sha256').update(body).digest('hex'),
      }),
      SenderId: message.senderId,
      ApproximateFirstReceiveTimestamp: String(at),
    },
    messageAttributes: Object.fromEntries(
      Object.entries(message.attributes).map(([name, stringValue]) => [
        name,
        { stringValue, stringListValues: [], binaryListValues: [], dataType: 'String' },
      ]),
    ),
    md5OfBody: createHash('md5').update(body).digest('hex'),
    eventSource: 'aws:sqs',
    eventSourceARN,
    awsRegion: eventSourceARN.split(':')[3] ?? '',
  };
}

export interface Notification {
  message: string;
  topicArn: string;
  attributes: Record<string, string>;
  messageId: string;
  /** Epoch milliseconds. */
  at: number;
}

/** The body of a message that a topic of SNS sent to a queue without raw delivery. */
export function notificationBody({ message, topicArn, attributes, messageId, at }: Notification): string {
  const region = topicArn.split(':')[3] ?? '';
  const host = `https://sns.${region}.amazonaws.com`;
  const names = Object.keys(attributes);
  return JSON.stringify({
    Type: 'Notification',
    MessageId: messageId,
    TopicArn: topicArn,
    Message: message,
    Timestamp: new Date(at).toISOString(),
    SignatureVersion: '1',
    // Nobody has signed it; who verifies signatures must see that.
    Signature: 'EXAMPLE',
    SigningCertURL: `${host}/SimpleNotificationService-0000000000000000000000.pem`,
    UnsubscribeURL: `${host}/?Action=Unsubscribe&SubscriptionArn=${topicArn}:00000000-0000-0000-0000-000000000000`,
    ...(names.length > 0 && {
      MessageAttributes: Object.fromEntries(
        names.map((name) => [name, { Type: 'String', Value: attributes[name] }]),
      ),
    }),
  });
}
