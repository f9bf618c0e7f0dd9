import type { IncomingMessage, ServerResponse } from 'node:http';
import { redactedValue } from '../../workflow/history/redact.js';
import type { Topic } from '../api.js';
import { safeHeaders, sendRefusal } from '../http/reply.js';
import type { Hub } from './hub.js';

/** All pages of a console together; a page has one. */
const MOST_STREAMS = 32;
const MOST_TOPICS_OF_STREAM = 16;
/** Milliseconds in which changes are gathered. */
const GATHERED = 40;
/** So that either side notices that the other is gone. */
const HEARTBEAT = 10_000;

/** `GET /api/events?topic=executions&since=&topic=paused&since=<version>`: server-sent events, a message each. */
export function createEventStreams(hub: Hub): {
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** How many are open. */
  count(): number;
  close(): void;
} {
  const streams = new Set<ServerResponse>();
  return {
    count: () => streams.size,
    handle(request, response) {
      if (streams.size >= MOST_STREAMS)
        return sendRefusal(response, {
          status: 429,
          code: 'TooManyStreams',
          message: `at most ${MOST_STREAMS} pages get events at once; close some`,
        });
      const wanted = wantedOf(request.url ?? '');
      const reading = wanted.map(({ topic, version }) => ({ topic, version, reader: hub.read(topic) }));
      const missing = reading.find(({ reader }) => !reader);
      if (missing || wanted.length === 0 || wanted.length > MOST_TOPICS_OF_STREAM) {
        for (const { reader } of reading) reader?.leave();
        return sendRefusal(response, {
          status: 404,
          code: 'NoSuchTopic',
          message: missing ? `there is no topic ${missing.topic}` : 'name 1 to 16 topics',
        });
      }
      streams.add(response);
      response.writeHead(200, {
        ...safeHeaders,
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store',
      });
      response.write(': open\n\n');
      let timer: NodeJS.Timeout | undefined;
      let full = false;
      const send = (): void => {
        timer = undefined;
        for (const one of reading) {
          // What a slow reader lacks is made of the latest state when it reads again, and is never piled up.
          if (full) return;
          for (const message of one.reader?.live.since(one.version) ?? []) {
            one.version = message.version;
            full = !response.write(
              `id: ${message.version}\ndata: ${JSON.stringify(redactedValue(message))}\n\n`,
            );
          }
        }
      };
      const soon = (): void => {
        timer ??= setTimeout(send, GATHERED);
      };
      const stops = reading.map(({ reader }) => reader?.live.onChange(soon));
      const beat = setInterval(() => response.write(': here\n\n'), HEARTBEAT);
      response.on('drain', () => {
        full = false;
        soon();
      });
      response.once('close', () => {
        clearInterval(beat);
        clearTimeout(timer);
        for (const stop of stops) stop?.();
        for (const { reader } of reading) reader?.leave();
        streams.delete(response);
      });
      send();
    },
    close() {
      for (const stream of streams) stream.end();
    },
  };
}

/** Each topic, with the version that the page has of it. */
function wantedOf(url: string): { topic: Topic; version?: string }[] {
  const query = new URLSearchParams(url.split('?', 2)[1] ?? '');
  const versions = query.getAll('since');
  return query.getAll('topic').map((topic, index) => ({ topic, version: versions[index] }));
}
