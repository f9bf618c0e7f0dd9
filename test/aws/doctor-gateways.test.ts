import { expect, test } from 'vitest';
import { answering } from './answering.js';

test("IAM's simulator: the actions that are refused", async () => {
  const result = (action: string, decision: string): string =>
    `<member><EvalActionName>${action}</EvalActionName><EvalDecision>${decision}</EvalDecision></member>`;
  const { asked, gateways } = await answering(
    'text/xml',
    `<SimulatePrincipalPolicyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><SimulatePrincipalPolicyResult><IsTruncated>false</IsTruncated><EvaluationResults>${result('s3:GetObject', 'allowed')}${result('s3:PutObject', 'implicitDeny')}</EvaluationResults></SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>`,
  );
  const refused = await gateways.permissions.refused(
    'arn:aws:iam::1:role/r',
    ['s3:GetObject', 's3:PutObject'],
    ['arn:aws:s3:::b/*'],
  );
  expect(refused).toEqual(['s3:PutObject']);
  expect(asked[0]).toContain('Action=SimulatePrincipalPolicy');
});

test('event sources of a function', async () => {
  const mapping = { EventSourceArn: 'arn:aws:sqs:r:1:q', State: 'Disabled', LastProcessingResult: 'OK' };
  const { gateways } = await answering(
    'application/json',
    JSON.stringify({ EventSourceMappings: [mapping] }),
  );
  expect(await gateways.functions.eventSources('f')).toEqual([
    { arn: 'arn:aws:sqs:r:1:q', state: 'Disabled', lastResult: 'OK' },
  ]);
});

test('alarms on state machines, and on nothing else', async () => {
  const alarm = (Namespace: string, Name: string): object => ({
    AlarmName: 'failed',
    Namespace,
    MetricName: 'ExecutionsFailed',
    Dimensions: [{ Name, Value: 'arn:m' }],
    StateValue: 'ALARM',
    ActionsEnabled: true,
  });
  const body = {
    MetricAlarms: [alarm('AWS/States', 'StateMachineArn'), alarm('AWS/Lambda', 'FunctionName')],
  };
  const { gateways } = await answering('application/x-amz-json-1.0', JSON.stringify(body));
  expect(await gateways.alarms.ofStateMachines()).toEqual([
    { name: 'failed', metric: 'ExecutionsFailed', stateMachineArn: 'arn:m', firing: true, enabled: true },
  ]);
});
