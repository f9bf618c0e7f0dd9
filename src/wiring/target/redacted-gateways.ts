import type { Gateways, LogEvent, LogsGateway, StepFunctionsGateway } from '../../ports/aws.js';
import { createLineRedactor, redactedValue } from '../../workflow/history/redact.js';

/**
 * The same gateways, with task tokens struck out of all events and log lines: nothing that is shown, printed as JSON or
 * written to a file can hold one. Who answers a task asks for its history with `tokens`.
 */
export const redactedGateways = <T extends Pick<Gateways, 'states' | 'logs'>>(gateways: T): T => ({
  ...gateways,
  states: redactedHistories(gateways.states),
  logs: redactedLogs(gateways.logs),
});

const redactedHistories = (states: StepFunctionsGateway): StepFunctionsGateway => ({
  ...states,
  async *historyPages(executionArn, { tokens = false, ...options } = {}) {
    const pages = states.historyPages(executionArn, options);
    if (tokens) yield* pages;
    else for await (const page of pages) yield page.map(redactedValue);
  },
  testState: async (trial) => redactedValue(await states.testState(trial)),
  async describeExecution(executionArn) {
    const { error, cause, ...described } = await states.describeExecution(executionArn);
    return {
      ...described,
      ...redactedValue({ ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) }),
    };
  },
});

const redactedLogs = (logs: LogsGateway): LogsGateway => ({
  async *filterPages(filter) {
    const redact = lineRedactor();
    for await (const page of logs.filterPages(filter)) yield page.map(redact);
  },
  async *liveTail(tail) {
    const redact = lineRedactor();
    for await (const { events, ...update } of logs.liveTail(tail))
      yield { ...update, events: events.map(redact) };
  },
});

function lineRedactor(): (event: LogEvent) => LogEvent {
  const redact = createLineRedactor();
  return (event) => ({ ...event, message: redact(`${event.logGroup} ${event.logStream}`, event.message) });
}
