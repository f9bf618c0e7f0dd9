import type { Core } from './core-types.js';
import type { FlowEvent, FlowExecution, FlowValue } from './types.js';

/** Reads what it tells when it is asked. */
export function createExecution(core: Pick<Core, 'read' | 'sent'>, arn: string): FlowExecution {
  const read = () => core.read(arn);
  return {
    arn,
    get name() {
      return read().name;
    },
    get status() {
      return read().status;
    },
    get output() {
      const { output } = read();
      return output === undefined ? undefined : (JSON.parse(output) as FlowValue);
    },
    get error() {
      return read().error;
    },
    get cause() {
      return read().cause;
    },
    get path() {
      return Array.from(read().path);
    },
    get events() {
      const events = JSON.parse(read().events) as FlowEvent[];
      return events.map((event) => ({ ...event, timestamp: new Date(event.timestamp) }) as FlowEvent);
    },
    get duration() {
      return read().duration;
    },
    sent: (state) => JSON.parse(core.sent(state, arn)) as FlowValue[],
  };
}
