import { CreateStateMachineCommand, DescribeStateMachineCommand } from '@aws-sdk/client-sfn';
import { describe, expect, test } from 'vitest';
import { startBinary } from '../../acceptance/process.js';
import { type Fault, type Seen, startFaultProxy } from '../fault-proxy.js';
import { temporaryDirectory } from '../local/harness.js';
import { compare, killedAfter, prefix, remains, runKit, startTarget } from './kit.js';

/** Some of each kind; all of them: npm run soak -- acceptance */
const SOME =
  '^(pass|choice-op|parallel-fails|map-item|intrinsics|express-fails|stopped|jsonata-(of-aws|flow|fails-own)|retried-in-vain|distributed-result|execution-of|test-state-mocked|validate-path|api|activity|command stop)';

test('against our own server nothing differs, and nothing is left', async () => {
  const target = await startTarget();
  const { code, differences, leftOut, missing, left, same } = await compare(
    target.endpoint,
    SOME,
    startBinary,
  );
  expect({ differences, leftOut, left, code }).toEqual({ differences: [], leftOut: [], left: [], code: 0 });
  expect(missing).toEqual(['lambda.ListFunctions']);
  expect(same).toBeGreaterThan(50);
  expect(await remains(target)).toEqual([]);
});

/** Put into what the target answers: an operation, the text that it has, and what it has instead. */
const FAULTS: { id: string; operation: string; from: RegExp; to: string }[] = [
  {
    id: 'fail-by-path',
    operation: 'GetExecutionHistory',
    from: /because of reasons/g,
    to: 'because of nothing',
  },
  {
    id: 'numbers-keep-their-text',
    operation: 'GetExecutionHistory',
    from: /12345678901234567890/g,
    to: '12345678901234567000',
  },
  { id: 'variables', operation: 'DescribeExecution', from: /\\"x\\":7/, to: '\\"x\\":7.0' },
  { id: 'express-fails', operation: 'StartSyncExecution', from: /"error":"E"/, to: '"error":"F"' },
  { id: 'test-state-fail', operation: 'TestState', from: /"cause":"c"/, to: '"cause":"d"' },
  {
    id: 'validate-no-json',
    operation: 'ValidateStateMachineDefinition',
    from: /INVALID_JSON_DESCRIPTION/,
    to: 'OTHER',
  },
  {
    id: 'activity 2 DescribeActivity',
    operation: 'DescribeActivity',
    from: /-activity"(?=.*creationDate)/,
    to: '-other"',
  },
];

test('what a proxy changes is what differs, and nothing else', async () => {
  const target = await startTarget();
  const change = (operation: string) => (body: string) =>
    FAULTS.filter((fault) => fault.operation === operation).reduce(
      (text, { from, to }) => text.replace(from, to),
      body,
    );
  const faultOf = ({ operation }: Seen): Fault =>
    FAULTS.some((fault) => fault.operation === operation) ? { change: change(operation) } : undefined;
  const proxy = await startFaultProxy(target.endpoint, faultOf);
  const cases =
    '^(pass|fail-by-path|numbers|variables|context|express-fails|test-state-fail|validate-(no|good)|activity)';
  const { code, differences, left } = await compare(proxy.endpoint, cases);
  expect(differences.map(({ id }) => id).toSorted()).toEqual(FAULTS.map(({ id }) => id).toSorted());
  expect({ code, left }).toEqual({ code: 1, left: [] });
});

test('an operation that is not there is told, and is no difference', async () => {
  const target = await startTarget();
  const lacking = [
    'StartSyncExecution',
    'TestState',
    'ListTagsForResource',
    'DescribeMapRun',
    'CreateLogGroup',
    'RedriveExecution',
  ];
  const proxy = await startFaultProxy(target.endpoint, ({ operation }) =>
    lacking.includes(operation) ? { status: 400, code: 'UnknownOperationException' } : undefined,
  );
  const cases = '^(pass|express-fails|test-state-fail|distributed-items|api$|command (flow|redrive))';
  const found = await compare(proxy.endpoint, cases);
  expect({ differences: found.differences, left: found.left, code: found.code }).toEqual({
    differences: [],
    left: [],
    code: 0,
  });
  expect(found.missing.toSorted()).toEqual(
    [
      'lambda.ListFunctions',
      'logs.CreateLogGroup',
      ...lacking.filter((name) => name !== 'CreateLogGroup').map((name) => `states.${name}`),
    ].toSorted(),
  );
  expect(found.leftOut.map(({ id }) => id).toSorted()).toEqual([
    'api 2 ListTagsForResource',
    'api 8 RedriveExecution',
    'command flow',
    'command redrive: redrive --follow',
    'distributed-items',
    'express-fails',
    'test-state-fail',
  ]);
  expect(await remains(target)).toEqual([]);
});

test('an endpoint that has nothing is told so', async () => {
  const target = await startTarget();
  const proxy = await startFaultProxy(target.endpoint, () => ({ status: 501, code: 'NotImplemented' }));
  const { code, same, differences, left } = await compare(proxy.endpoint, '^(pass$|api$)');
  expect({ code, same, differences, left }).toEqual({ code: 1, same: 0, differences: [], left: [] });
});

describe('however it ends, --cleanup leaves nothing', () => {
  test.each([
    { signal: 'SIGKILL', after: 9 },
    { signal: 'SIGKILL', after: 80 },
    { signal: 'SIGTERM', after: 50 },
  ] as const)('$signal after $after requests', async ({ signal, after }) => {
    const target = await startTarget();
    const { code, before, cleaned, files } = await killedAfter(target, { signal, after });
    expect({ code, left: before.length > 0 }).toEqual(
      signal === 'SIGKILL' ? { code: null, left: true } : { code: 143, left: false },
    );
    expect({ cleaned, files, remaining: await remains(target) }).toEqual({
      cleaned: 0,
      files: [],
      remaining: [],
    });
  });
});

test('--cleanup touches nothing that has the name but not the tag, and asks first', async () => {
  const target = await startTarget();
  const definition = '{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}';
  const roleArn = 'arn:aws:iam::101010101010:role/r';
  const create = (name: string, value?: string) =>
    target.sfn.send(
      new CreateStateMachineCommand({
        name,
        definition,
        roleArn,
        ...(value && { tags: [{ key: 'mbc-flow-acceptance', value }] }),
      }),
    );
  const foreign = await create(`${prefix}-rabcdefg-orders`);
  const other = await create(`${prefix}-rabcdefg-others`, 'another-prefix');
  await create(`${prefix}-orders`, prefix);
  const { stateMachineArn } = await create(`${prefix}-rabcdefg-pass`, prefix);
  const run = { endpoint: target.endpoint, journal: temporaryDirectory() };
  const asked = await runKit(run, ['--cleanup']);
  expect(asked.code).toBe(2);
  expect(asked.stdout).toContain(`${prefix}-rabcdefg-pass`);
  await target.sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
  const { code, stdout } = await runKit(run, ['--cleanup', '--yes']);
  expect(code).toBe(1);
  expect(stdout).toContain('1 removed, 2 left');
  for (const { stateMachineArn } of [foreign, other])
    await target.sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
});

describe('the command line', () => {
  test('--plan lists every resource and does nothing', async () => {
    const target = await startTarget();
    const proxy = await startFaultProxy(target.endpoint, () => undefined);
    const { code, stdout } = await runKit({ endpoint: proxy.endpoint, journal: temporaryDirectory() }, [
      '--plan',
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Account 101010101010, region ap-northeast-1/);
    expect(stdout).toContain(`${prefix}-RUN-distributed-csv`);
    expect(stdout).toMatch(/together less than \$0\.\d\d/);
    expect(proxy.seen.map(({ operation }) => operation)).toEqual(['STS', 'ListStateMachines']);
  });

  test.each([
    [['--prefix', 'A B'], /--prefix A B: /],
    [['--output', 'xml'], /--output xml: text or json/],
    [['--nothing'], /--nothing/],
    [[], /--yes/],
  ])('%j is refused', async (args, message) => {
    const target = await startTarget();
    const { code, stderr } = await runKit({ endpoint: target.endpoint, journal: temporaryDirectory() }, args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
