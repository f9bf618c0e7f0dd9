import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetExecutionHistoryCommand, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { expect, it, vi } from 'vitest';
import { startLocalServer } from '../../src/local/index.js';
import { run } from '../cli/world.js';
import { application, templateFiles } from './application.js';

/** An application with an event of its own, from a queue. */
const populated: Record<string, string> = {
  ...templateFiles,
  'src/event-factory.ts': `import { DefaultEventFactory, EventFactory, IEvent } from '@mbc-cqrs-serverless/core'

import { TodoQueueEvent } from './todo/todo.queue.event'

@EventFactory()
export class CustomEventFactory extends DefaultEventFactory {
  async transformSqs(event: any): Promise<IEvent[]> {
    const todos = event.Records.filter((record) => record.eventSourceARN.endsWith(':todo-queue'))
    if (todos.length > 0) return todos.map(() => new TodoQueueEvent())
    return super.transformSqs(event)
  }
}
`,
  'src/todo/todo.queue.event.ts': `import { IEvent } from '@mbc-cqrs-serverless/core'

export class TodoQueueEvent implements IEvent {
  source = 'todo-queue'
}
`,
  'src/todo/todo.queue.event.handler.ts': `import { EventHandler, IEventHandler } from '@mbc-cqrs-serverless/core'

import { TodoQueueEvent } from './todo.queue.event'

@EventHandler(TodoQueueEvent)
export class TodoQueueEventHandler implements IEventHandler<TodoQueueEvent> {
  async execute(event: TodoQueueEvent): Promise<string> {
    return 'the todo handler has it: ' + event.source
  }
}
`,
  'src/main.module.ts': `import { Module } from '@nestjs/common'

import { CustomEventFactory } from './event-factory'
import { TodoQueueEventHandler } from './todo/todo.queue.event.handler'

@Module({ providers: [CustomEventFactory, TodoQueueEventHandler] })
export class MainModule {}
`,
};

it('runs in the real application: started by its service, approved, and its other events arrive', async () => {
  const app = application(populated);
  await app.scaffold({ name: 'order-approval', approval: true });
  app.build();
  const dataDir = join(app.folder, '.mbc-flow');
  const env: Record<string, string> = {
    NODE_ENV: 'dev',
    APP_NAME: 'demo',
    EVENT_SOURCE_DISABLED: 'false',
    LOG_LEVEL: 'error',
    ATTRIBUTE_LIMIT_SIZE: '102400',
    S3_BUCKET_NAME: 'local-bucket',
    SFN_COMMAND_ARN: 'arn:aws:states:ap-northeast-1:101010101010:stateMachine:command',
    SFN_REGION: 'ap-northeast-1',
    APPSYNC_ENDPOINT: 'http://127.0.0.1:1/graphql',
    SNS_ENDPOINT: 'http://127.0.0.1:1',
    SNS_REGION: 'ap-northeast-1',
    DYNAMODB_ENDPOINT: 'http://127.0.0.1:1',
    DYNAMODB_REGION: 'ap-northeast-1',
    SES_FROM_EMAIL: 'nobody@example.com',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_REGION: 'ap-northeast-1',
  };
  const log: string[] = [];
  const port = await freePort();
  Object.assign(env, { SFN_ENDPOINT: `http://127.0.0.1:${port}` });
  const server = await startLocalServer({
    dataDir,
    port,
    functionsBase: app.folder,
    functions: { '*': { module: './dist/main.handler', env } },
    machines: { 'order-approval': join(app.folder, 'infra/state-machines/order-approval.asl.json') },
    log: (line) => log.push(line),
  });
  try {
    const started = await app.script(
      `process.env.AWS_LAMBDA_FUNCTION_NAME = 'script'
      const { NestFactory } = require('@nestjs/core')
      const { AppModule } = require('@mbc-cqrs-serverless/core')
      const { MainModule } = require('./dist/main.module')
      const { OrderApprovalService } = require('./dist/order-approval/order-approval.service')
      NestFactory.createApplicationContext(AppModule.forRoot({ rootModule: MainModule }), { logger: ['error'], abortOnError: false })
        .then((app) => app.get(OrderApprovalService, { strict: false }).start({ requestId: 'r-1', amount: 3 }))
        .then((arn) => process.stdout.write(arn), (error) => process.stdout.write(String(error.stack)))`,
      env,
    );
    expect(started).toMatch(/^arn:/);
    const client = {
      endpoint: server.endpoint,
      region: 'ap-northeast-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 's' },
    };
    const states = new SFNClient(client);
    const types = async (executionArn: string): Promise<string[]> => {
      const { events = [] } = await states.send(
        new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }),
      );
      return events.map(({ type }) => type ?? '');
    };
    await vi.waitFor(async () => expect((await types(started)).at(-1)).toBe('TaskSubmitted'), {
      timeout: 30_000,
      interval: 100,
    });

    const approved = await run(['approve', 'r-1', '--yes', '--data-dir', dataDir, '-o', 'json'], {
      cwd: app.folder,
    });
    expect(approved.stderr).toBe('');
    expect(JSON.parse(approved.stdout)).toMatchObject({
      requestId: 'r-1',
      stateName: 'wait_for_approval',
      proven: true,
    });
    await vi.waitFor(async () => expect((await types(started)).at(-1)).toBe('ExecutionSucceeded'), {
      timeout: 30_000,
      interval: 100,
    });

    const lambda = new LambdaClient(client);
    const invoke = async (event: object): Promise<string> => {
      const { Payload } = await lambda.send(
        new InvokeCommand({ FunctionName: 'app', Payload: Buffer.from(JSON.stringify(event)) }),
      );
      return Buffer.from(Payload ?? []).toString();
    };
    const sqs = {
      Records: [
        { eventSource: 'aws:sqs', eventSourceARN: 'arn:aws:sqs:ap-northeast-1:1:todo-queue', body: '{}' },
      ],
    };
    expect(await invoke(sqs)).toContain('the todo handler has it');

    // A command's stream record starts the command machine, whose states come back to the same application.
    const stream =
      'arn:aws:dynamodb:ap-northeast-1:1:table/dev-demo-todo-command/stream/2026-01-01T00:00:00.000';
    const image = { pk: { S: 'TODO#t1' }, sk: { S: '1@1' }, version: { N: '1' } };
    await invoke({
      Records: [
        {
          eventID: '1',
          eventName: 'INSERT',
          eventSource: 'aws:dynamodb',
          eventSourceARN: stream,
          awsRegion: 'ap-northeast-1',
          dynamodb: { Keys: { pk: image.pk, sk: image.sk }, NewImage: image },
        },
      ],
    });
    const { executions = [] } = await states.send(
      new ListExecutionsCommand({ stateMachineArn: env.SFN_COMMAND_ARN }),
    );
    expect(executions.map(({ name }) => name)).toEqual([expect.stringMatching(/^todo-TODO-t1-1-v1-/)]);
    await vi.waitFor(
      async () => expect(await types(executions[0]?.executionArn ?? '')).toContain('TaskFailed'),
      { timeout: 30_000, interval: 100 },
    );
    expect(log.join('\n')).not.toContain('has no work for');
  } finally {
    await server.stop();
  }
}, 120_000);

/** The application reads the endpoint from its environment, so it has to be known before the server starts. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => {
    probe.listen(0, '127.0.0.1', resolve);
  });
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => {
    probe.close(resolve);
  });
  return port;
}
