import type { Json } from '../../src/asl/json.js';
import type { Area, CaseResult } from './case.js';
import { difference } from './compare.js';
import { foreignService, type RecordedExecution, recordedHistory, recordsOf } from './record.js';
import { rerun } from './rerun.js';

/** Executions recorded on AWS: the same definition and input must leave the same history here. */
export const executions: Area = async (folder) => {
  const results: CaseResult[] = [];
  for (const record of recordsOf<RecordedExecution>(folder, 'localstack-executions.jsonl')) {
    const { id, test } = record;
    const reason = leftOut(record);
    const why = reason ?? (await differs(record));
    const verdict = reason ? 'left out' : why ? 'failed' : 'passed';
    results.push({ id, test, area: 'executions', verdict, why });
  }
  return results;
};

function leftOut(record: RecordedExecution): string | undefined {
  const { awsValidated, definitions, inputs } = record;
  if (!awsValidated) return 'was not validated on AWS';
  if (definitions.length !== 1) return 'has no single definition';
  if (inputs.length > 1) return 'has several inputs';
  const service = foreignService(JSON.parse(definitions[0] ?? 'null') as Json);
  return service && `needs the service ${service}`;
}

async function differs(record: RecordedExecution): Promise<string | undefined> {
  try {
    const events = recordedHistory(record);
    if (events) return difference(events, await rerun(record, events));
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}
