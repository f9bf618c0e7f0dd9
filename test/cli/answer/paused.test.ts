import { SendTaskSuccessCommand, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/json/json.js';
import { ended } from '../../local/harness.js';
import { errorOf, run } from '../world.js';
import { advance, choiceOnApproved, pausedWorld, until, waiting } from './paused-machines.js';

const approval = (more: JsonObject = {}): JsonObject => ({
  StartAt: 'WaitForApproval',
  States: {
    WaitForApproval: waiting({ OutputPath: '$.Payload', Next: 'Decide', ...more }),
    Decide: choiceOnApproved,
    Accepted: { Type: 'Succeed' },
    Refused: { Type: 'Fail', Error: 'Refused' },
  },
});
/** A machine of one state. */
const only = (name: string, state: JsonObject): JsonObject => ({
  StartAt: name,
  States: { [name]: { ...state, End: true } },
});
const me = 'arn:aws:iam::101010101010:user/local';
const approved = { approved: true, by: me, at: expect.any(String) };

test('approve by request id alone: found, shaped, sent, proven; a second time it says what happened', async () => {
  const world = await pausedWorld();
  const machine = await world.machine('approval', approval());
  const executionArn = await world.begin(machine, { requestId: 'r-1' });
  await world.begin(machine, { requestId: 'r-2' });
  const ran = await world.run('approve', 'r-1', '-o', 'json');
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(ran.stdout)).toMatchObject({
    requestId: 'r-1',
    executionArn,
    stateName: 'WaitForApproval',
    answer: { Payload: approved },
    proven: true,
    nextState: 'Decide',
  });
  expect(JSON.parse((await ended(world.sfn, executionArn)).output ?? '')).toEqual(approved);

  const again = await world.run('approve', 'r-1', '-o', 'json');
  expect(errorOf(again)).toMatchObject({ exitCode: 5, code: 'AlreadyAnswered' });
  expect(errorOf(again).message).toContain(`by ${me}`);

  const none = await world.run('approve', 'r-3', '-o', 'json');
  expect(errorOf(none)).toMatchObject({ exitCode: 3, code: 'RequestNotFound', near: ['r-2'] });

  const audit = JSON.parse((await world.run('audit', '-o', 'json')).stdout).answers;
  expect(audit).toEqual([
    expect.objectContaining({
      verb: 'approve',
      requestId: 'r-1',
      executionArn,
      caller: me,
      outcome: 'proven',
    }),
  ]);
});

test('approve right after start: the step of a young execution is waited for', async () => {
  const world = await pausedWorld();
  const machine = await world.machine('late', {
    ...approval(),
    StartAt: 'Before',
    States: {
      Before: { Type: 'Wait', Seconds: 1, Next: 'WaitForApproval' },
      ...(approval().States as object),
    },
  });
  const { executionArn } = await world.sfn.send(
    new StartExecutionCommand({ stateMachineArn: machine, input: '{"requestId":"r-late"}' }),
  );
  expect((await world.run('approve', 'r-late')).code).toBe(0);
  expect((await ended(world.sfn, executionArn ?? '')).status).toBe('SUCCEEDED');
});

test('pending shows what was asked, not what the framework routes by', async () => {
  const world = await pausedWorld();
  const routed = {
    source: 'step-function',
    'context.$': '$$',
    'input.$': '$',
    'taskToken.$': '$$.Task.Token',
  };
  const machine = await world.machine(
    'routed',
    only('W', waiting({ Parameters: { FunctionName: 'notify', Payload: routed } })),
  );
  await world.begin(machine, { requestId: 'r-9', amount: 100 });
  const { stdout } = await world.run('pending');
  expect(stdout).toContain(' {"requestId":"r-9","amount":100} ');
  expect(stdout).not.toContain('StateMachine');
});

test('the beginning of a request id is enough where it is of one alone and has four characters', async () => {
  const world = await pausedWorld();
  const machine = await world.machine('approval', approval());
  for (const requestId of ['order-1', 'order-10', 'invoice-9']) await world.begin(machine, { requestId });
  const meant = async (...args: string[]) => {
    const ran = await world.run('approve', ...args, '--dry-run', '-o', 'json');
    return ran.stdout === '' ? errorOf(ran) : JSON.parse(ran.stdout);
  };
  expect(await meant('invo')).toMatchObject({ requestId: 'invoice-9' });
  // A whole id is meant before one that begins like it.
  expect(await meant('order-1')).toMatchObject({ requestId: 'order-1' });
  expect(await meant('orde')).toMatchObject({ exitCode: 5 });
  expect(await meant('inv')).toMatchObject({ exitCode: 3, code: 'RequestNotFound' });
  // A list says each id as it is.
  expect(await meant('invo', 'order-10')).toMatchObject({ results: [{ requestId: 'order-10' }] });
});

describe('every shape of a wait', () => {
  const shapes: [string, JsonObject, JsonObject, unknown][] = [
    ['raw', only('W', waiting()), { requestId: 'ID' }, approved],
    [
      'the framework’s OutputPath',
      only('W', waiting({ OutputPath: '$.Payload[0][0]' })),
      { a: { requestId: 'ID' } },
      approved,
    ],
    [
      'ResultSelector',
      only('W', waiting({ ResultSelector: { 'ok.$': '$.Payload.approved' } })),
      { requestId: 'ID' },
      { ok: true },
    ],
    [
      'ResultPath',
      only('W', waiting({ ResultPath: '$.d' })),
      { requestId: 'ID' },
      { requestId: 'ID', d: approved },
    ],
    [
      'JSONata',
      {
        QueryLanguage: 'JSONata',
        ...only('W', {
          Type: 'Task',
          Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
          Arguments: {
            FunctionName: 'notify',
            Payload: { t: '{% $states.context.Task.Token %}', r: '{% $states.input.requestId %}' },
          },
          Output: '{% $states.result.Payload %}',
        }),
      },
      { requestId: 'ID' },
      approved,
    ],
    [
      'a branch',
      only('P', {
        Type: 'Parallel',
        Branches: [only('W', waiting()), only('X', { Type: 'Pass', Result: 1 })],
      }),
      { requestId: 'ID' },
      [approved, 1],
    ],
    [
      'an iteration: its own request, though all stand in the input',
      only('M', { Type: 'Map', ItemsPath: '$.items', ItemProcessor: only('W', waiting()) }),
      { items: [{ requestId: 'ID' }] },
      [approved],
    ],
    [
      'a map run',
      only('M', {
        Type: 'Map',
        ItemsPath: '$.items',
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          ...only('W', waiting()),
        },
      }),
      { items: [{ requestId: 'ID' }] },
      [approved],
    ],
    [
      'after a retry, where the newest token counts',
      only(
        'W',
        waiting({
          TimeoutSeconds: 60,
          Retry: [{ ErrorEquals: ['States.Timeout'], MaxAttempts: 5, IntervalSeconds: 1 }],
        }),
      ),
      { requestId: 'ID' },
      approved,
    ],
    [
      'a command execution',
      only('W', waiting({ InputPath: '$.nothing', OutputPath: '$.Payload[0][0]' })),
      { nothing: {}, dynamodb: { NewImage: { requestId: { S: 'ID' } } } },
      approved,
    ],
    [
      'variables and the context object',
      {
        StartAt: 'Before',
        States: {
          Before: { Type: 'Pass', Assign: { limit: 5 }, Next: 'W' },
          W: { ...waiting({ ResultSelector: { 'a.$': '$limit', 'b.$': '$.approved' } }), End: true },
        },
      },
      { requestId: 'ID' },
      { a: 5, b: true },
    ],
  ];

  test('is found by its request id and ended as intended; the answer’s value arrives', async () => {
    const world = await pausedWorld();
    for (const [index, [name, definition, input, output]] of shapes.entries()) {
      const id = `req-${index}`;
      const machine = await world.machine(`m${index}`, definition);
      const mine = JSON.parse(JSON.stringify(input).replace('ID', id)) as JsonObject;
      const executionArn = await world.begin(machine, mine);
      if (name.startsWith('after a retry')) {
        await until(world, executionArn, 'TaskSubmitted');
        await advance(world, 61);
        await until(world, executionArn, 'TaskTimedOut');
      }
      await until(world, executionArn, name === 'a map run' ? 'MapRunStarted' : 'TaskSubmitted');
      const ran = await world.run('approve', id, '-o', 'json');
      expect(ran, name).toMatchObject({ code: 0, stderr: '' });
      expect(JSON.parse(ran.stdout), name).toMatchObject({ requestId: id, proven: true });
      const { status, output: got = 'null' } = await ended(world.sfn, executionArn);
      expect({ status, output: JSON.parse(got) }, name).toEqual({
        status: 'SUCCEEDED',
        output: asExpected(output, id),
      });
    }
  });

  const asExpected = (output: unknown, id: string): unknown =>
    typeof output === 'object' && output !== null && 'requestId' in output
      ? { ...output, requestId: id }
      : output;
});

test('what the execution would break on is refused before it is sent, with the reason; --force sends it', async () => {
  const world = await pausedWorld();
  const machine = await world.machine(
    'm',
    only('W', waiting({ ResultSelector: { 'who.$': '$.decidedBy' } })),
  );
  const executionArn = await world.begin(machine, { requestId: 'r-1' });
  const refused = await world.run('approve', 'r-1', '-o', 'json');
  expect(errorOf(refused)).toMatchObject({ exitCode: 2, code: 'AnswerDoesNotFit' });
  expect(errorOf(refused).message).toContain('$.decidedBy');
  expect((await world.run('pending', '-o', 'json')).stdout).toContain('"r-1"');
  const forced = await world.run('approve', 'r-1', '--force', '-o', 'json');
  expect(JSON.parse(forced.stdout)).toMatchObject({ proven: true, status: 'FAILED' });
  expect(await ended(world.sfn, executionArn)).toMatchObject({ error: 'States.Runtime' });
});

test('reject fails the task, or answers where a Choice on `approved` comes after it', async () => {
  const world = await pausedWorld();
  const decided = await world.begin(await world.machine('decided', approval()), { requestId: 'r-1' });
  const caught = await world.begin(
    await world.machine('caught', {
      StartAt: 'W',
      States: {
        W: waiting({ Next: 'Yes', Catch: [{ ErrorEquals: ['Rejected'], Next: 'No' }] }),
        Yes: { Type: 'Succeed' },
        No: { Type: 'Pass', End: true },
      },
    }),
    { requestId: 'r-2' },
  );
  const first = JSON.parse((await world.run('reject', 'r-1', '--reason', 'too dear', '-o', 'json')).stdout);
  expect(first).toMatchObject({
    answer: { Payload: { approved: false, reason: 'too dear', by: me } },
    nextState: 'Decide',
  });
  expect(await ended(world.sfn, decided)).toMatchObject({ status: 'FAILED', error: 'Refused' });
  const second = JSON.parse((await world.run('reject', 'r-2', '--reason', 'too dear', '-o', 'json')).stdout);
  expect(second).toMatchObject({ answer: { error: 'Rejected' }, proven: true, nextState: 'No' });
  const { output = '' } = await ended(world.sfn, caught);
  expect(JSON.parse(JSON.parse(output).Cause)).toMatchObject({ reason: 'too dear', by: me });
});

test('several that match are listed, never picked; --state, --match and --execution narrow', async () => {
  const world = await pausedWorld();
  const branches = { Type: 'Parallel', Branches: [only('Left', waiting()), only('Right', waiting())] };
  const machine = await world.machine('both', only('P', branches));
  const executionArn = await world.begin(machine, { requestId: 'r-1' });
  const [one, two] = [
    await world.begin(await world.machine('single', only('W', waiting())), { requestId: 'r-2', n: 1 }),
    await world.begin(`${machine.slice(0, -4)}single`, { requestId: 'r-2', n: 2 }),
  ];
  const ambiguous = await world.run('approve', 'r-1', '-o', 'json');
  expect(errorOf(ambiguous)).toMatchObject({ exitCode: 5, code: 'SeveralSteps' });
  expect(ambiguous.stderr).toContain('Left');
  expect(ambiguous.stderr).toContain('Right');
  expect((await world.run('approve', 'r-1', '--state', 'Left', '-q')).code).toBe(0);
  expect((await world.run('resume', executionArn, '-q')).code).toBe(0);
  expect((await world.run('approve', 'r-2', '-o', 'json')).code).toBe(5);
  expect((await world.run('approve', 'r-2', '--match', 'n=2', '-q')).code).toBe(0);
  expect((await ended(world.sfn, two)).status).toBe('SUCCEEDED');
  expect((await world.run('approve', '--execution', one, '-q')).code).toBe(0);
});

test('answered, stopped or timed out meanwhile: exit 5 and what happened', async () => {
  const world = await pausedWorld();
  const machine = await world.machine('approval', approval());
  const stopped = await world.begin(machine, { requestId: 'r-1' });
  const others = await world.begin(machine, { requestId: 'r-2' });
  await world.run('pending');
  await world.sfn.send(new StopExecutionCommand({ executionArn: stopped }));
  const gone = errorOf(await world.run('approve', 'r-1', '-o', 'json'));
  expect(gone).toMatchObject({ exitCode: 5, code: 'ExecutionEnded' });
  expect(gone.message).toContain('ABORTED');

  const { pending } = JSON.parse(
    (await world.run('pending', '--reveal-token', '--yes', '-o', 'json')).stdout,
  );
  expect(pending).toMatchObject([
    { requestId: 'r-2', executionArn: others, stateName: 'WaitForApproval', stuck: null },
  ]);
  const output = JSON.stringify({ Payload: { approved: false, by: 'somebody else' } });
  await world.sfn.send(new SendTaskSuccessCommand({ taskToken: pending[0].token, output }));
  await ended(world.sfn, others);
  const told = errorOf(await world.run('approve', 'r-2', '-o', 'json'));
  expect(told).toMatchObject({ exitCode: 5, code: 'AlreadyAnswered' });
  expect(told.message).toContain('by somebody else');
});

test('a token from stdin: checked and proven with --execution, else only with --force', async () => {
  const world = await pausedWorld();
  const machine = await world.machine('m', only('W', waiting()));
  const [one, two] = [
    await world.begin(machine, { requestId: 'r-1' }),
    await world.begin(machine, { requestId: 'r-2' }),
  ];
  const { pending } = JSON.parse(
    (await world.run('pending', '--reveal-token', '--yes', '-o', 'json')).stdout,
  );
  const tokenOf = (arn: string): string =>
    pending.find(({ executionArn }: { executionArn: string }) => executionArn === arn).token;
  const withToken = (token: string, ...args: string[]) => run(args, { cwd: world.cwd, stdin: `${token}\n` });

  expect((await withToken(tokenOf(one), 'resume', '--token-stdin', '-o', 'json')).code).toBe(2);
  const wrong = await withToken(tokenOf(one), 'resume', '--token-stdin', '--execution', two, '-o', 'json');
  expect(errorOf(wrong)).toMatchObject({ exitCode: 5, code: 'TokenNotWaited' });
  expect(wrong.stderr).not.toContain(tokenOf(one));
  const right = await withToken(tokenOf(one), 'resume', '--token-stdin', '--execution', one, '-o', 'json');
  expect(JSON.parse(right.stdout)).toMatchObject({ executionArn: one, proven: true });
  const blind = await withToken(tokenOf(two), 'resume', '--token-stdin', '--force');
  expect(blind.stdout).toContain('sent, not proven');
  const garbage = await withToken('no-token-at-all', 'resume', '--token-stdin', '--force', '-v');
  expect(garbage.code).toBe(2);
  expect(garbage.stderr).not.toContain('no-token-at-all');

  const ignored = await withToken(tokenOf(two), 'resume', 'r-2', '--token-stdin', '--force', '-o', 'json');
  expect(errorOf(ignored)).toMatchObject({ exitCode: 2, code: 'BadUsage' });

  const piped = await world.run('pending', '--reveal-token');
  expect(piped.code).toBe(2);
});

test('heartbeat, fail and resume; deadlines in pending; --older-than for cron', async () => {
  const world = await pausedWorld();
  const state = waiting({ TimeoutSeconds: 600, HeartbeatSeconds: 60 });
  const executionArn = await world.begin(await world.machine('m', only('W', state)), { requestId: 'r-1' });
  expect(JSON.parse((await world.run('heartbeat', 'r-1', '-o', 'json')).stdout)).toMatchObject({
    proven: false,
  });
  await until(world, executionArn, 'TaskSubmitted');
  const [entry] = JSON.parse((await world.run('pending', '-o', 'json')).stdout).pending;
  expect(Date.parse(entry.timeoutAt) - Date.parse(entry.since)).toBe(600_000);
  const { events } = JSON.parse((await world.run('history', executionArn, '-o', 'json')).stdout);
  const returned = events.find(({ type }: { type: string }) => type === 'TaskSubmitted');
  expect(Date.parse(entry.heartbeatAt) - Date.parse(returned.timestamp)).toBe(60_000);
  expect((await world.run('pending', '--older-than', '1h')).code).toBe(0);
  const old = await world.run('pending', '--older-than', '0s');
  expect(old).toMatchObject({ code: 1 });
  expect(old.stdout).toContain('r-1');
  const failed = await world.run(
    'fail',
    'r-1',
    '--error',
    'Cancelled',
    '--cause',
    'customer left',
    '-o',
    'json',
  );
  expect(JSON.parse(failed.stdout)).toMatchObject({ proven: true, status: 'FAILED' });
  expect(await ended(world.sfn, executionArn)).toMatchObject({ error: 'Cancelled', cause: 'customer left' });
});

test('many at once: a result per id, the worst exit code; --all after a match; a dry run changes nothing', async () => {
  const world = await pausedWorld();
  const machine = await world.machine('approval', approval());
  for (let n = 0; n < 12; n++) await world.begin(machine, { requestId: `r-${n}`, group: n < 6 ? 'a' : 'b' });
  const dry = await world.run('approve', '--all', '--match', 'group=a', '--dry-run', '-o', 'json');
  expect(JSON.parse(dry.stdout).results).toHaveLength(6);
  const all = await world.run('approve', '--all', '--match', 'group=a', '-o', 'ndjson');
  expect(all.code).toBe(0);
  expect(all.stdout.trim().split('\n')).toHaveLength(6);
  const ids = ['r-6', 'r-7', 'none', '', 'r-8', 'r-6'].join('\n');
  const some = await run(['approve', '--from', '-', '-o', 'json'], { cwd: world.cwd, stdin: ids });
  expect(some.code).toBe(3);
  const { results } = JSON.parse(some.stdout);
  expect(results).toHaveLength(4);
  expect(results.filter(({ proven }: { proven?: boolean }) => proven)).toHaveLength(3);
  expect((await world.run('approve', '--all')).code).toBe(2);
});
