import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import * as sdk from '@aws-sdk/client-sfn';
import type { Json, JsonObject } from '../../src/json/json.js';
import { startServer } from '../local/harness.js';
import { type Answer, answerOf, recordedError } from './answers.js';
import { operationOf } from './api-operations.js';
import { ApiReading, type Call, type Send } from './api-reading.js';
import { answers, objectOf, ours, parsedJson, type RecordedApi } from './api-record.js';
import type { Area, CaseResult } from './case.js';
import type { Omit } from './compare.js';
import { addedSince } from './forms.js';
import { foreignService, isWanted, recordsOf } from './record.js';

/** The other operations of the API, as AWS answered them: the calls are read off the answers. */
export const api: Area = async (folder) => {
  const records = recordsOf<RecordedApi>(folder, 'localstack-api.jsonl');
  if (records.length === 0) return [];
  const { endpoint } = await startServer({ timeScale: 0 });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const config = { endpoint, region: 'ap-northeast-1', credentials, disableHostPrefix: true };
  const sfn = new sdk.SFNClient(config);
  await new CloudWatchLogsClient(config).send(new CreateLogGroupCommand({ logGroupName: 'log_group_name' }));
  const send: Send = ({ operation, input }) =>
    answerOf(() => sfn.send(commandOf(operation, input) as sdk.ListActivitiesCommand));
  const results: CaseResult[] = [];
  for (const record of records.filter(isWanted)) {
    const { id, test } = record;
    const { verdict, why } = await outcome(record, send);
    results.push({ id, test, area: 'api', verdict, why });
  }
  return results;
};

type Commands = Record<string, new (input: JsonObject) => unknown>;

function commandOf(operation: string, input: JsonObject): unknown {
  const Command = (sdk as unknown as Commands)[`${operation}Command`];
  if (!Command) throw new Error(`The SDK has no ${operation}`);
  return new Command(input);
}

async function outcome(record: RecordedApi, send: Send): Promise<Pick<CaseResult, 'verdict' | 'why'>> {
  if (!record.awsValidated) return { verdict: 'left out', why: 'was not validated on AWS' };
  const entries = Object.entries(ours(record.recorded, record.id) as JsonObject);
  const service = record.definitions.map((text) => foreignService(parsedJson(text))).find(Boolean);
  const starts = entries.some(([key, answer]) => operationOf(key, answer) === 'StartExecution');
  if (service && starts) return { verdict: 'left out', why: 'needs another service' };
  const reading = new ApiReading(record, entries, send);
  if (entries.length === 0 || !entries.every((_, index) => reading.canTell(index)))
    return { verdict: 'left out', why: 'its calls cannot be told from the record' };
  const omit = addedSince(record.recordedDate);
  for (const [index, [key, expected]] of entries.entries()) {
    const call = await reading.call(index);
    // The recording's client refused it: it was never sent.
    if (!call) continue;
    const answer = await settled(call, expected, send, omit);
    reading.learn(call, answer);
    const difference = differs(expected, answer, call, omit);
    if (difference) return { verdict: 'failed', why: `${key}: ${difference}` };
  }
  return { verdict: 'passed' };
}

/** Executions take their time: asked again until they stand where they stood on AWS. */
async function settled(call: Call, expected: Json, send: Send, omit: Omit): Promise<Answer> {
  for (let attempts = 0; ; attempts++) {
    const answer = await send(call);
    const waits = ['DescribeExecution', 'ListExecutions'].includes(call.operation);
    if (!waits || attempts > 100 || differs(expected, answer, call, omit) === undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function differs(expected: Json, answer: Answer, { operation, list }: Call, omit: Omit): string | undefined {
  const error = recordedError(expected);
  const { ResponseMetadata: _, ...members } = objectOf(expected);
  const items = list ? (Array.isArray(expected) ? expected : (members[list] ?? [])) : [];
  const wanted = error
    ? { Error: { Code: error.Code, Message: error.Message } }
    : list
      ? { [list]: items }
      : members;
  const shown = list ? { [list]: ofCase(items, objectOf(answer as Json)[list]) } : (answer as Json);
  if (answers(wanted, shown, omit) && (error !== undefined || !('Error' in answer))) return undefined;
  return `${operation}: expected ${JSON.stringify(wanted)}\n     got ${JSON.stringify(shown)}`;
}

/** Of a list of all there is, what the recorded page held. */
function ofCase(expected: Json, found: Json | undefined): Json {
  const wanted = new Set((expected as JsonObject[]).map((item) => item.name));
  return ((found ?? []) as JsonObject[]).filter((item) => wanted.has(item.name ?? null));
}
