import type { MapItem } from '../asl/engine/map-item.js';
import type { MapRunSpec } from '../asl/engine/protocol.js';
import { FlowError } from '../errors.js';
import type { ObjectStore } from '../local/index.js';
import { ReadItemsError } from '../operations/rehearsal/read-items.js';
import type { ObjectGateway } from '../ports/aws.js';

/**
 * What a Map's ItemReader reads of a target's bucket, a few items at a time, by the same readers as the embedded server.
 * @throws ReadItemsError as AWS would fail the map run; FlowError where the object can't be read
 */
export async function* readItems(
  spec: MapRunSpec,
  objects: Pick<ObjectGateway, 'read'>,
): AsyncGenerator<MapItem[]> {
  const { itemSource } = await import('../local/index.js');
  let unreachable: unknown;
  async function* bytes(bucket: string, key: string, start = 0): AsyncGenerator<Uint8Array> {
    let skip = start;
    try {
      for await (const chunk of await objects.read(bucket, key)) {
        if (skip < chunk.length) yield chunk.subarray(skip);
        skip = Math.max(0, skip - chunk.length);
      }
    } catch (error) {
      unreachable = error;
      throw error;
    }
  }
  const store = { bucketExists: () => true, read: bytes } as unknown as ObjectStore;
  try {
    yield* itemSource(spec, store)(undefined);
  } catch (error) {
    throw error === unreachable || error instanceof FlowError ? error : new ReadItemsError(error as Error);
  }
}
