import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { SendMessageBatchCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { startFauxqs } from 'fauxqs';
import { expect, onTestFinished, test } from 'vitest';
import { recording } from './recording.js';

/** Queues of fauxqs: what becomes invisible is seen again after two seconds, and goes away after its third time. */
async function startQueues() {
  const server = await startFauxqs({ port: 0, logger: false, host: '127.0.0.1' });
  const endpoint = `http://127.0.0.1:${server.port}`;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new SQSClient({ endpoint, region: 'ap-northeast-1', credentials });
  onTestFinished(async () => {
    client.destroy();
    await server.stop();
  });
  const region = 'ap-northeast-1';
  const { queueArn } = server.createQueue('task-dead-letter-queue', { region });
  const { queueUrl } = server.createQueue('task-action-queue', {
    region,
    attributes: {
      VisibilityTimeout: '2',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArn, maxReceiveCount: 3 }),
    },
  });
  const left = (name: string): number => {
    const { ready, delayed, inflight } = server.inspectQueue(name)?.messages ?? {};
    return [ready, delayed, inflight].reduce((sum, messages) => sum + (messages?.length ?? 0), 0);
  };
  return { endpoint, client, queueUrl, left };
}

test('messages are delivered as SQS tells them, and deleted; what fails comes again, and at last is a dead letter', async () => {
  const queues = await startQueues();
  const source = { kind: 'queue', name: '*', endpoint: queues.endpoint } as const;
  const events = await recording(source, { broken: true });
  const send = (MessageBody: string) =>
    queues.client.send(
      new SendMessageCommand({
        QueueUrl: queues.queueUrl,
        MessageBody,
        MessageAttributes: { action: { DataType: 'String', StringValue: 'task-execute' } },
      }),
    );
  await send('りんご');
  // A function that starts slowly may get it twice: it is visible again by then.
  await expect.poll(() => new Set(events.told())).toEqual(new Set(['りんご']));
  expect(events.first()).toEqual([
    {
      messageId: expect.any(String),
      receiptHandle: expect.any(String),
      body: 'りんご',
      attributes: expect.objectContaining({
        ApproximateReceiveCount: '1',
        SentTimestamp: expect.stringMatching(/^\d{13}$/),
      }),
      messageAttributes: {
        action: {
          stringValue: 'task-execute',
          stringListValues: [],
          binaryListValues: [],
          dataType: 'String',
        },
      },
      md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
      md5OfBody: expect.stringMatching(/^[0-9a-f]{32}$/),
      eventSource: 'aws:sqs',
      eventSourceARN: expect.stringMatching(/^arn:aws:sqs:ap-northeast-1:\d+:task-action-queue$/),
      awsRegion: 'ap-northeast-1',
    },
  ]);
  await send('!fail');
  await expect.poll(() => queues.left('task-dead-letter-queue')).toBe(1);
  expect(events.tries()).toBe(3);
  expect(new Set(events.told())).toEqual(new Set(['りんご']));
  expect(queues.left('task-action-queue')).toBe(0);
});

test('of a batch only what was given back comes again; what a filter leaves out is deleted', async () => {
  const queues = await startQueues();
  await queues.client.send(
    new SendMessageBatchCommand({
      QueueUrl: queues.queueUrl,
      Entries: ['{"n":1}', '{"n":2,"v":"!fail"}', '{"n":3}', 'no JSON'].map((MessageBody, index) => ({
        Id: `${index}`,
        MessageBody,
      })),
    }),
  );
  const filters = [{ body: { n: [{ numeric: ['>', 0] }] } }];
  const source = {
    kind: 'queue',
    name: 'task-action-queue',
    endpoint: queues.endpoint,
    batchSize: 10,
    filters,
  } as const;
  const events = await recording(source, { broken: true });
  await expect.poll(() => events.tries()).toBeGreaterThan(0);
  rmSync(join(events.folder, 'broken'));
  await expect.poll(() => queues.left('task-action-queue')).toBe(0);
  expect(new Set(events.told())).toEqual(new Set(['{"n":1}', '{"n":2,"v":"!fail"}', '{"n":3}']));
  expect(queues.left('task-dead-letter-queue')).toBe(0);
});
