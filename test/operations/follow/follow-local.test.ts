import {
  CreateStateMachineCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { createStatesGateway } from '../../../src/aws/states.js';
import { showExecution } from '../../../src/operations/execution/show-execution.js';
import { followExecution } from '../../../src/operations/follow/follow-execution.js';
import { executionDocument } from '../../../src/views/execution/show-document.js';
import { currentStates, type ExecutionModel } from '../../../src/workflow/history/execution-model.js';
import { settingsFor } from '../../aws/settings-for.js';
import { startServer } from '../../local/harness.js';

const definition = {
  StartAt: 'both',
  States: {
    both: {
      Type: 'Parallel',
      Next: 'rows',
      Branches: [
        {
          StartAt: '承認',
          States: {
            承認: {
              Type: 'Task',
              Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
              Parameters: {
                FunctionName: 'sfn-task',
                Payload: { input: { requestId: 'r-1', sleepMs: 0 }, 'taskToken.$': '$$.Task.Token' },
              },
              End: true,
            },
          },
        },
        {
          StartAt: 'each',
          States: {
            each: {
              Type: 'Map',
              ItemsPath: '$.items',
              ItemProcessor: { StartAt: 'work', States: { work: { Type: 'Pass', End: true } } },
              End: true,
            },
          },
        },
      ],
    },
    rows: {
      Type: 'Map',
      ItemsPath: '$[1]',
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'row',
        States: { row: { Type: 'Pass', End: true } },
      },
      End: true,
    },
  },
};

const gatewayTo = (endpoint: string) => createStatesGateway(settingsFor(endpoint));

test('an execution on the local server, followed live, ends as the same one read afterwards', async () => {
  const echo = new URL('../../local/fixtures/echo', import.meta.url).pathname;
  const server = await startServer({ functions: { '*': `${echo}.handler` } });
  const gateway = gatewayTo(server.endpoint);
  const { stateMachineArn } = await server.sfn.send(
    new CreateStateMachineCommand({
      name: 'mixed',
      definition: JSON.stringify(definition),
      roleArn: 'arn:aws:iam::101010101010:role/local',
    }),
  );
  const input = JSON.stringify({ items: Array.from({ length: 20 }, (_, n) => n) });
  const started = await server.sfn.send(new StartExecutionCommand({ stateMachineArn, input }));
  const executionArn = started.executionArn ?? '';

  let token: string | undefined;
  const ids: number[] = [];
  let waited: ExecutionModel['root'] | undefined;
  let answered: Promise<unknown> | undefined;
  const model = await followExecution(gateway, executionArn, {
    signal: new AbortController().signal,
    clock: { now: Date.now, sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) },
    pollMilliseconds: 20,
    onUpdate(model, _mapRuns, events) {
      ids.push(...events.map((event) => event.id));
      for (const event of events) {
        const { parameters } = (event.taskScheduledEventDetails ?? {}) as { parameters?: string };
        if (parameters) token = JSON.parse(parameters).Payload.taskToken;
      }
      const open = currentStates(model).find((node) => node.wait);
      if (!token || waited || open?.wait?.requestId !== 'r-1') return;
      waited = model.root;
      answered = server.sfn.send(new SendTaskSuccessCommand({ taskToken: token, output: '{}' }));
    },
  });
  await answered;
  expect([model.status, model.failure]).toEqual(['SUCCEEDED', undefined]);
  expect(ids).toEqual(ids.map((_, index) => index + 1));
  const shown = await showExecution(gateway, executionArn);
  expect(model).toEqual(shown.model);
  const document = executionDocument(shown);
  expect(document).toMatchObject({ status: 'SUCCEEDED', current: [], openTokens: [] });
  expect(document.maps).toEqual([
    { stateName: 'each', total: 20, running: 0, succeeded: 20, failed: 0, aborted: 0 },
  ]);
  expect(document.mapRuns).toMatchObject([
    { stateName: 'rows', status: 'SUCCEEDED', itemCounts: { total: 20, succeeded: 20 } },
  ]);
  expect(JSON.stringify(document)).not.toContain(token);
});

test('an execution that is not there: exit code 3', async () => {
  const server = await startServer();
  const gateway = gatewayTo(server.endpoint);
  const missing = 'arn:aws:states:ap-northeast-1:101010101010:execution:mixed:none';
  await expect(showExecution(gateway, missing)).rejects.toMatchObject({ exitCode: 3 });
});
