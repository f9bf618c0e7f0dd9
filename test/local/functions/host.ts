import type { Json } from '../../../src/json/json.js';
import type { FunctionHost, ObjectStore, ObjectSummary } from '../../../src/local/ports.js';

export interface MemoryHost extends FunctionHost {
  /** `bucket/key` -> body. */
  bodies: Map<string, Buffer>;
  /** Tokens that were answered, with their output. */
  answered: { token: string; output: string }[];
  /** What was started. */
  started: { machine: string; name: string | undefined; input: Json }[];
}

/** The port of the server, over maps. A token can be answered once. */
export function memoryHost(): MemoryHost {
  const bodies = new Map<string, Buffer>();
  const state = new Map<string, unknown>();
  const answered: MemoryHost['answered'] = [];
  const started: MemoryHost['started'] = [];
  const summary = (name: string): ObjectSummary | undefined => {
    const body = bodies.get(name);
    return body && { key: name.slice(name.indexOf('/') + 1), size: body.length, etag: '', lastModified: 0 };
  };
  const objects: ObjectStore = {
    bucketExists: () => true,
    createBucket: async () => {},
    head: (bucket, key) => summary(`${bucket}/${key}`),
    read(bucket, key, start = 0) {
      const body = bodies.get(`${bucket}/${key}`);
      return body && pieces(body.subarray(start));
    },
    async put(bucket, key, body) {
      const chunks: Uint8Array[] = [];
      if (body instanceof Uint8Array) chunks.push(body);
      else for await (const chunk of body) chunks.push(chunk);
      bodies.set(`${bucket}/${key}`, Buffer.concat(chunks));
      return { key, size: 0, etag: '', lastModified: 0 };
    },
    async remove(bucket, keys) {
      for (const key of keys) bodies.delete(`${bucket}/${key}`);
    },
    list: () => [],
  };
  return {
    bodies,
    answered,
    started,
    objects,
    state: {
      get: <T>(key: string) => state.get(key) as T | undefined,
      async update<T>(key: string, change: (current: T | undefined) => T) {
        const next = change(state.get(key) as T | undefined);
        state.set(key, next);
        return next;
      },
    },
    async sendTaskSuccess(token, output) {
      if (answered.some((answer) => answer.token === token)) return false;
      answered.push({ token, output });
      return true;
    },
    rootExecutionName: () => 'root-run',
    async startExecution(machine, name, input) {
      started.push({ machine, name, input });
    },
    now: () => 1_700_000_000_000,
  };
}

/** In pieces that fall anywhere, as from a disk. */
async function* pieces(body: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < body.length; at += 7) yield body.subarray(at, at + 7);
}
