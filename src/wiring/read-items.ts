import type { MapItem } from '../asl/engine/map-item.js';
import type { MapRunSpec } from '../asl/engine/protocol.js';
import { FlowError } from '../errors.js';
import type { ObjectSource } from '../local/index.js';
import { ReadItemsError, type ReadObjects } from '../operations/rehearsal/read-items.js';

/**
 * What a Map's ItemReader reads of a target's bucket, a few items at a time, by the same readers as the embedded server.
 * @throws ReadItemsError as AWS would fail the map run; FlowError where the object can't be read
 */
export async function* readItems(spec: MapRunSpec, objects: ReadObjects): AsyncGenerator<MapItem[]> {
  const { itemSource } = await import('../local/index.js');
  const asked = keepingFaults(objects);
  try {
    yield* itemSource(spec, asked.objects)(undefined);
  } catch (error) {
    throw error === asked.fault() || error instanceof FlowError ? error : new ReadItemsError(error as Error);
  }
}

/** The buckets of a target. What a call fails with is told apart from what is wrong in the file. */
function keepingFaults(gateway: ReadObjects): { objects: ObjectSource; fault(): unknown } {
  let fault: unknown;
  const kept = (error: unknown): never => {
    fault = error;
    throw error;
  };
  const headOf = async (bucket: string, key: string) => {
    const head = await gateway.head(bucket, key);
    // Reading what is not there tells why.
    if (!head) await gateway.read(bucket, key);
    return head;
  };
  const objects: ObjectSource = {
    // A bucket that is not there fails the first call.
    bucketExists: () => true,
    head: (bucket, key) => headOf(bucket, key).catch(kept),
    list: (bucket, { prefix, startAfter }) => gateway.list(bucket, prefix, startAfter).catch(kept),
    async *read(bucket, key, start) {
      try {
        yield* await gateway.read(bucket, key, start);
      } catch (error) {
        kept(error);
      }
    },
  };
  return { objects, fault: () => fault };
}
