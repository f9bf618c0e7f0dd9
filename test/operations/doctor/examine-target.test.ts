import { expect, test } from 'vitest';
import { exitCodes, FlowError } from '../../../src/errors.js';
import type { Check } from '../../../src/operations/doctor/check.js';
import {
  actionsOf,
  permissionCommands,
  policyFor,
} from '../../../src/operations/doctor/command-permissions.js';
import { examineHost } from '../../../src/operations/doctor/examine-host.js';
import { examineTarget } from '../../../src/operations/doctor/examine-target.js';
import type { Gateways } from '../../../src/ports/aws.js';

const ACCOUNT = 'arn:aws:states:ap-northeast-1:123456789012:stateMachine:';
const FUNCTION = 'arn:aws:lambda:ap-northeast-1:123456789012:function:dev-app-lambda-api';
const NOW = Date.parse('2026-11-24T00:00:00Z');
const DAY = 86_400_000;

/** A target of AWS, whose services answer as told. */
function targetOf(answers: {
  definition?: object;
  running?: number[];
  refused?: string[];
  alarms?: { metric: string; firing?: boolean }[];
  sources?: { state: string; lastResult?: string }[];
  bucket?: boolean;
  missing?: boolean;
  account?: string;
  others?: string[];
  group?: boolean;
  queue?: { waiting: number; deadLetters?: number };
}) {
  const definition = answers.definition ?? {
    StartAt: 'S',
    States: {
      S: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Parameters: { FunctionName: FUNCTION },
        Retry: [{ ErrorEquals: ['States.ALL'] }],
        End: true,
      },
    },
  };
  const machine = (arn: string) => ({
    stateMachineArn: arn,
    name: arn.slice(ACCOUNT.length),
    type: 'STANDARD' as const,
    creationDate: new Date(0),
    roleArn: 'arn:aws:iam::123456789012:role/machine',
    definition: JSON.stringify(definition),
    logGroupArn: 'arn:aws:logs:ap-northeast-1:123456789012:log-group:/aws/vendedlogs/states/dev-app-task:*',
    logLevel: 'ALL' as const,
  });
  const gateways = {
    identity: {
      callerIdentity: async () => ({
        account: answers.account ?? '123456789012',
        arn: 'arn:aws:sts::123456789012:assumed-role/ops/me',
      }),
    },
    states: {
      describeStateMachine: async (arn: string) => machine(arn),
      async *listStateMachines() {
        for (const name of ['dev-app-task', ...(answers.others ?? [])])
          yield { name, stateMachineArn: ACCOUNT + name };
      },
      async *listExecutions() {
        for (const days of answers.running ?? [])
          yield { name: `e${days}`, startDate: new Date(NOW - days * DAY) };
      },
    },
    permissions: {
      refused: async (_principal: string, actions: string[]) =>
        actions.filter((action) => answers.refused?.includes(action)),
    },
    alarms: {
      ofStateMachines: async () =>
        (answers.alarms ?? []).map(({ metric, firing = false }) => ({
          name: `${metric} of task`,
          metric,
          firing,
          enabled: true,
          stateMachineArn: `${ACCOUNT}dev-app-task`,
        })),
    },
    functions: {
      eventSources: async () =>
        (answers.sources ?? []).map((source) => ({ arn: 'arn:aws:sqs:r:1:q', ...source })),
    },
    logs: {
      filterPages: () => ({
        [Symbol.asyncIterator]: () => ({
          async next() {
            if (answers.group !== false) return { done: true };
            throw new FlowError(exitCodes.notFound, 'ResourceNotFoundException', 'none');
          },
        }),
      }),
    },
    queues: {
      url: async (arn: string) => arn,
      async describe(url: string) {
        const { waiting = 0, deadLetters } = answers.queue ?? { deadLetters: 0 };
        if (url.endsWith('-dead')) return { waiting: deadLetters, inFlight: 0 };
        return {
          waiting,
          inFlight: 1,
          ...(deadLetters !== undefined && { deadLetterArn: 'arn:aws:sqs:r:1:q-dead' }),
        };
      },
    },
    objects: { bucketAnswers: async () => answers.bucket ?? true },
  } as unknown as Gateways;
  return {
    gateways,
    flagsForHints: ' --target prod',
    prefix: 'dev-app-',
    async machineArn(role: string) {
      if (role !== 'task' || answers.missing)
        throw new FlowError(exitCodes.notFound, 'StateMachineNotFound', `there is no state machine ${role}`, {
          hint: 'mbc-flow machines',
        });
      return `${ACCOUNT}dev-app-task`;
    },
    machineReason: (role: string) => (role === 'import-zip' ? "by the framework's names" : 'as configured'),
    uploadBucket: async () => 'dev-app-ddb-attributes',
    now: () => NOW,
  };
}

async function examine(answers: Parameters<typeof targetOf>[0]): Promise<Record<string, Check>> {
  const found: Record<string, Check> = {};
  for await (const check of examineTarget(targetOf(answers))) found[check.check] = check;
  return found;
}

const WELL = {
  alarms: [{ metric: 'ExecutionsFailed' }, { metric: 'ExecutionsTimedOut' }],
  sources: [{ state: 'Enabled', lastResult: 'OK' }],
};

test('what is well is said to be', async () => {
  const found = await examine(WELL);
  const notWell = Object.values(found).filter(({ status }) => status !== 'ok');
  expect(notWell.map(({ check }) => check)).toEqual(['command', 'import-csv']);
  expect(found.task).toMatchObject({ message: 'dev-app-task, as configured' });
  expect(found.command).toMatchObject({ status: 'warning', hint: 'mbc-flow machines' });
});

test('a single finding is counted as one', async () => {
  const S = { Type: 'Task', Resource: FUNCTION, End: true };
  const found = await examine({ ...WELL, definition: { StartAt: 'S', States: { S } } });
  expect(found['dev-app-task lint']).toMatchObject({ message: expect.stringMatching(/^1 finding \(/) });
});

test('each fault is named, with what to type', async () => {
  const found = await examine({
    definition: {
      StartAt: 'S',
      States: {
        S: {
          Type: 'Task',
          Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
          Parameters: { FunctionName: FUNCTION, Payload: { 't.$': '$$.Task.Token' } },
          End: true,
        },
      },
    },
    running: [0.5, 3, 40],
    refused: ['states:SendTaskSuccess'],
    alarms: [{ metric: 'ExecutionsFailed', firing: true }],
    sources: [{ state: 'Disabled' }],
    bucket: false,
  });
  expect(found.permissions).toMatchObject({
    status: 'warning',
    hint: expect.stringContaining('mbc-flow doctor --policy approve,'),
  });
  expect(found['dev-app-task lint']).toMatchObject({
    status: 'warning',
    hint: 'mbc-flow lint --target prod dev-app-task',
  });
  expect(found['dev-app-task waiting']).toMatchObject({
    message: '3 running, the oldest for 40 days (e40)',
    hint: 'mbc-flow show e40 --target prod',
  });
  expect(found['dev-app-task alarms']).toMatchObject({ status: 'fault' });
  expect(found['dev-app-lambda-api event sources']).toMatchObject({
    status: 'fault',
    message: 'not enabled: q',
  });
  expect(found.bucket).toMatchObject({ status: 'fault' });
});

test('what a target does not tell is not checked, and nothing ends for it', async () => {
  const target = targetOf(WELL);
  const dumb = async (): Promise<never> => {
    throw new FlowError(exitCodes.usage, 'UnknownOperationException', 'it is not there');
  };
  Object.assign(target.gateways, { alarms: { ofStateMachines: dumb }, permissions: { refused: dumb } });
  const checks: Check[] = [];
  for await (const check of examineTarget(target)) checks.push(check);
  expect(checks.filter(({ status }) => status === 'unchecked').map(({ check }) => check)).toEqual([
    'permissions',
    'alarms',
  ]);
  expect(checks.at(-1)?.check).toBe('bucket');
});

test('the application’s other machines are looked at too, and nobody else’s', async () => {
  const found = await examine({ ...WELL, others: ['dev-app-order', 'prod-app-order'] });
  expect(found['dev-app-order lint']).toMatchObject({ status: 'ok' });
  expect(found['prod-app-order lint']).toBeUndefined();
});

test('queues and their dead letters, with what waits in them', async () => {
  const well = await examine({ ...WELL, queue: { waiting: 3, deadLetters: 0 } });
  expect(well.q).toMatchObject({ status: 'ok', message: '3 waiting, 1 in flight' });
  expect(well['q-dead']).toMatchObject({ status: 'ok' });
  const dead = await examine({ ...WELL, queue: { waiting: 0, deadLetters: 2 } });
  expect(dead['q-dead']).toMatchObject({ status: 'warning', message: expect.stringContaining('2 messages') });
  const bare = await examine({ ...WELL, queue: { waiting: 0 } });
  expect(bare.q).toMatchObject({
    status: 'warning',
    message: expect.stringContaining('no dead-letter queue'),
  });
});

test('a log group that is not there is one that nothing was logged to, or one that is missing', async () => {
  const idle = await examine({ ...WELL, group: false });
  expect(idle['dev-app-task logs']).toMatchObject({
    status: 'ok',
    message: expect.stringContaining('never ran'),
  });
  const ran = await examine({ ...WELL, group: false, running: [1] });
  expect(ran['dev-app-task logs']).toMatchObject({
    status: 'warning',
    hint: expect.stringContaining('aws logs'),
  });
});

test('an empty answer is nobody’s, and ends the examination', async () => {
  const checks: Check[] = [];
  for await (const check of examineTarget(targetOf({ ...WELL, account: '' }))) checks.push(check);
  expect(checks).toMatchObject([
    { check: 'identity', status: 'fault', message: expect.stringContaining('not AWS') },
  ]);
});

test('without credentials there is nothing more to ask', async () => {
  const target = targetOf({});
  const refuse = async (): Promise<never> => {
    throw new FlowError(exitCodes.denied, 'Credentials', 'no usable AWS credentials', {
      hint: 'aws sso login',
    });
  };
  Object.assign(target.gateways, { identity: { callerIdentity: refuse } });
  const checks: Check[] = [];
  for await (const check of examineTarget(target)) checks.push(check);
  expect(checks).toEqual([
    { check: 'identity', status: 'fault', message: 'no usable AWS credentials', hint: 'aws sso login' },
  ]);
});

test('a policy names what the commands need, and no more', () => {
  const policy = policyFor(['approve', 'import'], { bucket: 'b', tables: 'dev-app-' }) as {
    Statement: { Sid: string; Action: string[]; Resource: string[] }[];
  };
  const actions = policy.Statement.flatMap(({ Action }) => Action);
  expect(actions).toContain('states:SendTaskSuccess');
  expect(actions).not.toContain('states:StopExecution');
  expect(actions.toSorted()).toEqual(actionsOf(['approve', 'import']));
  expect(policy.Statement.find(({ Sid }) => Sid === 'Files')?.Resource).toEqual([
    'arn:aws:s3:::b',
    'arn:aws:s3:::b/*',
  ]);
  expect(() => policyFor(['fly'], {})).toThrow(/fly/);
  for (const command of permissionCommands()) expect(policyFor([command], {})).toBeTruthy();
});

test('an old Node.js and taken ports', () => {
  expect(examineHost('v20.18.9', [])).toMatchObject([{ status: 'fault' }, { status: 'ok' }]);
  expect(examineHost('v22.0.0', [{ port: 8083, own: true }])).toMatchObject([
    { status: 'ok' },
    { status: 'ok', message: '`mbc-flow dev` answers on 8083' },
  ]);
  expect(examineHost('v22.0.0', [{ port: 8083, own: false }])).toMatchObject([
    { status: 'ok' },
    { status: 'warning', hint: 'mbc-flow dev --port 0' },
  ]);
  expect(examineHost('v22.0.0', [], [18083, 4566])[1]?.message).toBe(
    '18083 and 4566 are free for `mbc-flow dev`',
  );
});
