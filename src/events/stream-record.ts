import { exitCodes, FlowError } from '../errors.js';
import { type Attributes, attributesSize } from './attribute-value.js';

export type StreamEventName = 'INSERT' | 'MODIFY' | 'REMOVE';

/** One change of a table, as DynamoDB Streams tells it to a Lambda function. */
export type StreamRecord = {
  eventID: string;
  eventName: StreamEventName;
  eventVersion: '1.1';
  eventSource: 'aws:dynamodb';
  awsRegion: string;
  dynamodb: {
    /** Epoch seconds. */
    ApproximateCreationDateTime: number;
    Keys: Attributes;
    NewImage?: Attributes;
    OldImage?: Attributes;
    SequenceNumber: string;
    SizeBytes: number;
    StreamViewType: 'NEW_IMAGE' | 'NEW_AND_OLD_IMAGES';
  };
  eventSourceARN: string;
};

export interface TableChange {
  eventName: StreamEventName;
  item: Attributes;
  /** What it was before: the stream then shows both images. */
  old?: Attributes;
  /** Names of the table's key attributes. */
  keys: string[];
  eventID: string;
  /** Rises from record to record. */
  sequenceNumber: string;
  /** Epoch milliseconds. */
  at: number;
  /** Of the stream. */
  eventSourceARN: string;
}

/** @throws FlowError 2 where the item lacks a key, or has one of a type that no key can have */
export function streamRecord(change: TableChange): StreamRecord {
  const { eventName, item, old, eventSourceARN } = change;
  const Keys = Object.fromEntries(change.keys.map((name) => [name, keyValue(item, name)]));
  const NewImage = eventName === 'REMOVE' ? undefined : item;
  const OldImage = eventName === 'INSERT' ? undefined : old;
  const images = [Keys, NewImage, OldImage].filter((image) => image !== undefined);
  return {
    eventID: change.eventID,
    eventName,
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: eventSourceARN.split(':')[3] ?? '',
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(change.at / 1000),
      Keys,
      ...(NewImage && { NewImage }),
      ...(OldImage && { OldImage }),
      SequenceNumber: change.sequenceNumber,
      SizeBytes: images.reduce((sum, image) => sum + attributesSize(image), 0),
      StreamViewType: old === undefined ? 'NEW_IMAGE' : 'NEW_AND_OLD_IMAGES',
    },
    eventSourceARN,
  };
}

function keyValue(item: Attributes, name: string): Attributes[string] {
  const value = Object.hasOwn(item, name) ? item[name] : undefined;
  if (value && ('S' in value || 'N' in value || 'B' in value)) return value;
  throw new FlowError(
    exitCodes.usage,
    'KeyMissing',
    value === undefined
      ? `the item has no key attribute ${name}`
      : `the key attribute ${name} is neither a string, a number nor binary`,
    { where: `$.${name}`, hint: 'name the key attributes of the table: --keys pk,sk' },
  );
}

/** The table of a stream's ARN, else undefined. */
export const tableOfStream = (arn: string): string | undefined =>
  /^arn:[^:]*:dynamodb:[^:]*:[^:]*:table\/([^/]+)\/stream\//.exec(arn)?.[1];
