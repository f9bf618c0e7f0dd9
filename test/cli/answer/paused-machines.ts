import {
  CreateStateMachineCommand,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn';
import { onTestFinished } from 'vitest';
import type { JsonObject } from '../../../src/json/json.js';
import { directory, run, start, type WorldOptions } from '../world.js';

/** A state that waits for its task token, sent to a function along with input and context, as the framework does. */
export const waiting = (more: JsonObject = {}): JsonObject => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Parameters: {
    FunctionName: 'notify',
    Payload: { 'input.$': '$', 'context.$': '$$', 'taskToken.$': '$$.Task.Token' },
  },
  ...more,
});

export const choiceOnApproved: JsonObject = {
  Type: 'Choice',
  Choices: [{ Variable: '$.approved', BooleanEquals: true, Next: 'Accepted' }],
  Default: 'Refused',
};

/** A local server with a function that takes tokens and does nothing, in a directory of its own. It stops when the test ends. */
export async function pausedWorld(
  options: WorldOptions = {},
  flags: string[] = [],
  whenOver: (stop: () => Promise<void>) => void = onTestFinished,
) {
  const cwd = options.cwd ?? directory();
  const { writeFileSync } = await import('node:fs');
  writeFileSync(`${cwd}/notify.mjs`, 'export const handler = async () => ({ told: true });\n');
  const running = start(
    ['dev', '--port', '0', '-o', 'json', '--functions', 'notify=./notify.mjs', ...flags],
    {
      ...options,
      cwd,
    },
  );
  whenOver(async () => {
    running.signal('SIGINT');
    await running.done;
  });
  const { endpoint } = JSON.parse((await running.waitFor(/"ready":true.*\n/)).split('\n')[0] ?? '') as {
    endpoint: string;
  };
  const sfn = new SFNClient({
    endpoint,
    region: 'ap-northeast-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return {
    cwd,
    endpoint,
    sfn,
    run: (...args: string[]) => run(args, { cwd }),
    async machine(name: string, definition: JsonObject): Promise<string> {
      const { stateMachineArn } = await sfn.send(
        new CreateStateMachineCommand({
          name,
          definition: JSON.stringify(definition),
          roleArn: 'arn:aws:iam::101010101010:role/r',
        }),
      );
      return stateMachineArn ?? '';
    },
    async machineAgain(stateMachineArn: string, definition: JsonObject): Promise<void> {
      await sfn.send(
        new UpdateStateMachineCommand({ stateMachineArn, definition: JSON.stringify(definition) }),
      );
    },
    async begin(stateMachineArn: string, input: JsonObject, name?: string): Promise<string> {
      const { executionArn } = await sfn.send(
        new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input), name }),
      );
      return executionArn ?? '';
    },
  };
}
export type PausedWorld = Awaited<ReturnType<typeof pausedWorld>>;

/** Time passes on the server. */
export async function advance({ endpoint }: Pick<PausedWorld, 'endpoint'>, seconds: number): Promise<void> {
  await fetch(`${endpoint}/_mbc-flow/clock`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ advanceSeconds: seconds }),
  });
}

/** Resolves when the newest event of the execution is of this type. */
export async function until({ sfn }: PausedWorld, executionArn: string, type: string): Promise<void> {
  for (;;) {
    const { events } = await sfn.send(
      new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 20 }),
    );
    if (type === 'TaskTimedOut' ? events?.some((event) => event.type === type) : events?.[0]?.type === type)
      return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
