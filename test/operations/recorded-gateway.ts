import type { HistoryEvent } from '../../src/asl/engine/history-event.js';
import type { MapRunDescription } from '../../src/ports/aws.js';

/** Step Functions with one execution in it whose history grows by hand; counts what it is asked for. */
export function recordedGateway(events: HistoryEvent[], visible = events.length) {
  const gateway = {
    visible,
    calls: 0,
    eventsRead: 0,
    mapRunCalls: 0,
    mapRuns: new Map<string, MapRunDescription>(),
    async *historyPages(_arn: string, options: { reverse?: boolean; pageSize?: number } = {}) {
      const { reverse = false, pageSize = 100 } = options;
      const there = events.slice(0, gateway.visible);
      if (reverse) there.reverse();
      for (let from = 0; from === 0 || from < there.length; from += pageSize) {
        const page = there.slice(from, from + pageSize);
        gateway.calls++;
        gateway.eventsRead += page.length;
        yield page;
      }
    },
    async describeMapRun(mapRunArn: string): Promise<MapRunDescription> {
      gateway.mapRunCalls++;
      const description = gateway.mapRuns.get(mapRunArn);
      if (!description) throw new Error(`no map run ${mapRunArn}`);
      return description;
    },
  };
  return gateway;
}
