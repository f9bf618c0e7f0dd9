import { FlowError } from '../../errors.js';
import type { Attributes, AttributeValue } from '../../events/attribute-value.js';
import { notificationBody, queueRecord } from '../../events/queue-record.js';
import { type StreamEventName, streamRecord } from '../../events/stream-record.js';
import type { JsonObject } from '../../json/json.js';
import type { TableGateway } from '../../ports/aws.js';
import { redactTokens } from '../../workflow/history/redact.js';

/** A record that is to be delivered, and how to know it again. */
export interface DraftRecord {
  /** `INSERT SAMPLE#t1 A001@1`, or the begin of a message. */
  title: string;
  record: JsonObject;
  /** What stands in the input of an execution that it starts. */
  mentions: string[];
}

/** Where and when records come to be. */
interface Place {
  /** Of the stream or the queue. */
  arn: string;
  account: string;
  /** Epoch milliseconds. */
  now: number;
}

export function draftStreamRecords(
  items: Attributes[],
  change: { eventName: StreamEventName; old?: Attributes; keys: string[] },
  { arn, now }: Place,
): DraftRecord[] {
  return items.map((item, index) => {
    const record = streamRecord({
      ...change,
      item,
      eventID: crypto.randomUUID().replaceAll('-', ''),
      sequenceNumber: rising(now, index),
      at: now,
      eventSourceARN: arn,
    });
    const keys = Object.values(record.dynamodb.Keys).map(plainKey);
    return { title: `${change.eventName} ${keys.join(' ')}`, record, mentions: keys };
  });
}

/** The framework's keys where all items have them, else what the table says, where it can be asked. */
export async function keyNames(
  tables: Pick<TableGateway, 'keyNames'>,
  table: string,
  items: Attributes[],
): Promise<string[]> {
  const usual = ['pk', 'sk'];
  if (items.every((item) => usual.every((name) => Object.hasOwn(item, name)))) return usual;
  try {
    return await tables.keyNames(table);
  } catch (error) {
    if (error instanceof FlowError) return usual;
    throw error;
  }
}

export function draftMessages(
  bodies: string[],
  message: { attributes: Record<string, string>; topicArn?: string; groupId?: string },
  { arn, account, now }: Place,
): DraftRecord[] {
  const { topicArn, attributes } = message;
  return bodies.map((text, index) => {
    const messageId = crypto.randomUUID();
    const body =
      topicArn === undefined
        ? text
        : notificationBody({ message: text, topicArn, attributes, messageId: crypto.randomUUID(), at: now });
    const record = queueRecord({
      ...message,
      body,
      // A topic keeps them in its envelope.
      attributes: topicArn === undefined ? attributes : {},
      messageId,
      receiptHandle: `mbc-flow-${crypto.randomUUID()}`,
      at: now,
      senderId: account,
      eventSourceARN: arn,
      sequenceNumber: rising(now, index),
    });
    const told = redactTokens(text);
    const title = told.length > TITLE ? `${told.slice(0, TITLE)}…` : told;
    return { title, record, mentions: [] };
  });
}

const TITLE = 60;

/** Numbers of AWS's length that rise with time, and with the place among others of the same time. */
const rising = (now: number, index: number): string => `${now}${String(index).padStart(12, '0')}`;

function plainKey(value: AttributeValue): string {
  return String(Object.values(value)[0]);
}
