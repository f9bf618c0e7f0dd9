import { SFNClient, TestStateCommand, type TestStateCommandInput } from '@aws-sdk/client-sfn';
import { isObject, type Json, type JsonObject } from '../../src/json/json.js';
import { account, region } from '../../src/local/arns.js';
import { startServer } from '../local/harness.js';
import { type Answer, answerDifference, answerOf } from './answers.js';
import type { Area, CaseResult } from './case.js';
import { lambdaReplies } from './lambda-replies.js';
import { isWanted, recordsOf } from './record.js';

interface RecordedTestState {
  id: string;
  test: string;
  awsValidated: boolean;
  calls: JsonObject[];
  /** One answer for each call, in order. */
  recorded: Record<string, Json>;
}

/** TestState as AWS answered it, called by the real SDK. */
export const testState: Area = async (folder) => {
  const records = recordsOf<RecordedTestState>(folder, 'localstack-teststate.jsonl');
  if (records.length === 0) return [];
  const lambda = await lambdaReplies();
  const { endpoint } = await startServer({ lambdaEndpoint: lambda.url });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const sfn = new SFNClient({ endpoint, region: 'us-east-1', credentials, disableHostPrefix: true });
  const results: CaseResult[] = [];
  for (const record of records.filter(isWanted)) {
    const { id, test } = record;
    const reason = leftOut(record);
    const why = reason ?? (await differs(record));
    results.push({
      id,
      test,
      area: 'test-state',
      verdict: reason ? 'left out' : why ? 'failed' : 'passed',
      why,
    });
  }
  return results;

  async function differs({ calls, recorded }: RecordedTestState): Promise<string | undefined> {
    const answers = Object.values(recorded);
    for (const [index, call] of calls.entries()) {
      const expected = answers[index] ?? null;
      lambda.reply(resultOf(expected));
      const input = filled(call) as unknown as TestStateCommandInput;
      const difference = answerDifference(
        expected,
        inRecordedAccount(await answerOf(() => sfn.send(new TestStateCommand(input)))),
      );
      if (difference) return difference;
    }
    return undefined;
  }
};

/** Recordings have every account of AWS's replaced by one, and are of one region. */
const inRecordedAccount = (answer: Answer): Answer =>
  JSON.parse(
    JSON.stringify(answer).replaceAll(account, '111111111111').replaceAll(region, 'us-east-1'),
  ) as Answer;

function leftOut({ awsValidated, calls, recorded }: RecordedTestState): string | undefined {
  if (!awsValidated) return 'was not validated on AWS';
  if (calls.length === 0 || calls.length !== Object.keys(recorded).length)
    return 'its calls cannot be told from the record';
  if (JSON.stringify(recorded).includes('ParamValidationError'))
    return "was refused by the recording's client";
  return undefined;
}

/** What a function returned, as far as the answer shows it. */
function resultOf(answer: Json): string {
  if (!isObject(answer)) return 'null';
  const result = isObject(answer.inspectionData) ? answer.inspectionData.result : answer.output;
  return typeof result === 'string' ? result : JSON.stringify(result ?? null);
}

/** `${…}` stands for a value that was made when the call was: a name, an ARN. */
function filled(value: Json): Json {
  if (typeof value === 'string')
    return value
      .replace(/\$\{[^}]*role[^}]*\}/g, 'arn:aws:iam::111111111111:role/recorded')
      .replace(/\$\{[^}]*FunctionArn\}/g, 'arn:aws:lambda:us-east-1:111111111111:function:recorded')
      .replace(/\$\{[^}]*region[^}]*\}/gi, 'us-east-1')
      .replace(/\$\{[^}]*uid[^}]*\}/gi, '00000000-0000-4000-8000-000000000000')
      .replace(/\$\{account[^}]*\}/g, '111111111111')
      .replace(/\$\{[^}]*\}/g, 'recorded');
  if (Array.isArray(value)) return value.map(filled);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, filled(member)]));
}
