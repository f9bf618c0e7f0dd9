import { describe, expect, test } from 'vitest';
import { type ExitCode, FlowError } from '../../../src/errors.js';
import { listExecutions } from '../../../src/operations/execution/list-executions.js';
import { environmentOfFunction, findBucket } from '../../../src/operations/find/find-bucket.js';
import { findExecution } from '../../../src/operations/find/find-execution.js';
import { findMachine } from '../../../src/operations/find/find-machine.js';
import type { StateMachineDescription } from '../../../src/ports/aws.js';

const prefix = 'arn:aws:states:ap-northeast-1:101010101010';
const creationDate = new Date(0);
async function* machines(...names: string[]) {
  for (const name of names) {
    const type = name.endsWith('-express') ? ('EXPRESS' as const) : ('STANDARD' as const);
    yield { name, type, creationDate, stateMachineArn: `${prefix}:stateMachine:${name}` };
  }
}
const outcome = (promise: Promise<string>): Promise<string | ExitCode> =>
  promise.then(
    (arn) => arn.split(':').slice(6).join(':'),
    (error: FlowError) => error.exitCode,
  );

describe('a machine by role, name or ARN', () => {
  const find = (
    reference: string,
    names: string[],
    known: { prefix?: string; machines?: Record<string, string> } = {},
  ) =>
    outcome(
      findMachine({ listStateMachines: () => machines(...names) }, reference, {
        machines: {},
        flagsForHints: '',
        ...known,
      }),
    );

  test.each([
    ['task', ['command', 'sfn-task', 'import-csv'], {}, 'sfn-task'],
    [
      'import-csv',
      ['dev-acme-import-csv-handler', 'dev-acme-command-handler'],
      {},
      'dev-acme-import-csv-handler',
    ],
    ['command', ['dev-acme-command-handler', 'other'], { prefix: 'dev-acme-' }, 'dev-acme-command-handler'],
    // A shared account: the app's own comes before another's that has the bare name.
    ['import-csv', ['import-csv', 'dev-import-csv-handler'], { prefix: 'dev-' }, 'dev-import-csv-handler'],
    ['import-csv', ['import-csv', 'stg-import-csv-handler'], {}, 'import-csv'],
    ['approval', ['dev-approval', 'approval-2'], { prefix: 'dev-' }, 'dev-approval'],
    ['dev-approval', ['dev-approval'], { prefix: 'dev-' }, 'dev-approval'],
    ['approval:prod', ['approval'], {}, 'approval:prod'],
    ['approval#Case', ['approval'], {}, 'approval#Case'],
    [`${prefix}:stateMachine:any:3`, [], {}, 'any:3'],
    ['task', ['sfn-task', 'own'], { machines: { task: 'own' } }, 'own'],
    ['task', ['sfn-task'], { machines: { task: `${prefix}:stateMachine:elsewhere` } }, 'elsewhere'],
    ['import-csv', ['a-import-csv', 'b-import-csv-handler'], {}, 5],
    ['import-csv', ['dev-import-csv', 'dev-import-csv-handler'], { prefix: 'dev-' }, 5],
    ['import-csv', ['ximport-csv', 'import-csv-x'], {}, 3],
    ['approval', ['dev-approval'], {}, 3],
    ['constructor', ['command'], {}, 3],
  ])('%s among %j (%j) is %s', async (reference, names, known, expected) => {
    expect(await find(reference, names, known)).toBe(expected);
  });

  test('several are listed, near ones named', async () => {
    const states = { listStateMachines: () => machines('a-task', 'b-sfn-task', 'my-approval') };
    const known = { machines: {}, flagsForHints: ' --target dev' };
    await expect(findMachine(states, 'task', known)).rejects.toThrow('a-task, b-sfn-task');
    await expect(findMachine(states, 'approval', known)).rejects.toMatchObject({
      message: expect.stringContaining('my-approval'),
      hint: 'mbc-flow machines --target dev',
    });
  });
});

describe('an execution by ARN, name or its beginning, console URL, @last, @2 or machine@last', () => {
  const calls = { describe: 0, list: 0 };
  const find = (reference: string, there: string[], started: string[] = []) =>
    outcome(
      findExecution(
        {
          listStateMachines: () => machines('a', 'b', 'c-express'),
          async describeExecution(arn) {
            calls.describe++;
            if (arn.includes('c-express')) throw new Error('EXPRESS executions cannot be described');
            if (!there.some((name) => arn.endsWith(`:${name}`)))
              throw new FlowError(3, 'ExecutionDoesNotExist', arn);
            return {} as never;
          },
          async *listExecutions({ stateMachineArn = '' }) {
            calls.list++;
            for (const one of there) {
              const [machine, name = ''] = one.split(':');
              if (!stateMachineArn.endsWith(`:${machine}`)) continue;
              const executionArn = `${prefix}:execution:${one}`;
              yield {
                executionArn,
                stateMachineArn,
                name,
                status: 'SUCCEEDED' as const,
                startDate: new Date(0),
              };
            }
          },
        },
        reference,
        {
          started: async () => started,
          machineArn: async (machine) => `${prefix}:stateMachine:${machine}`,
          targetName: 'local',
          flagsForHints: '',
        },
      ),
    );
  const arn = `${prefix}:execution:a:one`;
  const console_ =
    'https://ap-northeast-1.console.aws.amazon.com/states/home?region=ap-northeast-1#/v2/executions/details';

  test.each([
    [arn, [], 'a:one'],
    ['one', ['a:one', 'b:two'], 'a:one'],
    ['one', ['a:one', 'b:one'], 5],
    ['b:one', ['a:one', 'b:one'], 'b:one'],
    ['b:o', ['b:one'], 3],
    ['a/items:child', ['a/items:child'], 'a/items:child'],
    ['a:one@2', ['a:one', 'a:one@2'], 'a:one@2'],
    ['three', ['a:one'], 3],
    [`${console_}/${arn}`, [], 'a:one'],
    [`${console_}/${encodeURIComponent(arn)}?tab=x`, [], 'a:one'],
    ['@last', [], 3],
    ['on', ['a:one', 'b:two'], 'a:one'],
    ['o', ['a:one', 'b:other'], 5],
    // The very name before all that begin with it.
    ['one', ['a:one', 'b:one-more'], 'a:one'],
    ['', ['a:one'], 3],
    ['b@last', ['a:one', 'b:new', 'b:old'], 'b:new'],
    ['b@2', ['a:one', 'b:new', 'b:old'], 'b:old'],
    ['b@3', ['a:one', 'b:new', 'b:old'], 3],
    [`${prefix}:stateMachine:b@last`, ['b:new'], 'b:new'],
  ])('%s among %j is %s', async (reference, there, expected) => {
    expect(await find(reference, there)).toBe(expected);
  });
  test('@last is what was started last, @2 the one before it', async () => {
    const started = ['a:one', 'b:two'].map((name) => `${prefix}:execution:${name}`);
    expect(await find('@last', [], started)).toBe('a:one');
    expect(await find('@2', [], started)).toBe('b:two');
    expect(await find('@3', [], started)).toBe(3);
  });
  test('executions are listed only where none has the very name', async () => {
    calls.list = 0;
    await find('one', ['a:one']);
    expect(calls.list).toBe(0);
  });
});

describe('a bucket', () => {
  test('the flag, the target’s, the app’s, the function’s, the framework’s if it answers, else what was tried', async () => {
    const asked: string[] = [];
    const objects = {
      bucketAnswers: async (bucket: string) => {
        asked.push(bucket);
        return bucket === 'dev-ddb-attributes';
      },
    };
    const find = (
      known: { flag?: string; bucket?: string; appBucket?: string; prefix?: string },
      own?: string,
    ) => findBucket(objects, { functionBucket: async () => own, ...known });
    expect(await find({ flag: 'flag', bucket: 'target', appBucket: 'app' }, 'function')).toBe('flag');
    expect(await find({ bucket: 'target', appBucket: 'app', prefix: 'dev-' }, 'function')).toBe('target');
    expect(await find({ appBucket: 'app', prefix: 'dev-' }, 'function')).toBe('app');
    expect(await find({ prefix: 'dev-' }, 'function')).toBe('function');
    expect(asked).toEqual([]);
    expect(await find({ prefix: 'dev-' })).toBe('dev-ddb-attributes');
    await expect(find({ prefix: 'stg-' })).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('stg-ddb-attributes'),
    });
  });

  test('of the function that the import machine calls, where it may be read', async () => {
    const asked: string[] = [];
    const bucket = (definition: object, failing?: FlowError) =>
      environmentOfFunction(
        {
          states: {
            describeStateMachine: async () =>
              ({ definition: JSON.stringify(definition) }) as StateMachineDescription,
          },
          functions: {
            async environment(name) {
              asked.push(name);
              if (failing) throw failing;
              return { S3_BUCKET_NAME: 'b', DATABASE_URL: 'secret' };
            },
          },
        },
        'arn',
      ).then(({ S3_BUCKET_NAME }) => S3_BUCKET_NAME);
    expect(await bucket({ Parameters: { FunctionName: 'arn:aws:lambda:r:1:function:main' } })).toBe('b');
    expect(await bucket({ Resource: 'arn:aws:lambda:r:1:function:old' })).toBe('b');
    expect(asked).toEqual(['arn:aws:lambda:r:1:function:main', 'arn:aws:lambda:r:1:function:old']);
    expect(await bucket({ Resource: 'arn:aws:states:::dynamodb:getItem' })).toBeUndefined();
    expect(await bucket({ FunctionName: 'f' }, new FlowError(4, 'AccessDenied', ''))).toBeUndefined();
    await expect(bucket({ FunctionName: 'f' }, new FlowError(6, 'Unreachable', ''))).rejects.toThrow();
  });
});

test('the newest of all machines, reading no more than needed', async () => {
  const read: Record<string, number> = {};
  const states = {
    listStateMachines: () => machines('a', 'b', 'c-express'),
    async *listExecutions({ stateMachineArn = '' }: { stateMachineArn?: string }) {
      const machine = stateMachineArn.split(':')[6] ?? '';
      for (let n = 100; n > 0; n--) {
        read[machine] = 101 - n;
        const startDate = new Date(n * 1000 + (machine === 'b' ? 500 : 0));
        const name = `${machine}${n}`;
        yield { executionArn: name, stateMachineArn, name, status: 'SUCCEEDED' as const, startDate };
      }
    },
  };
  const unasked = {
    describeExecution: () => Promise.reject(new Error('the list alone is enough')),
    describeStateMachine: () => Promise.reject(new Error('the list alone is enough')),
    historyPages: () => {
      throw new Error('the list alone is enough');
    },
  };
  const names = async (filter: { limit: number; since?: number }) => {
    const { executions, more } = await listExecutions({ ...states, ...unasked }, { ...filter, now: 0 });
    return [...executions.map(({ name }) => name), more];
  };
  expect(await names({ limit: 3 })).toEqual(['b100', 'a100', 'b99', true]);
  expect(read).toEqual({ a: 4, b: 4 });
  expect(await names({ limit: 10, since: 99_500 })).toEqual(['b100', 'a100', 'b99', false]);
});
