import { isObject, type Json, type JsonObject } from '../../src/json/json.js';
import type { Area, CaseResult } from './case.js';
import { alike, difference, normal } from './compare.js';
import { type Live, startLive } from './live.js';
import { foreignService, type RecordedExecution, recordedHistory, recordsOf } from './record.js';

/** So many cases wait at once, each on a server of its own: a case's functions, activity and objects are the server's. */
const atOnce = 6;

/** Executions recorded on AWS: on our server, the same definition and input must leave the same history. */
export const executions: Area = async (folder) => {
  const records = recordsOf<RecordedExecution>(folder, 'localstack-executions.jsonl');
  const results: CaseResult[] = [];
  const open = records.entries();
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
  const why = reason ?? (await differs(live, record));
  return { id, test, area: 'executions', verdict: reason ? 'left out' : why ? 'failed' : 'passed', why };
}

function leftOut(record: RecordedExecution): string | undefined {
  const { awsValidated, definitions, inputs } = record;
  if (!awsValidated) return 'was not validated on AWS';
  if (definitions.length !== 1) return 'has no single definition';
  if (inputs.length > 1) return 'has several inputs';
  const service = foreignService(JSON.parse(definitions[0] ?? 'null') as Json);
  return service && `needs the service ${service}`;
}

async function differs(live: Live, record: RecordedExecution): Promise<string | undefined> {
  try {
    const events = recordedHistory(record);
    const made = await live.rerun(record, events ?? []);
    const {
      start_execution_sync_response: sync,
      logged_execution_events: log,
      end_event: end,
    } = record.recorded;
    return (
      (events && difference(events, made.history)) ??
      (sync === undefined ? undefined : answerDifference(sync, made.answer)) ??
      logDifference(Array.isArray(log) ? log : end ? [end] : [], made.log)
    );
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

const AT_RANDOM = ['billingDetails', 'ResponseMetadata', '$metadata', 'traceHeader'];

/** Of StartSyncExecution. */
function answerDifference(expected: Json, actual: Json): string | undefined {
  const [wanted, given] = [expected, actual].map((answer) =>
    Object.fromEntries(
      Object.entries(isObject(answer) ? answer : {}).filter(([key]) => !AT_RANDOM.includes(key)),
    ),
  );
  if (alike(normal(wanted), normal(given))) return undefined;
  return `expected ${JSON.stringify(wanted)}\n     got ${JSON.stringify(given)}`;
}

/** Log events tell of the execution by their type, details and place; the rest is of one run. */
function logDifference(expected: Json[], actual: Json[]): string | undefined {
  const shown = ({ type, details, id, previous_event_id }: JsonObject): Json =>
    normal({ type, details, id, previous_event_id });
  const open = actual.filter(isObject).map(shown);
  for (const event of expected.filter(isObject)) {
    const index = open.findIndex((line) => alike(shown(event), line));
    if (index < 0)
      return `expected the log event ${JSON.stringify(shown(event))}\n     got ${JSON.stringify(open)}`;
    open.splice(index, 1);
  }
  return undefined;
}
