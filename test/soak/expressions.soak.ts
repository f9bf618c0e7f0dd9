import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  FilterLogEventsCommand,
  InvalidParameterException,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateStateMachineCommand,
  InvalidDefinition,
  InvalidExecutionInput,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { ended, type Local, startServer } from '../local/harness.js';
import {
  type HostilePattern,
  type HostileState,
  hostileLines,
  hostilePath,
  hostilePattern,
  hostileQuery,
  type Random,
} from './hostile.js';
import { count, randomNumbers, seed } from './seed.js';

const group = '/hostile';

/** How the execution ended; an error of the request that says that the definition or its input is none. */
async function executed({ sfn }: Local, { state, input = {} }: HostileState, name: string) {
  try {
    const { stateMachineArn } = await sfn.send(
      new CreateStateMachineCommand({
        name,
        roleArn: 'arn:aws:iam::101010101010:role/r',
        definition: JSON.stringify({ StartAt: 'E', States: { E: { ...state, End: true } } }),
      }),
    );
    const { executionArn = '' } = await sfn.send(
      new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
    );
    return await ended(sfn, executionArn);
  } catch (error) {
    if (error instanceof InvalidDefinition || error instanceof InvalidExecutionInput)
      return { cause: error.message };
    throw error;
  }
}

async function putHostileLines({ logs }: Local): Promise<void> {
  await logs.send(new CreateLogGroupCommand({ logGroupName: group }));
  await logs.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName: 's' }));
  for (const message of hostileLines) {
    const logEvents = [{ timestamp: Date.now(), message }];
    await logs.send(new PutLogEventsCommand({ logGroupName: group, logStreamName: 's', logEvents }));
  }
}

/** Whether any of the hostile lines was found; undefined where the pattern was refused. */
async function found({ logs }: Local, filterPattern: string): Promise<boolean | undefined> {
  try {
    for (let nextToken: string | undefined; ; ) {
      const page = await logs.send(
        new FilterLogEventsCommand({ logGroupName: group, filterPattern, nextToken }),
      );
      if (page.events?.length) return true;
      nextToken = page.nextToken;
      if (nextToken === undefined) return false;
    }
  } catch (error) {
    if (error instanceof InvalidParameterException) return undefined;
    throw error;
  }
}

test('hostile expressions and patterns fail as on AWS, ordinary executions beside them go on, and the server can be stopped', async () => {
  const numbers = randomNumbers(seed);
  const random: Random = (below) => Math.floor(numbers() * below);
  const local = await startServer();
  await putHostileLines(local);
  let machines = 0;
  const ordinary = async (): Promise<void> => {
    const n = machines++;
    const state = { QueryLanguage: 'JSONata', Type: 'Pass', Output: { v: `{% ${n} + 1 %}` } };
    const { output } = (await executed(local, { state }, `m${n}`)) as { output?: string };
    expect(output).toBe(JSON.stringify({ v: n + 1 }));
  };
  const state = async (hostile: HostileState): Promise<void> => {
    const { cause } = await executed(local, hostile, `m${machines++}`);
    if (hostile.fails) expect(`${shown(hostile.state)}: ${cause?.slice(-3000)}`).toMatch(hostile.fails);
  };
  const pattern = async ({ pattern, finds }: HostilePattern): Promise<void> => {
    const answer = await found(local, pattern);
    if (finds !== undefined) expect([pattern, answer]).toEqual([pattern, finds]);
  };
  const worker = async (share: number): Promise<void> => {
    for (let n = 0; n < share; n++) {
      const hostile = [
        () => state(hostileQuery(random)),
        () => state(hostilePath(random)),
        () => pattern(hostilePattern(random)),
      ][random(3)];
      await Promise.all([hostile?.(), ordinary()]);
    }
  };
  const total = count(10_000, 100);
  await Promise.all([0, 1, 2, 3].map(() => worker(total / 4)));
  void state({
    state: {
      QueryLanguage: 'JSONata',
      Type: 'Pass',
      Output: `{% $contains("${'a'.repeat(60)}!", /^(a+)+$/) %}`,
    },
  }).catch(() => {});
  await ordinary();
  await local.stop();
}, 3_600_000);

const shown = (state: object): string => JSON.stringify(state).slice(0, 300);
