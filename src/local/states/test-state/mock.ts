import { isObject, type Json } from '../../../json/json.js';
import { parseJson } from '../../../json/parse.mjs';
import { invalid } from '../requests/arns-names-pages.js';
import type { Input } from '../requests/model.js';
import { checkAgainstApi } from './mock-schema.js';
import { innerWorkflows, type Subject, stateIn } from './subject.js';

type Mock = NonNullable<Input<'TestState'>['mock']>;

const mockable = ['Task', 'Map', 'Parallel'];

/** What the mocked call, iterations or branches come to. */
export type MockedOutcome = { output: string } | { error?: string; cause?: string };

/** @throws AwsError ValidationException where the mock does not fit the state */
export function mockedOutcome(subject: Subject, mock: Mock, input: Input<'TestState'>): MockedOutcome {
  const { result, errorOutput } = mock;
  if (!mockable.includes(subject.type))
    throw invalid(`State type '${subject.type}' is not supported when a mock is specified`);
  if (input.revealSecrets)
    throw invalid('TestState does not support RevealSecrets when a mock is specified.');
  if ((result === undefined) === (errorOutput === undefined))
    throw invalid('A test mock should have only one of the following fields: [result, errorOutput].');
  const culprit = input.stateConfiguration?.errorCausedByState;
  if (culprit !== undefined && !innerWorkflows(subject.definition).some((inner) => stateIn(inner, culprit)))
    throw invalid('State not found in definition');
  if (result === undefined) return { ...errorOutput };
  const parsed = parseResult(result);
  checkResult(subject, parsed);
  checkAgainstApi(subject, parsed, mock.fieldValidationMode);
  return { output: result };
}

function parseResult(text: string): Json {
  try {
    return parseJson(text) as Json;
  } catch {
    throw invalid('Mocked result must be valid JSON');
  }
}

function checkResult({ type, definition }: Subject, result: Json): void {
  if (type === 'Map' && definition.ResultWriter !== undefined) {
    if (!isObject(result)) throw invalid('Mocked result must be a JSON object.');
  } else if (type !== 'Task' && !Array.isArray(result)) {
    throw invalid('Mocked result must be an array.');
  } else if (type === 'Parallel') {
    const branches = innerWorkflows(definition).length;
    if ((result as Json[]).length !== branches)
      throw invalid('Mocked result must contain the same number of items as number of Parallel branches.');
  }
}
