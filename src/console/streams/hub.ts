import type { Topic } from '../api.js';
import { createLiveTopic, type Feed, type LiveTopic } from './live-topic.js';

/** Fills a topic as long as somebody reads it, until `signal` fires. @param id what stands behind the topic's colon */
export type FillTopic = (id: string, feed: Feed, signal: AbortSignal) => Promise<void>;

export interface Hub {
  /** Undefined: there is no such topic. Whoever reads it says when no more. */
  read(topic: Topic): { live: LiveTopic; leave(): void } | undefined;
  close(): Promise<void>;
}

/** Milliseconds that a topic is kept for a reader that comes back. */
const KEPT = 20_000;
/** Topics that are open at once, over all readers. */
const MOST_TOPICS = 200;

interface Open {
  live: LiveTopic;
  readers: number;
  stop: AbortController;
  filling: Promise<void>;
  leaving?: NodeJS.Timeout;
}

/** @param kinds by what stands before a topic's colon */
export function createHub(
  kinds: Readonly<Record<string, FillTopic>>,
  onFailure: (topic: Topic, error: unknown) => void,
): Hub {
  const open = new Map<Topic, Open>();
  const end = (topic: Topic, one: Open): void => {
    one.stop.abort();
    open.delete(topic);
  };
  const begin = (topic: Topic): Open | undefined => {
    const [kind = '', id = ''] = split(topic);
    const fill = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
    if (!fill || open.size >= MOST_TOPICS) return undefined;
    const live = createLiveTopic(topic);
    const stop = new AbortController();
    const filling = fill(id, live, stop.signal).catch((error: unknown) => {
      if (stop.signal.aborted) return;
      live.tell({ trouble: error instanceof Error ? error.message : String(error) });
      onFailure(topic, error);
    });
    const one: Open = { live, readers: 0, stop, filling };
    open.set(topic, one);
    return one;
  };
  return {
    read(topic) {
      const one = open.get(topic) ?? begin(topic);
      if (!one) return undefined;
      clearTimeout(one.leaving);
      one.readers++;
      let left = false;
      return {
        live: one.live,
        leave() {
          if (left) return;
          left = true;
          if (--one.readers > 0) return;
          one.leaving = setTimeout(() => end(topic, one), KEPT);
          one.leaving.unref();
        },
      };
    },
    async close() {
      const all = [...open];
      for (const [topic, one] of all) {
        clearTimeout(one.leaving);
        end(topic, one);
      }
      await Promise.all(all.map(([, { filling }]) => filling));
    },
  };
}

function split(topic: Topic): [kind: string, id: string] {
  const at = topic.indexOf(':');
  return at < 0 ? [topic, ''] : [topic.slice(0, at), topic.slice(at + 1)];
}
