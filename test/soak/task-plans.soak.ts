import { CreateStateMachineCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { readTaskMachine } from '../../src/framework/task/machine.js';
import { planShares } from '../../src/framework/task/plan-shares.js';
import type { JsonObject } from '../../src/json/json.js';
import { ended, startServer } from '../local/harness.js';
import { count, randomNumbers, seed } from './seed.js';

const batches = count(1_000, 12);

interface Batch {
  state: JsonObject;
  timeoutSeconds?: number;
  secondsPerItem?: number;
  items: unknown[];
}

/** A batch near one of the limits: bytes (of inputs, payloads and outputs), history events, time. */
function makeBatch(random: () => number, number: number): Batch {
  const whole = (from: number, to: number): number => Math.floor(from + random() * (to - from + 1));
  if (number % 3 === 0) {
    // With the whole context, which repeats the input, or with what the function needs of it.
    const context: JsonObject = random() < 0.5 ? { 'context.$': '$$' } : { context: narrow };
    const iterator = {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: 'any', Payload: { 'input.$': '$', ...context } },
      OutputPath: '$.Payload[0][0]',
      End: true,
    };
    const texts = ['a', 'é', '在', '🍵', '"', '\\', '\n'];
    const items = Array.from({ length: whole(1, 30) }, () => {
      const characters = Array.from({ length: 50 }, () => texts[whole(0, texts.length - 1)]).join('');
      return { text: characters.repeat(whole(0, random() < 0.3 ? 500 : 100)) };
    });
    return { state: mapOf([iterator], whole(1, 5)), items };
  }
  if (number % 3 === 1) {
    const pass = { Type: 'Pass' };
    const states = Array.from({ length: whole(1, 8) }, () => pass);
    return {
      state: mapOf(states, whole(1, 40)),
      items: Array.from({ length: whole(1_000, 4_000) }, (_, n) => n),
    };
  }
  const secondsPerItem = whole(1, 60);
  const timeoutSeconds = whole(60, 900);
  return {
    state: mapOf([{ Type: 'Wait', Seconds: secondsPerItem }], whole(1, 10)),
    timeoutSeconds,
    secondsPerItem,
    items: Array.from({ length: whole(1, 300) }, (_, n) => n),
  };
}

function mapOf(states: JsonObject[], MaxConcurrency: number): JsonObject {
  const named = states.map((state, index) => {
    const next: JsonObject = index + 1 < states.length ? { Next: `s${index + 1}` } : { End: true };
    return [`s${index}`, { ...state, ...next }] as const;
  });
  const ItemProcessor = { StartAt: 's0', States: Object.fromEntries(named) };
  return { Type: 'Map', ItemsPath: '$', MaxConcurrency, ItemProcessor, End: true };
}

const narrow = {
  'StateMachine.$': '$$.StateMachine',
  'State.$': '$$.State',
  Execution: { 'Id.$': '$$.Execution.Id' },
};

test(`${batches} random batches: the server takes every execution that is planned, and runs it to its end`, async () => {
  const random = randomNumbers(seed);
  const { sfn } = await startServer({ timeScale: 0 });
  const planned = { executions: 0, cut: new Map<string, number>() };
  for (let number = 0; number < batches; number++) {
    const { state, timeoutSeconds, secondsPerItem, items } = makeBatch(random, number);
    const definition = JSON.stringify({
      StartAt: 'map',
      States: { map: state },
      ...(timeoutSeconds !== undefined && { TimeoutSeconds: timeoutSeconds }),
    });
    const { stateMachineArn = '' } = await sfn.send(
      new CreateStateMachineCommand({
        name: `sfn-task-${number}`,
        definition,
        roleArn: 'arn:aws:iam::101010101010:role/x',
      }),
    );
    const texts = items.map((item) => JSON.stringify(item));
    const { shares, tooLarge } = planShares(
      texts.map((text) => ({ bytes: Buffer.byteLength(text) })),
      { wrapping: 0, ...readTaskMachine(definition, stateMachineArn), secondsPerItem },
    );
    const why = `seed ${seed}, batch ${number}`;
    expect(
      shares.reduce((sum, share) => sum + share.count, 0),
      why,
    ).toBe(items.length);
    for (const { first, count: size, limit } of shares) {
      planned.executions++;
      if (limit) planned.cut.set(limit, (planned.cut.get(limit) ?? 0) + 1);
      const given = texts.slice(first, first + size);
      if (tooLarge.some(({ index }) => index >= first && index < first + size)) continue;
      // What takes longer than the machine's whole time can't be helped by any plan.
      if (
        secondsPerItem !== undefined &&
        timeoutSeconds !== undefined &&
        secondsPerItem > timeoutSeconds * 0.9
      )
        continue;
      const { executionArn = '' } = await sfn.send(
        new StartExecutionCommand({ stateMachineArn, input: `[${given.join(',')}]` }),
      );
      const { status, error, cause } = await ended(sfn, executionArn);
      expect({ status, error, cause }, `${why}, items ${first} to ${first + size}`).toMatchObject({
        status: 'SUCCEEDED',
      });
    }
  }
  process.stdout.write(
    `${batches} batches, ${planned.executions} executions; cut by ${JSON.stringify(Object.fromEntries(planned.cut))}\n`,
  );
}, 7_200_000);
