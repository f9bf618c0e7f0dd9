import type { ItemBytes, MapItem } from '../../../asl/engine/map-item.js';
import type { MapRunSpec } from '../../../asl/engine/protocol.js';
import { isObject } from '../../../json/json.js';
import type { ObjectStore, ObjectSummary } from '../../ports.js';

/** Where reading goes on: of one object an offset or a count, of several the one that is read and where in it. */
export type Cursor = number | string | [at: number | string, inner: Cursor];

export interface Item extends MapItem {
  /** Just after this item. */
  cursor: Cursor;
  /** Its JSON text, where the reader has that: `value` is then made when it is asked for. */
  readonly written?: ItemBytes;
}

/** Items from `from` on (from the first when absent), some at a time, lazily. @throws ItemReaderError, CsvError */
export type ItemSource = (from: Cursor | undefined) => AsyncIterable<Item[]>;

export type ListedObject = ObjectSummary & { storageClass?: string };

/** What the readers ask of buckets: the server's own, or those of a target. */
export interface ObjectSource extends Pick<ObjectStore, 'read'> {
  bucketExists(bucket: string): boolean | Promise<boolean>;
  head(bucket: string, key: string): { size: number } | undefined | Promise<{ size: number } | undefined>;
  list(
    bucket: string,
    options: { prefix: string; startAfter?: string; limit: number },
  ): ListedObject[] | Promise<ListedObject[]>;
}

/** Reading the items failed: the map run ends with `States.ItemReaderFailed`. */
export class ItemReaderError extends Error {}

export type ItemReader = NonNullable<MapRunSpec['itemReader']>;

/** `$$.Map.Item.Source` of what a bucket, or an object in it, holds. */
export const sourceOf = (bucket: string, key?: string): string =>
  key === undefined ? `S3://${bucket}` : `S3://${bucket}/${key}`;

/** AWS's limit of one item, before an ItemSelector makes it smaller. */
export const maxItemBytes = 8 << 20;

/** The reader's parameter of that name; S3's names are text, whatever a definition gives. */
export function parameter({ parameters }: ItemReader, name: 'Bucket' | 'Key' | 'Prefix'): string {
  const value = isObject(parameters) ? parameters[name] : undefined;
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
}
