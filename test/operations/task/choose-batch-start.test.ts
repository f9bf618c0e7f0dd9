import { describe, expect, test } from 'vitest';
import { exitCodes, FlowError } from '../../../src/errors.js';
import { type BatchWishes, chooseBatchStart } from '../../../src/operations/task/choose-batch-start.js';
import type { TableGateway } from '../../../src/ports/aws.js';

const denied = new FlowError(exitCodes.denied, 'AccessDenied', 'no right to read');
/** A table that can be read, or not. */
const tablesThat = (answer: 'read' | 'refuse'): { tables: TableGateway } => ({
  tables: {
    get: async () => {
      if (answer === 'refuse') throw denied;
      return undefined;
    },
    put: async () => {},
    query: async function* () {},
    update: async () => {},
    keyNames: async () => ['pk', 'sk'],
  },
});

const machine = (name: string, account = '123456789012'): string =>
  `arn:aws:states:ap-northeast-1:${account}:stateMachine:${name}`;
const local = machine('sfn-task', '101010101010');
const noTable = (): string => {
  throw new FlowError(exitCodes.usage, 'TablePrefixNeeded', 'no prefix');
};
const wishes = (more: Partial<BatchWishes>): BatchWishes => ({
  via: 'auto',
  stateMachineArn: machine('dev-acme-sfn-task-handler'),
  ofFramework: true,
  records: false,
  tenant: 't1',
  type: 'order',
  tasksTable: () => 'dev-acme-tasks',
  callerArn: async () => 'arn:aws:iam::123456789012:user/me',
  ...more,
});

describe('how a batch is started', () => {
  test("the framework's machine: through a record, by itself", async () => {
    expect(await chooseBatchStart(tablesThat('read'), wishes({}))).toMatchObject({
      via: 'table',
      table: 'dev-acme-tasks',
      tenant: 't1',
      type: 'order',
    });
  });

  test.each([
    ['the table may not be read', 'refuse', wishes({})],
    ['a direct start was told', 'read', wishes({ via: 'execution' })],
    ['the machine is named like the framework’s', 'refuse', wishes({ ofFramework: false })],
    ['the app’s tables on a laptop may not be read', 'refuse', wishes({ stateMachineArn: local })],
    [
      'the app has tables on a laptop, and a direct start was told',
      'read',
      wishes({ stateMachineArn: local, via: 'execution' }),
    ],
  ] as const)('a start that would leave ghost records is refused: %s', async (_, answer, given) => {
    await expect(chooseBatchStart(tablesThat(answer), given)).rejects.toMatchObject({
      code: 'RecordsNeeded',
      exitCode: 2,
      message: expect.stringContaining('ghost records'),
      hint: expect.stringContaining('--via table'),
    });
  });

  test.each([
    [
      'a machine with a function of its own',
      wishes({ stateMachineArn: machine('billing'), ofFramework: false }),
    ],
    ['records that are there', wishes({ records: true })],
    ['the local machine, where no app has tables', wishes({ stateMachineArn: local, tasksTable: noTable })],
    ['the same when told', wishes({ stateMachineArn: local, tasksTable: noTable, via: 'execution' })],
  ])('%s: directly', async (_, given) => {
    expect(await chooseBatchStart(tablesThat('refuse'), given)).toMatchObject({ via: 'execution' });
  });
});
