import { expect, test } from 'vitest';
import { toFlowError } from '../../src/aws/errors.js';
import { FlowError } from '../../src/errors.js';

const named = (name: string, message = 'm', more = {}) =>
  Object.assign(new Error(message), { name, ...more });
const map = (error: unknown, profile?: string) =>
  toFlowError(error, {
    operation: 'ListExecutions',
    where: 'here',
    ...(profile !== undefined && { profile }),
  });

test('an expired SSO session says which command renews it', () => {
  const expired = named(
    'CredentialsProviderError',
    'The SSO session associated with this profile has expired. To refresh this SSO session run aws sso login with the corresponding profile.',
  );
  expect(map(expired, 'acme-dev')).toMatchObject({ exitCode: 4, hint: 'aws sso login --profile acme-dev' });
  expect(map(named('TokenProviderError', 'Token is expired.'), 'a')).toMatchObject({
    exitCode: 4,
    hint: 'aws sso login --profile a',
  });
  expect(
    map(named('CredentialsProviderError', 'Could not load credentials from any providers')),
  ).toMatchObject({
    hint: expect.stringMatching(/^aws configure/),
  });
});

test('the network', () => {
  for (const code of ['ECONNREFUSED', 'ENOTFOUND', 'ECONNRESET', 'ETIMEDOUT', 'EAI_AGAIN'])
    expect(map(named('Error', 'x', { code }))).toMatchObject({
      exitCode: 6,
      code: 'Unreachable',
      where: 'here',
    });
  expect(map(named('TimeoutError'))).toMatchObject({ exitCode: 6 });
});

test('ours stays as it is; what breaks off a call too; the unknown is a bug', () => {
  const ours = new FlowError(2, 'X', 'x');
  expect(map(ours)).toBe(ours);
  const aborted = named('AbortError');
  expect(map(aborted)).toBe(aborted);
  expect(map(new TypeError('x is undefined'))).toMatchObject({ exitCode: 70 });
});

test('an answer to HEAD has no message, but a name: what is not there is not found', () => {
  const error = Object.assign(new Error('UnknownError'), {
    name: 'NotFound',
    $fault: 'client',
    $metadata: { httpStatusCode: 404 },
  });
  expect(toFlowError(error, { operation: 'HeadObject', where: 'S3' })).toMatchObject({
    exitCode: 3,
    code: 'NotFound',
  });
});

test('what to type next reaches the same target', () => {
  const around = { operation: 'DescribeExecution', where: 'here' };
  const missing = named('ExecutionDoesNotExist', 'Execution Does Not Exist', { $fault: 'client' });
  expect(toFlowError(missing, around)).toMatchObject({ hint: 'mbc-flow list' });
  expect(toFlowError(missing, { ...around, flagsForHints: ' --target prod' })).toMatchObject({
    hint: 'mbc-flow list --target prod',
  });
});
