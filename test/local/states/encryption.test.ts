import {
  CreateActivityCommand,
  CreateStateMachineCommand,
  DescribeActivityCommand,
  DescribeStateMachineCommand,
  DescribeStateMachineForExecutionCommand,
  type EncryptionConfiguration,
  StartExecutionCommand,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { type Local, suiteServer } from '../harness.js';

let local: Local;
suiteServer((started) => {
  local = started;
});

const roleArn = 'arn:aws:iam::101010101010:role/r';
const definition = '{"StartAt":"s","States":{"s":{"Type":"Succeed"}}}';
const key = 'arn:aws:kms:ap-northeast-1:101010101010:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const owned: EncryptionConfiguration = { type: 'AWS_OWNED_KEY' };
const managed: EncryptionConfiguration = {
  type: 'CUSTOMER_MANAGED_KMS_KEY',
  kmsKeyId: key,
  kmsDataKeyReusePeriodSeconds: 60,
};

test('a machine keeps its encryption configuration, and tells it, also of an execution', async () => {
  const { sfn } = local;
  const encryptionConfiguration = { type: 'CUSTOMER_MANAGED_KMS_KEY', kmsKeyId: 'alias/mine' } as const;
  const { stateMachineArn } = await sfn.send(
    new CreateStateMachineCommand({ name: 'm', roleArn, definition, encryptionConfiguration }),
  );
  const told = async () =>
    (await sfn.send(new DescribeStateMachineCommand({ stateMachineArn }))).encryptionConfiguration;
  expect(await told()).toEqual({ ...encryptionConfiguration, kmsDataKeyReusePeriodSeconds: 300 });
  const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn }));
  await sfn.send(new UpdateStateMachineCommand({ stateMachineArn, encryptionConfiguration: managed }));
  expect(await told()).toEqual(managed);
  await sfn.send(new UpdateStateMachineCommand({ stateMachineArn, definition }));
  expect(await told()).toEqual(managed);
  await sfn.send(new UpdateStateMachineCommand({ stateMachineArn, encryptionConfiguration: owned }));
  expect(await told()).toEqual(owned);
  const ofExecution = await sfn.send(new DescribeStateMachineForExecutionCommand({ executionArn }));
  expect(ofExecution.encryptionConfiguration).toMatchObject(encryptionConfiguration);
});

test('an activity keeps the one that it was created with', async () => {
  const { sfn } = local;
  const create = (encryptionConfiguration?: EncryptionConfiguration) =>
    sfn.send(new CreateActivityCommand({ name: 'a', encryptionConfiguration }));
  const { activityArn } = await create(managed);
  expect((await create(managed)).activityArn).toBe(activityArn);
  const described = await sfn.send(new DescribeActivityCommand({ activityArn }));
  expect(described.encryptionConfiguration).toEqual(managed);
  await expect(create(owned)).rejects.toMatchObject({ name: 'ActivityAlreadyExists' });
  await expect(create()).rejects.toMatchObject({ name: 'ActivityAlreadyExists' });
});

test.each([
  [{ type: 'CUSTOMER_MANAGED_KMS_KEY' }, 'InvalidEncryptionConfiguration'],
  [{ type: 'AWS_OWNED_KEY', kmsKeyId: key }, 'InvalidEncryptionConfiguration'],
  [{ type: 'AWS_OWNED_KEY', kmsDataKeyReusePeriodSeconds: 60 }, 'InvalidEncryptionConfiguration'],
  [{ ...managed, kmsDataKeyReusePeriodSeconds: 59 }, 'ValidationException'],
  [{ ...managed, kmsDataKeyReusePeriodSeconds: 901 }, 'ValidationException'],
  [{ ...managed, kmsKeyId: '' }, 'ValidationException'],
  [{ type: 'NONE' }, 'ValidationException'],
] as [EncryptionConfiguration, string][])('%j is refused: %s', async (encryptionConfiguration, name) => {
  const { sfn } = local;
  const machine = { name: 'refused', roleArn, definition, encryptionConfiguration };
  await expect(sfn.send(new CreateStateMachineCommand(machine))).rejects.toMatchObject({ name });
  await expect(
    sfn.send(new CreateActivityCommand({ name: 'refused', encryptionConfiguration })),
  ).rejects.toMatchObject({ name });
});
