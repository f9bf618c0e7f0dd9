import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SendTaskSuccessCommand, SFNClient } from '@aws-sdk/client-sfn';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import type { Flow, FlowOptions, FlowTestError, startFlow as StartFlow } from '../../src/testing/types.js';

// What ships.
const library = join(import.meta.dirname, '../../dist/testing.js');
const { startFlow } = (await import(pathToFileURL(library).href)) as { startFlow: typeof StartFlow };

const flows: Flow[] = [];
afterEach(async () => {
  for (const flow of flows.splice(0)) await flow.stop();
});
async function started(options: FlowOptions): Promise<Flow> {
  const flow = await startFlow(options);
  flows.push(flow);
  return flow;
}
function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mbc-flow-testing-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
const failure = async (work: Promise<unknown>): Promise<FlowTestError> =>
  (await work.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  )) as FlowTestError;

const call = (name: string, next: object = { End: true }) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: name, 'Payload.$': '$' },
  OutputPath: '$.Payload',
  ...next,
});
const week = 7 * 86_400;
const approval = {
  StartAt: 'Ask',
  States: {
    Ask: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Parameters: {
        FunctionName: 'mailer',
        Payload: { 'requestId.$': '$.requestId', 'taskToken.$': '$$.Task.Token' },
      },
      TimeoutSeconds: week,
      Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Too late' }],
      Next: 'Approved?',
    },
    'Approved?': {
      Type: 'Choice',
      Choices: [{ Variable: '$.approved', BooleanEquals: true, Next: 'Book' }],
      Default: 'Refused',
    },
    Book: call('book'),
    Refused: { Type: 'Fail', Error: 'Refused' },
    'Too late': { Type: 'Fail', Error: 'TooLate' },
  },
};
const one = (state: object, more: object = {}) => ({ StartAt: 'S', States: { S: state }, ...more });

test('an approval: what waits, who answers, what was sent; and no token comes to light', async () => {
  let token = '';
  const flow = await started({
    machines: { approval },
    functions: {
      mailer({ taskToken }) {
        token = taskToken;
      },
      book: async ({ approved, by }) => ({ booked: approved, by }),
    },
    clock: { start: '2026-03-01T09:00:00Z' },
  });
  const execution = await flow.run('approval', { requestId: 'r-1' }, { name: 'first' });
  expect(execution).toMatchObject({ name: 'first', status: 'RUNNING', path: ['Ask'], output: undefined });
  const [step, another] = await flow.pending();
  expect(another).toBeUndefined();
  expect(step).toMatchObject({
    requestId: 'r-1',
    state: 'Ask',
    execution: execution.arn,
    kind: 'token',
    since: new Date('2026-03-01T09:00:00Z'),
    timeoutAt: new Date('2026-03-08T09:00:00Z'),
    sent: { Payload: { requestId: 'r-1', taskToken: '<redacted>' } },
  });
  await flow.approve('r-1');
  expect(execution).toMatchObject({
    status: 'SUCCEEDED',
    output: { booked: true, by: 'test' },
    path: ['Ask', 'Approved?', 'Book'],
    duration: 0,
  });
  expect(await flow.pending()).toEqual([]);
  expect(execution.sent('Book')).toMatchObject([{ FunctionName: 'book', Payload: { approved: true } }]);
  expect(token).not.toBe('');
  expect(JSON.stringify([step, execution.events, flow.sent('Ask')])).not.toContain(token);
});

test('all ways to answer, and all ways to say to which step', async () => {
  const flow = await started({ machines: { approval }, answers: { Book: { value: { Payload: 'ok' } } } });
  const run = (requestId: string) => flow.run('approval', { requestId });
  const rejected = await run('r-1');
  await flow.reject('r-1', { reason: 'too dear' });
  expect(rejected).toMatchObject({ status: 'FAILED', error: 'Refused' });
  const only = await run('r-2');
  await flow.approve();
  expect(only.output).toBe('ok');
  const [first, second] = [await run('r-3'), await run('r-3')];
  expect(await failure(flow.approve('r-3'))).toMatchObject({
    code: 'SeveralSteps',
    hint: 'pass what pending() tells',
  });
  expect(await failure(flow.approve())).toMatchObject({ code: 'SeveralSteps' });
  const [, newest] = await flow.pending();
  await flow.approve(newest);
  expect([first.status, second.status]).toEqual(['RUNNING', 'SUCCEEDED']);
  await flow.resume(first, { answer: { approved: false } });
  expect(first.error).toBe('Refused');
  const failed = await run('r-4');
  await flow.fail(failed.name, { error: 'Lost', cause: 'in the post' });
  expect(failed).toMatchObject({ status: 'FAILED', error: 'Lost', cause: 'in the post' });
});

test('a week passes at once, to the millisecond, also where timers are faked', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const flow = await started({ machines: { approval }, clock: { start: '2026-03-01T09:00:00Z' } });
  const execution = await flow.run('approval', { requestId: 'r-1' });
  await flow.advance('6d');
  expect(execution.status).toBe('RUNNING');
  await flow.advance('1d');
  expect(execution).toMatchObject({ error: 'TooLate', duration: week * 1000 });
  expect(flow.now).toEqual(new Date('2026-03-08T09:00:00Z'));
  expect(execution.events.at(-1)?.timestamp).toEqual(flow.now);
});

test('waits pass by themselves, or with a manual clock by advance alone', async () => {
  const machines = {
    waits: {
      StartAt: 'A',
      States: {
        A: { Type: 'Wait', Seconds: 3600, Next: 'B' },
        B: { Type: 'Wait', Timestamp: '2026-03-02T00:00:00Z', End: true },
      },
    },
  };
  const start = '2026-03-01T00:00:00Z';
  const skipping = await started({ machines, clock: { start } });
  expect(await skipping.run('waits')).toMatchObject({ status: 'SUCCEEDED', duration: 86_400_000 });
  const manual = await started({ machines, clock: { mode: 'manual', start: new Date(start) } });
  const execution = await manual.run('waits');
  expect(execution.path).toEqual(['A']);
  await manual.advance('59m');
  expect(execution.path).toEqual(['A']);
  await manual.advance();
  expect(execution.path).toEqual(['A', 'B']);
  await manual.advance({ to: '2026-03-02T00:00:00Z' });
  expect(execution).toMatchObject({ status: 'SUCCEEDED', duration: 86_400_000 });
});

test('answers in turn, by what was sent, late, never; else the call is made', async () => {
  const retried = call('pay', {
    Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 60, MaxAttempts: 3 }],
    End: true,
  });
  const timed = { ...call('pay'), TimeoutSeconds: 3600 };
  const flow = await started({
    machines: {
      retried: one(retried),
      timed: one(timed),
      each: one({
        Type: 'Map',
        ItemProcessor: { StartAt: 'Pay', States: { Pay: call('pay') } },
        End: true,
      }),
    },
    functions: { pay: (event) => ({ paid: event }) },
    answers: {
      S: ({ execution, index }) => {
        const [machine, name] = execution.split(':').slice(-2);
        if (machine === 'retried') return index < 2 ? { error: 'Busy', cause: `${index}` } : { call: true };
        if (name === 'late') return { value: { Payload: 'late' }, after: '2h' };
        return name === 'never' ? { never: true } : { value: { Payload: 'in time' }, after: '30m' };
      },
      Pay: ({ sent }) => (sent.Payload === 2 ? { value: { Payload: 'two' } } : undefined),
    },
  });
  expect(await flow.run('retried', { n: 1 })).toMatchObject({
    output: { paid: { n: 1 } },
    duration: 180_000,
  });
  expect(flow.sent('S')).toHaveLength(3);
  expect(await flow.run('timed', {}, { name: 'early' })).toMatchObject({
    output: 'in time',
    duration: 1_800_000,
  });
  for (const name of ['late', 'never'])
    expect(await flow.run('timed', {}, { name })).toMatchObject({
      error: 'States.Timeout',
      duration: 3_600_000,
    });
  expect(await flow.run('each', [1, 2])).toMatchObject({
    output: [{ paid: 1 }, 'two'],
    path: expect.arrayContaining(['S', 'Pay[0]', 'Pay[1]']),
  });
  const listed = await started({
    machines: { retried: one(retried) },
    answers: { S: [{ error: 'Busy' }, { value: { Payload: 'done' } }] },
  });
  expect(await listed.run('retried')).toMatchObject({ output: 'done', duration: 60_000 });
});

class CardDeclined extends Error {
  override name = 'CardDeclined';
}
const handlers: [string, NonNullable<FlowOptions['functions']>, unknown][] = [
  ['a value', { pay: ({ n }) => n + 1 }, { output: 2 }],
  ['a promise', { pay: async ({ n }) => ({ n }) }, { output: { n: 1 } }],
  ['nothing', { pay: () => Promise.resolve() }, { output: null }],
  [
    'the callback',
    { pay: (_event, _context, callback) => void callback(null, 'called') },
    { output: 'called' },
  ],
  ['the context', { '*': async (_, context) => context.functionName }, { output: 'pay' }],
  [
    'an error',
    {
      pay: () => {
        throw new CardDeclined('no money');
      },
    },
    { error: 'CardDeclined', cause: expect.stringContaining('"errorMessage":"no money"') },
  ],
  ['a rejection', { pay: () => Promise.reject(new TypeError('odd')) }, { error: 'TypeError' }],
  ['what is no JSON', { pay: async () => ({ big: 1n }) }, { error: 'Runtime.MarshalError' }],
];
test.each(handlers)('a function answers with %s', async (_, functions, expected) => {
  const flow = await started({ machines: { m: one(call('pay')) }, functions });
  expect(await flow.run('m', { n: 1 })).toMatchObject(expected as object);
});

test('JSONata, EXPRESS, a child execution, a message to a queue nobody has, and the built-in machines', async () => {
  const start = {
    Type: 'Task',
    Resource: 'arn:aws:states:::states:startExecution.sync:2',
    Parameters: {
      'StateMachineArn.$': "States.Format('arn:aws:states:ap-northeast-1:101010101010:stateMachine:sum')",
    },
    OutputPath: '$.Output',
    End: true,
  };
  const sum = one({ Type: 'Pass', Output: '{% $sum([1, 2]) %}', End: true }, { QueryLanguage: 'JSONata' });
  const queued = one({
    Type: 'Task',
    Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
    Parameters: { QueueUrl: 'https://sqs/approvals', MessageBody: { 'token.$': '$$.Task.Token' } },
    End: true,
  });
  const flow = await started({
    machines: { sum, quick: { definition: sum, type: 'EXPRESS' }, parent: one(start), queued },
  });
  expect(await flow.run('parent')).toMatchObject({ output: 3 });
  expect(await flow.run('quick')).toMatchObject({ status: 'SUCCEEDED', output: 3, path: ['S'] });
  const waiting = await flow.run('queued');
  expect(flow.sent('S').at(-1)).toMatchObject({ MessageBody: { token: '<redacted>' } });
  await flow.resume(waiting, { answer: 7 });
  expect(waiting.output).toBe(7);
});

test('machines are files, names of mbc-flow.json and all of a template', async () => {
  const folder = scratch();
  mkdirSync(join(folder, 'machines'));
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as deployments fill it in
  const yaml = 'StartAt: S\nStates:\n  S:\n    Type: Task\n    Resource: ${pay}\n    End: true\n';
  writeFileSync(join(folder, 'machines/plain.asl.yaml'), yaml);
  writeFileSync(
    join(folder, 'mbc-flow.json'),
    JSON.stringify({ local: { machines: { known: 'machines/plain.asl.yaml' } } }),
  );
  const template = {
    Resources: {
      Nightly: {
        Type: 'AWS::Serverless::StateMachine',
        Properties: { Name: 'nightly', Definition: one({ Type: 'Succeed' }) },
      },
    },
  };
  writeFileSync(join(folder, 'template.json'), JSON.stringify(template));
  const functions = { pay: () => 'paid' };
  const outputs = async (options: FlowOptions, ...names: string[]): Promise<unknown[]> => {
    const flow = await started({ folder, functions, ...options });
    const runs: unknown[] = [];
    for (const name of names) runs.push((await flow.run(name, {})).output);
    return runs;
  };
  expect(await outputs({}, 'known')).toEqual(['paid']);
  expect(await outputs({ machines: ['known', 'machines/plain.asl.yaml'] }, 'known', 'plain')).toEqual([
    'paid',
    'paid',
  ]);
  expect(
    await outputs({ machines: { mine: 'machines/plain.asl.yaml', other: 'template.json' } }, 'mine', 'other'),
  ).toEqual(['paid', {}]);
  expect(await outputs({ template: 'template.json' }, 'nightly')).toEqual([{}]);
});

test.each<[string, string, FlowOptions, ((flow: Flow) => Promise<unknown>)?]>([
  ['InvalidDefinition', 'machines.m', { machines: { m: one({ Type: 'Nap' }) } }],
  ['MachineNotFound', 'machines', { machines: ['nowhere.json'] }],
  ['FileNotFound', 'nowhere.json', { machines: { m: 'nowhere.json' } }],
  ['BadMachine', 'machines.m', { machines: { m: {} } }],
  ['BadOption', 'clock', { machines: {}, clock: { start: 'soon' } }],
  ['BadOption', 'clock.mode', { machines: {}, clock: { mode: 'real' as 'skip' } }],
  ['MachineNotFound', '', { machines: {} }, (flow) => flow.run('nothing')],
  ['FunctionMissing', '', { machines: { m: one(call('pay')) } }, (flow) => flow.run('m')],
  [
    'BadAnswer',
    'answers.S',
    { machines: { m: one(call('pay')) }, answers: { S: { value: 1, after: 'soon' } } },
    (flow) => flow.run('m'),
  ],
  ['NotPaused', '', { machines: {} }, (flow) => flow.approve()],
  ['RequestNotFound', '', { machines: {} }, (flow) => flow.approve('r-9')],
  ['BadTime', 'advance', { machines: {} }, (flow) => flow.advance('soon')],
  ['BadTime', 'advance', { machines: {} }, (flow) => flow.advance({ to: '1999-01-01' })],
])('what is wrong is told: %s %s', async (code, where, options, act) => {
  const error = await failure(act ? started(options).then(act) : started(options));
  expect(error).toMatchObject({ name: 'FlowTestError', code });
  expect(error.where ?? '').toContain(where);
  expect(error.message).not.toMatch(/mbc-flow [a-z]|--\w/);
});

test('an AWS SDK answers at the endpoint; each flow is alone with its executions', async () => {
  const made = await Promise.all(
    ['a', 'b'].map(async (which) => {
      let token = '';
      const flow = await started({
        machines: { approval },
        functions: {
          mailer({ taskToken }) {
            token = taskToken;
          },
          book: () => which,
        },
      });
      return { flow, token: () => token, execution: await flow.run('approval', { requestId: 'r-1' }) };
    }),
  );
  const [first, second] = made;
  if (!first || !second) throw new Error('two were started');
  const { AWS_REGION: region = '' } = first.flow.env;
  const client = new SFNClient({
    endpoint: first.flow.endpoint,
    region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  onTestFinished(() => client.destroy());
  await client.send(new SendTaskSuccessCommand({ taskToken: first.token(), output: '{"approved":true}' }));
  await first.flow.settled();
  expect([first.execution.output, second.execution.status]).toEqual(['a', 'RUNNING']);
});

test('a process that forgets to stop ends by itself, and leaves nothing on disk', () => {
  const folder = scratch();
  const script = `
    import { startFlow } from ${JSON.stringify(pathToFileURL(library).href)};
    const flow = await startFlow({ machines: { approval: ${JSON.stringify(approval)} } });
    await flow.run('approval', { requestId: 'r-1' });
    await fetch(flow.endpoint + '/_mbc-flow/health').then((answer) => answer.text());
    const body = 'x'.repeat(100_000);
    await fetch(flow.endpoint + '/local-bucket/key', { method: 'PUT', body });
    console.log((await fetch(flow.endpoint + '/local-bucket/key').then((answer) => answer.text())) === body);
  `;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: folder,
    env: { ...process.env, TMPDIR: folder },
    encoding: 'utf8',
  });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'true\n', stderr: '' });
  expect(readdirSync(folder)).toEqual([]);
});

test('it is disposable', async () => {
  const flow = await startFlow({ machines: {} });
  await flow[Symbol.asyncDispose]();
  await expect(fetch(flow.endpoint)).rejects.toThrow('fetch failed');
});
