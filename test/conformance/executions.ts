import { isObject, type Json } from '../../src/json/json.js';
import { AT_RANDOM } from './answers.js';
import type { Area, CaseResult } from './case.js';
import { difference } from './compare.js';
import { historyDifference, maskedEvents } from './histories.js';
import { activityArn, type Live, type Made, type Run, startLive } from './live.js';
import type { Bound } from './placeholders.js';
import { foreignService, isWanted, type RecordedExecution, recordedHistories, recordsOf } from './record.js';
import { sentDifference } from './sent.js';

/** So many cases wait at once, each on a server of its own: a case's functions, activity and objects are the server's. */
const atOnce = 6;

/** A record that ran as on AWS, with what it left behind. */
export interface Ran {
  record: RecordedExecution;
  runs: Run[];
  made: Made[];
}

/** Executions recorded on AWS: on our server, the same definition and input must leave the same history. */
export const executions: Area = (folder) => runRecords(folder, []);

/** `ran` is filled with those that did. */
export async function runRecords(folder: string, ran: Ran[]): Promise<CaseResult[]> {
  const records = recordsOf<RecordedExecution>(folder, 'localstack-executions.jsonl');
  const results: CaseResult[] = [];
  const open = records.filter(isWanted).entries();
  const work = async (): Promise<void> => {
    const live = await startLive();
    try {
      for (const [index, record] of open) results[index] = await resultOf(live, record, ran);
    } finally {
      await live.stop();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  ran.sort((one, other) => one.record.id.localeCompare(other.record.id));
  return results;
}

async function resultOf(live: Live, record: RecordedExecution, ran: Ran[]): Promise<CaseResult> {
  const { id, test } = record;
  const result = { id, test, area: 'executions' };
  const reason = leftOut(record);
  if (reason) return { ...result, verdict: 'left out', why: reason };
  // A machine that is busy with other things can be late for a timeout: what is different twice is different.
  const why = (await differs(live, record, ran)) && (await differs(live, record, ran));
  const masked = runsOf(record).reduce((sum, { events }) => sum + maskedEvents(events), 0);
  return { ...result, verdict: why ? 'failed' : 'passed', why, masked };
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

async function differs(live: Live, record: RecordedExecution, ran: Ran[]): Promise<string | undefined> {
  try {
    const runs = runsOf(record);
    const made = await live.rerun(record, runs);
    const found = differenceOf(record, runs, made);
    if (!found) ran.push({ record, runs, made });
    return found;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

/** Between the recorded executions of a record and ours. */
export function differenceOf(record: RecordedExecution, runs: Run[], made: Made[]): string | undefined {
  const { recorded, recordedDate } = record;
  const bound: Bound = new Map([['activity_arn', activityArn]]);
  for (const [index, one] of made.entries()) {
    const { events } = runs[index] ?? { events: [] };
    const found =
      (events.length > 0 ? historyDifference(events, one.history, recordedDate, bound) : undefined) ??
      sentDifference(one) ??
      answerDifference(recorded.start_execution_sync_response, one.answer, bound);
    if (found) return found;
  }
  const log = made.flatMap((one) => one.log);
  return logDifference(record, log, bound);
}

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
