import type { Json } from '../../json/json.js';
import { checkSchema, type MemberPath } from '../../json/schema.js';
import { type FlowTestFile, flowTestSchema } from './file-schema.js';
import { matcherFault } from './matchers.js';

/** Where an expectation may have matchers. */
const withMatchers = ['output', 'error', 'cause', 'sent', 'logs'] as const;

/** What a test file says. `complain` is called for the first thing that is wrong, with its place. */
export function checkFlowTest(
  value: Json,
  complain: (path: MemberPath, message: string) => never,
): FlowTestFile {
  checkSchema(flowTestSchema, value, [], complain);
  const file = value as unknown as FlowTestFile;
  checkStart(file.start, ['start'], complain);
  checkAnswers(file.answers, ['answers'], complain);
  const names = new Set<string>();
  for (const [index, one] of file.cases.entries()) {
    const at = ['cases', index];
    if (names.has(one.name)) complain([...at, 'name'], `is the name of two cases: ${one.name}`);
    names.add(one.name);
    checkStart(one.start, [...at, 'start'], complain);
    checkAnswers(one.answers, [...at, 'answers'], complain);
    if (one.mocks !== undefined && file.mocks === undefined)
      complain([...at, 'mocks'], 'names a test case of mocks, but the file names no mocks');
    for (const what of withMatchers) {
      const fault = one.expect && matcherFault(one.expect[what] as Json | undefined);
      if (fault) complain([...at, 'expect', what, ...fault.path], fault.message);
    }
  }
  return file;
}

function checkStart(
  start: string | undefined,
  at: MemberPath,
  complain: (path: MemberPath, message: string) => never,
): void {
  if (start !== undefined && Number.isNaN(Date.parse(start)))
    complain(at, 'must be a time such as 2026-01-31T09:00:00Z');
}

function checkAnswers(
  answers: FlowTestFile['answers'],
  at: MemberPath,
  complain: (path: MemberPath, message: string) => never,
): void {
  for (const [state, given] of Object.entries(answers ?? {})) {
    const isList = Array.isArray(given);
    const wrong = (isList ? given : [given]).findIndex(
      ({ cause, error }) => cause !== undefined && error === undefined,
    );
    if (wrong >= 0) complain([...at, state, ...(isList ? [wrong] : []), 'cause'], 'needs an error');
    if (isList && given.length === 0) complain([...at, state], 'must not be empty');
  }
}
