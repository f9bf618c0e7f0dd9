import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateActivityCommand, GetActivityTaskCommand, RedriveExecutionCommand } from '@aws-sdk/client-sfn';
import { expect, onTestFinished, test } from 'vitest';
import type { JsonObject } from '../../../src/json/json.js';
import { ended } from '../../local/harness.js';
import { errorOf } from '../world.js';
import { type PausedWorld, pausedWorld, until, waiting } from './paused-machines.js';

const only = (state: JsonObject): JsonObject => ({ StartAt: 'W', States: { W: { ...state, End: true } } });

/** Approves by request id and gives what the execution ended with. */
async function approved(world: PausedWorld, id: string, executionArn: string): Promise<unknown> {
  const ran = await world.run('approve', id, '-o', 'json');
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(ran.stdout)).toMatchObject({ requestId: id, executionArn, proven: true });
  const { status, output = 'null' } = await ended(world.sfn, executionArn);
  expect(status).toBe('SUCCEEDED');
  return JSON.parse(output);
}

test('an activity is shown as paused, and why nobody but its worker can answer it', async () => {
  const world = await pausedWorld();
  const { activityArn } = await world.sfn.send(new CreateActivityCommand({ name: 'review' }));
  const machine = await world.machine('m', only({ Type: 'Task', Resource: activityArn ?? '' }));
  const executionArn = await world.begin(machine, { requestId: 'r-1' });
  await world.sfn.send(new GetActivityTaskCommand({ activityArn, workerName: 'w' }));
  await until(world, executionArn, 'ActivityStarted');
  const { pending } = JSON.parse((await world.run('pending', '-o', 'json')).stdout);
  expect(pending).toMatchObject([{ requestId: 'r-1', executionArn, stateName: 'W' }]);
  const refused = errorOf(await world.run('approve', 'r-1', '-o', 'json'));
  expect(refused).toMatchObject({ exitCode: 2, code: 'NoToken' });
  expect(refused.message).toContain('the token of an activity goes to the worker');
});

test('a nested execution that was given the token', async () => {
  const world = await pausedWorld();
  const child = await world.machine('child', only({ Type: 'Pass' }));
  const parent = await world.machine(
    'parent',
    only({
      Type: 'Task',
      Resource: 'arn:aws:states:::states:startExecution.waitForTaskToken',
      Parameters: {
        StateMachineArn: child,
        Input: { 'token.$': '$$.Task.Token', 'requestId.$': '$.requestId' },
      },
    }),
  );
  const executionArn = await world.begin(parent, { requestId: 'r-1' });
  await until(world, executionArn, 'TaskSubmitted');
  expect(await approved(world, 'r-1', executionArn)).toMatchObject({ approved: true });
});

test('a message of SQS that holds the token', async () => {
  const queue = createServer((_, response) => response.end('{"MessageId":"1"}'));
  onTestFinished(() => void queue.close());
  await once(queue.listen(0, '127.0.0.1'), 'listening');
  const endpoint = `http://127.0.0.1:${(queue.address() as AddressInfo).port}`;
  const world = await pausedWorld({}, ['--service-endpoint', `sqs=${endpoint}`]);
  const machine = await world.machine(
    'm',
    only({
      Type: 'Task',
      Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
      Parameters: {
        QueueUrl: `${endpoint}/101010101010/q`,
        MessageBody: { 'requestId.$': '$.requestId', 'token.$': '$$.Task.Token' },
      },
    }),
  );
  const executionArn = await world.begin(machine, { requestId: 'r-1' });
  await until(world, executionArn, 'TaskSubmitted');
  expect(await approved(world, 'r-1', executionArn)).toMatchObject({ approved: true });
});

test('after a redrive the new token is the one that counts', async () => {
  const world = await pausedWorld();
  const machine = await world.machine('m', only(waiting()));
  const executionArn = await world.begin(machine, { requestId: 'r-1' });
  await until(world, executionArn, 'TaskSubmitted');
  expect((await world.run('fail', 'r-1', '--error', 'No', '--cause', 'not yet', '-q')).code).toBe(0);
  expect((await ended(world.sfn, executionArn)).status).toBe('FAILED');
  await world.sfn.send(new RedriveExecutionCommand({ executionArn }));
  await until(world, executionArn, 'TaskSubmitted');
  expect(await approved(world, 'r-1', executionArn)).toMatchObject({ approved: true });
});
