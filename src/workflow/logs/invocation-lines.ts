import type { LogEvent } from '../../ports/aws.js';

/** Which request a line of a function's log is of, where the line does not say it. */
export interface Attribution {
  /** Lines of a stream in their order; a reading may begin anywhere. */
  requestOf(event: LogEvent): string | undefined;
}

const begins = /^START RequestId: ([\w-]+)/;
const ends = /^(?:END|REPORT) RequestId: ([\w-]+)/;
/** Lambda's own form of a line, in text and in JSON. */
const saysIt = /^\S+\t([\w-]{36})\t|^\{"(?:time|timestamp)":.*?"requestId":"([\w-]{36})"/;

/**
 * A stream is one environment, which serves one request after the other: what is written between START and END is that
 * request's, whatever ids stand in it.
 */
export function createAttribution(): Attribution {
  const streams = new Map<string, { at: number; requestId: string }[]>();
  const current = new Map<string, string | undefined>();
  return {
    requestOf({ logGroup, logStream, timestamp, message }) {
      const stream = `${logGroup} ${logStream}`;
      const started = begins.exec(message)?.[1];
      if (started !== undefined) {
        const known = streams.get(stream) ?? [];
        if (!known.some(({ requestId }) => requestId === started))
          known.push({ at: timestamp, requestId: started });
        streams.set(stream, known);
        current.set(stream, started);
        return started;
      }
      const ended = ends.exec(message)?.[1];
      if (ended !== undefined) {
        current.set(stream, undefined);
        return ended;
      }
      const [, tabbed, inJson] = saysIt.exec(message) ?? [];
      if (tabbed ?? inJson) return tabbed ?? inJson;
      const open = current.get(stream);
      if (open === undefined) return undefined;
      // A reading that goes back begins within an older request.
      const known = streams.get(stream) ?? [];
      const at = known.find(({ requestId }) => requestId === open)?.at ?? 0;
      return timestamp >= at ? open : known.findLast((one) => one.at <= timestamp)?.requestId;
    },
  };
}
