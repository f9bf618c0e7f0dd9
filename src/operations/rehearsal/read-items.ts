import type { MapItem } from '../../asl/engine/map-item.js';
import type { MapRunSpec } from '../../asl/engine/protocol.js';
import { exitCodes, FlowError, failedWith } from '../../errors.js';
import type { Gateways, ObjectGateway } from '../../ports/aws.js';

/** Reads what an ItemReader reads, a few items at a time. */
export type ReadItems = (spec: MapRunSpec, objects: ReadObjects) => AsyncIterable<MapItem[]>;
export type ReadObjects = Pick<ObjectGateway, 'head' | 'list' | 'read'>;

/** The items are not as the reader wants them: the map run would fail. */
export class ReadItemsError extends Error {
  constructor({ message }: Error) {
    super(message);
  }
}

/** A rehearsal keeps its items in memory. */
const MOST_ITEMS = 100_000;

/**
 * The items of a Map that reads an object or a bucket, as it is today; undefined where it can't be read.
 * @throws ReadItemsError; FlowError 2 where there are too many
 */
export async function itemsOfReader(
  spec: MapRunSpec,
  { objects }: Pick<Gateways, 'objects'>,
  readItems: ReadItems,
): Promise<MapItem[] | undefined> {
  if (!spec.itemReader) return undefined;
  const { maxItems = Number.POSITIVE_INFINITY } = spec.itemReader.readerConfig;
  const items: MapItem[] = [];
  try {
    for await (const page of readItems(spec, objects)) {
      for (const item of page) if (items.length < maxItems) items.push(item);
      if (items.length >= maxItems) break;
      if (items.length > MOST_ITEMS)
        throw new FlowError(
          exitCodes.usage,
          'TooManyItems',
          `${spec.stateName} reads more than ${MOST_ITEMS} items: too many for a rehearsal`,
          { hint: 'give some: --answers FILE with { "STATE": { "items": […] } }' },
        );
    }
  } catch (error) {
    // It is gone, or nobody may read it: the answer is missing.
    if (failedWith(error, exitCodes.notFound, exitCodes.denied)) return undefined;
    throw error;
  }
  return items;
}
