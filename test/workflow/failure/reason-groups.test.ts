import { expect, test } from 'vitest';
import { failureKind, groupReasons, someMaySucceed } from '../../../src/workflow/failure/reason-groups.js';

test.each([
  ['Lambda.TooManyRequestsException: Rate Exceeded.', 'transient'],
  ['Task timed out after 3.00 seconds', 'transient'],
  ['connect ECONNREFUSED 10.0.0.1:443', 'transient'],
  ['States.Http.StatusCode.503: Service Unavailable', 'transient'],
  ['ConditionalCheckFailedException: The conditional request failed', 'data'],
  ['Bad Request Exception', 'data'],
  ['id is empty', 'data'],
  ['States.Http.StatusCode.422: Unprocessable', 'data'],
  ['C005', 'unknown'],
])('%s is %s', (reason, kind) => expect(failureKind(reason)).toBe(kind));

test('failures that differ in ids and numbers alone are one group, with its first ones', () => {
  const failures = Array.from({ length: 50 }, (_, line) => ({
    line,
    reason: `row ${line}: price '${line}' is invalid`,
  }));
  const groups = groupReasons([...failures, { line: 99, reason: 'Throttling' }], ({ reason }) => ({
    reason,
    kind: failureKind(reason),
  }));
  expect(groups).toMatchObject([
    { count: 50, kind: 'data', examples: [{ line: 0 }, { line: 1 }, { line: 2 }] },
    { count: 1, kind: 'transient' },
  ]);
  expect(someMaySucceed(groups)).toBe(true);
  expect(someMaySucceed(groups.slice(0, 1))).toBe(false);
});
