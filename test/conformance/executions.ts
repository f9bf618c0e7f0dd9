import { isObject, type Json } from '../../src/json/json.js';
import type { Area, CaseResult } from './case.js';
import { difference } from './compare.js';
import { historyDifference } from './histories.js';
import { type Live, type Made, type Run, startLive } from './live.js';
import type { Bound } from './placeholders.js';
import { foreignService, isWanted, type RecordedExecution, recordedHistories, recordsOf } from './record.js';
import { sentDifference } from './sent.js';

/** So many cases wait at once, each on a server of its own: a case's functions, activity and objects are the server's. */
const atOnce = 6;

/** Executions recorded on AWS: on our server, the same definition and input must leave the same history. */
export const executions: Area = async (folder) => {
  const records = recordsOf<RecordedExecution>(folder, 'localstack-executions.jsonl');
  const results: CaseResult[] = [];
  const open = records.filter(isWanted).entries();
  const work = async (): Promise<void> => {
    const live = await startLive();
    try {
      for (const [index, record] of open) results[index] = await resultOf(live, record);
    } finally {
      await live.stop();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
};

async function resultOf(live: Live, record: RecordedExecution): Promise<CaseResult> {
  const { id, test } = record;
  const reason = leftOut(record);
  // A machine that is busy with other things can be late for a timeout: what is different twice is different.
  const why = reason ?? ((await differs(live, record)) && (await differs(live, record)));
  return { id, test, area: 'executions', verdict: reason ? 'left out' : why ? 'failed' : 'passed', why };
}

export function leftOut(record: RecordedExecution): string | undefined {
  const { awsValidated, definitions } = record;
  if (!awsValidated) return 'was not validated on AWS';
  if (definitions.length === 0) return 'has no definition';
  const services = definitions.map((definition) => foreignService(JSON.parse(definition) as Json));
  const service = services.find((found) => found !== undefined);
  return service && `needs the service ${service}`;
}

/** Each execution of a record with its own input; what a record says of none is told by its answer or log. */
export function runsOf(record: RecordedExecution): Run[] {
  const histories = recordedHistories(record);
  const { inputs } = record;
  if (histories.length === 0)
    return inputs.length > 0 ? inputs.map((input) => ({ events: [], input })) : [{ events: [] }];
  return histories.map((events, index) => ({
    events,
    input: inputs.length === histories.length ? inputs[index] : inputs.length === 1 ? inputs[0] : undefined,
  }));
}

async function differs(live: Live, record: RecordedExecution): Promise<string | undefined> {
  try {
    const bound: Bound = new Map();
    const log: Json[] = [];
    const runs = runsOf(record);
    for (const [index, made] of (await live.rerun(record, runs)).entries()) {
      const found = differenceOf(record, runs[index] ?? { events: [] }, made, bound);
      if (found) return found;
      log.push(...made.log);
    }
    return logDifference(record, log, bound);
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

/** Between a recorded execution and ours. */
export function differenceOf(
  { recorded, recordedDate }: RecordedExecution,
  { events }: Run,
  made: Made,
  bound: Bound,
): string | undefined {
  return (
    (events.length > 0 ? historyDifference(events, made.history, recordedDate, bound) : undefined) ??
    sentDifference(made) ??
    answerDifference(recorded.start_execution_sync_response, made.answer, bound)
  );
}

const AT_RANDOM: ReadonlySet<string> = new Set(['billingDetails', 'traceHeader']);

/** Of StartSyncExecution. */
function answerDifference(expected: Json | undefined, actual: Json, bound: Bound): string | undefined {
  if (expected === undefined) return undefined;
  return difference(expected, actual, bound, AT_RANDOM);
}

/** All log events of a record: as many, and alike. */
function logDifference({ recorded }: RecordedExecution, actual: Json[], bound: Bound): string | undefined {
  const { logged_execution_events: all, end_event: end } = recorded;
  const expected = Array.isArray(all) ? all : end ? [end] : [];
  const open = actual.filter(isObject);
  for (const event of expected) {
    const index = open.findIndex((line) => !difference(event, line, bound));
    if (index < 0)
      return `expected the log event ${JSON.stringify(event)}\n     got ${JSON.stringify(open)}\n     ${open.map((line) => difference(event, line, bound)).join(' / ')}`;
    open.splice(index, 1);
  }
  return all && open.length > 0 ? `unexpected log event ${JSON.stringify(open[0])}` : undefined;
}
