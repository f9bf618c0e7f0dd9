import { join } from 'node:path';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { ended, type Local, startServer, temporaryDirectory } from './harness.js';

const day = 86_400;
const fixtures = join(import.meta.dirname, 'fixtures');

async function start(server: Local, name: string, definition: object, input = '{}'): Promise<string> {
  const { stateMachineArn } = await server.sfn.send(
    new CreateStateMachineCommand({
      name,
      definition: JSON.stringify(definition),
      roleArn: 'arn:aws:iam::101010101010:role/x',
    }),
  );
  const { executionArn = '' } = await server.sfn.send(new StartExecutionCommand({ stateMachineArn, input }));
  return executionArn;
}

async function moveClock(server: Local, body: object): Promise<{ now: string; nextDue: string | null }> {
  const response = await fetch(`${server.endpoint}/_mbc-flow/clock`, {
    headers: { 'content-type': 'application/json' },
    method: 'POST',
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as { now: string; nextDue: string | null };
}

const task = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: 'nobody', 'Payload.$': '$' },
};

test('at scale 0 weeks of waiting and retrying take no time, and are told in their order', async () => {
  const server = await startServer({ timeScale: 0, functions: { none: 'http://127.0.0.1:1' } });
  const began = Date.now();
  const wait = (Seconds: number) => ({
    StartAt: `W${Seconds}`,
    States: { [`W${Seconds}`]: { Type: 'Wait', Seconds, End: true } },
  });
  const arn = await start(server, 'weeks', {
    StartAt: 'Both',
    States: {
      Both: { Type: 'Parallel', Branches: [wait(7 * day), wait(2 * day), wait(day)], Next: 'Retried' },
      Retried: {
        ...task,
        Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: day, MaxAttempts: 3, BackoffRate: 2 }],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Done' }],
        End: true,
      },
      Done: { Type: 'Succeed' },
    },
  });
  const { status, startDate, stopDate } = await ended(server.sfn, arn);
  expect(status).toBe('SUCCEEDED');
  expect(Date.now() - began).toBeLessThan(5000);
  const took = (Number(stopDate) - Number(startDate)) / 1000;
  expect(Math.floor(took / day)).toBe(7 + 1 + 2 + 4);
  const { events = [] } = await server.sfn.send(new GetExecutionHistoryCommand({ executionArn: arn }));
  const exits = events.filter(({ type }) => type === 'WaitStateExited');
  expect(
    exits.map(({ timestamp }) => Math.round((Number(timestamp) - Number(startDate)) / 1000 / day)),
  ).toEqual([1, 2, 7]);
});

test('a token holds the clock; moving it past the timeout goes through all that falls due before', async () => {
  const server = await startServer({
    timeScale: 0,
    functions: { '*': './echo.mjs' },
    functionsBase: fixtures,
  });
  const paused = await start(server, 'paused', {
    StartAt: 'Ask',
    States: {
      Ask: {
        ...task,
        Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
        TimeoutSeconds: 7 * day,
        Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Late' }],
        End: true,
      },
      Late: { Type: 'Wait', Seconds: 5, End: true },
    },
  });
  await submitted(server, paused);
  const waiting = await start(server, 'waiting', {
    StartAt: 'W',
    States: { W: { Type: 'Wait', Seconds: day, End: true } },
  });
  const status = async (executionArn: string) =>
    (await server.sfn.send(new DescribeExecutionCommand({ executionArn }))).status;
  const { nextDue } = await moveClock(server, { advanceSeconds: 3600 });
  expect([await status(paused), await status(waiting)]).toEqual(['RUNNING', 'RUNNING']);
  await moveClock(server, { to: nextDue });
  expect([await status(paused), await status(waiting)]).toEqual(['RUNNING', 'SUCCEEDED']);
  const began = Date.now();
  await moveClock(server, {});
  const late = await ended(server.sfn, paused);
  expect(late.status).toBe('SUCCEEDED');
  expect(Date.now() - began).toBeLessThan(2000);
  expect(Math.round((Number(late.stopDate) - Number(late.startDate)) / 1000)).toBe(7 * day + 5);
});

/** Resolves once a task of the execution waits for its token. */
async function submitted(server: Local, executionArn: string): Promise<void> {
  for (;;) {
    const { events = [] } = await server.sfn.send(new GetExecutionHistoryCommand({ executionArn }));
    if (events.some(({ type }) => type === 'TaskSubmitted')) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test('the children of a map run wait in virtual time too', async () => {
  const server = await startServer({ timeScale: 0 });
  const arn = await start(
    server,
    'fanned',
    {
      StartAt: 'Fan',
      States: {
        Fan: {
          Type: 'Map',
          MaxConcurrency: 3,
          ItemProcessor: {
            ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
            StartAt: 'W',
            States: { W: { Type: 'Wait', SecondsPath: '$', End: true } },
          },
          End: true,
        },
      },
    },
    JSON.stringify([5, 1, 3, 2, 4].map((days) => days * day)),
  );
  const { status, output } = await ended(server.sfn, arn);
  expect([status, output]).toEqual(['SUCCEEDED', JSON.stringify([5, 1, 3, 2, 4].map((days) => days * day))]);
  const { mapRuns = [] } = await server.sfn.send(new ListMapRunsCommand({ executionArn: arn }));
  const { executions = [] } = await server.sfn.send(
    new ListExecutionsCommand({ mapRunArn: mapRuns[0]?.mapRunArn }),
  );
  const first = Math.min(...executions.map(({ startDate }) => Number(startDate)));
  const days = (date: Date | undefined) => Math.round((Number(date) - first) / 1000 / day);
  // Three at a time: the fourth begins when the one-day wait is over, the fifth on the third day.
  expect(executions.map(({ startDate, stopDate }) => [days(startDate), days(stopDate)]).sort()).toEqual([
    [0, 1],
    [0, 3],
    [0, 5],
    [1, 3],
    [3, 7],
  ]);
});

test('time does not go back when the server starts again', async () => {
  const dataDir = temporaryDirectory();
  const first = await startServer({ dataDir, timeScale: 0 });
  const { now } = await moveClock(first, { advanceSeconds: 30 * day });
  await first.stop();
  const second = await startServer({ dataDir });
  const response = await fetch(`${second.endpoint}/_mbc-flow/clock`);
  const later = (await response.json()) as { now: string; timeScale: number };
  expect(later.timeScale).toBe(1);
  expect(Date.parse(later.now)).toBeGreaterThanOrEqual(Date.parse(now));
  expect(Date.parse(later.now) - Date.now()).toBeGreaterThan(29 * day * 1000);
});

test.each([{ advanceSeconds: -1 }, { advanceSeconds: 'x' }, { to: 'yesterday' }, { advanceSeconds: 1e300 }])(
  'a clock is not moved by %j',
  async (body) => {
    const server = await startServer();
    const response = await fetch(`${server.endpoint}/_mbc-flow/clock`, {
      headers: { 'content-type': 'application/json' },
      method: 'POST',
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(/advanceSeconds/);
  },
);
