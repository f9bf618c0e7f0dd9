import * as sdk from '@aws-sdk/client-sfn';
import {
  CreateStateMachineAliasCommand,
  CreateStateMachineCommand,
  DeleteStateMachineVersionCommand,
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  DescribeStateMachineForExecutionCommand,
  ListExecutionsCommand,
  ListStateMachineVersionsCommand,
  ListTagsForResourceCommand,
  PublishStateMachineVersionCommand,
  StartExecutionCommand,
  StartSyncExecutionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateStateMachineAliasCommand,
  UpdateStateMachineCommand,
  ValidateStateMachineDefinitionCommand,
} from '@aws-sdk/client-sfn';
import { describe, expect, test } from 'vitest';
import { model } from '../../../src/local/states/requests/model.js';
import { ended, startServer } from '../harness.js';

const roleArn = 'arn:aws:iam::101010101010:role/DummyRole';
const pass = (result: string) =>
  JSON.stringify({ StartAt: 'a', States: { a: { Type: 'Pass', Result: result, End: true } } });

test('every operation of the SDK has a shape', () => {
  const commands = Object.keys(sdk).filter((name) => name.endsWith('Command') && name !== '$Command');
  expect(Object.keys(model).sort()).toEqual(commands.map((name) => name.slice(0, -'Command'.length)).sort());
});

describe('revisions, versions, aliases', () => {
  test('an update that changes nothing makes no revision; a version is published once for each', async () => {
    const { sfn } = await startServer();
    const { stateMachineArn } = await sfn.send(
      new CreateStateMachineCommand({ name: 'm', roleArn, definition: pass('1') }),
    );
    const update = (definition: string, publish = false) =>
      sfn.send(new UpdateStateMachineCommand({ stateMachineArn, definition, publish }));
    expect((await update(pass('1'))).revisionId).toBeUndefined();
    const first = await update(pass('2'), true);
    expect(await update(pass('2'), true)).toMatchObject({
      revisionId: first.revisionId,
      stateMachineVersionArn: `${stateMachineArn}:1`,
    });
    const wrong = new PublishStateMachineVersionCommand({ stateMachineArn, revisionId: 'other' });
    await expect(sfn.send(wrong)).rejects.toMatchObject({ name: 'ConflictException' });
    // A version keeps what it was published with.
    await update(pass('3'));
    const version = await sfn.send(
      new DescribeStateMachineCommand({ stateMachineArn: `${stateMachineArn}:1` }),
    );
    expect(version.definition).toBe(pass('2'));
  });

  test('a machine is made again where nothing differs, what was published of it included', async () => {
    const { sfn } = await startServer();
    const create = (more: { publish?: boolean; versionDescription?: string }) =>
      sfn.send(
        new CreateStateMachineCommand({ name: 'n', roleArn: `${roleArn}2`, definition: pass('1'), ...more }),
      );
    const first = await create({ publish: true, versionDescription: 'one' });
    expect(await create({ publish: true, versionDescription: 'one' })).toMatchObject({
      stateMachineVersionArn: first.stateMachineVersionArn,
    });
    const refused = { name: 'StateMachineAlreadyExists' };
    await expect(create({ publish: true, versionDescription: 'two' })).rejects.toMatchObject(refused);
    await expect(create({ publish: true })).rejects.toMatchObject(refused);
    const { stateMachineArn } = first;
    const { stateMachineVersions } = await sfn.send(new ListStateMachineVersionsCommand({ stateMachineArn }));
    expect(stateMachineVersions).toHaveLength(1);
  });

  test('a start through an alias runs the version that it routes to, and is listed by each ARN', async () => {
    const { sfn } = await startServer();
    const created = await sfn.send(
      new CreateStateMachineCommand({ name: 'm', roleArn, definition: pass('old'), publish: true }),
    );
    const { stateMachineArn = '', stateMachineVersionArn } = created;
    const { stateMachineVersionArn: second } = await sfn.send(
      new UpdateStateMachineCommand({ stateMachineArn, definition: pass('new'), publish: true }),
    );
    const { stateMachineAliasArn } = await sfn.send(
      new CreateStateMachineAliasCommand({
        name: 'live',
        routingConfiguration: [{ stateMachineVersionArn, weight: 100 }],
      }),
    );
    const run = async (arn: string | undefined) => {
      const { executionArn = '' } = await sfn.send(new StartExecutionCommand({ stateMachineArn: arn }));
      return await ended(sfn, executionArn);
    };
    expect(await run(stateMachineAliasArn)).toMatchObject({
      output: '"old"',
      stateMachineArn,
      stateMachineVersionArn,
      stateMachineAliasArn,
    });
    await sfn.send(
      new UpdateStateMachineAliasCommand({
        stateMachineAliasArn,
        routingConfiguration: [{ stateMachineVersionArn: second, weight: 100 }],
      }),
    );
    const { executionArn, output } = await run(stateMachineAliasArn);
    expect(output).toBe('"new"');
    const described = await sfn.send(new DescribeStateMachineForExecutionCommand({ executionArn }));
    expect(described).toMatchObject({ definition: pass('new'), stateMachineArn });
    const listed = async (arn: string | undefined) =>
      (await sfn.send(new ListExecutionsCommand({ stateMachineArn: arn }))).executions?.length;
    expect([await listed(stateMachineArn), await listed(stateMachineAliasArn), await listed(second)]).toEqual(
      [2, 2, 1],
    );
    await expect(
      sfn.send(new DeleteStateMachineVersionCommand({ stateMachineVersionArn: second })),
    ).rejects.toMatchObject({ name: 'ConflictException', message: expect.stringContaining('[live]') });
    await sfn.send(new DeleteStateMachineVersionCommand({ stateMachineVersionArn }));
    const { stateMachineVersions } = await sfn.send(new ListStateMachineVersionsCommand({ stateMachineArn }));
    expect(stateMachineVersions?.map((version) => version.stateMachineVersionArn)).toEqual([second]);
  });
});

describe('EXPRESS machines', () => {
  test('a synchronous start answers with the outcome, whatever it is', async () => {
    const { sfn } = await startServer();
    const create = async (name: string, definition: string, type: 'STANDARD' | 'EXPRESS' = 'EXPRESS') =>
      (await sfn.send(new CreateStateMachineCommand({ name, roleArn, definition, type }))).stateMachineArn;
    const fails = '{"StartAt":"f","States":{"f":{"Type":"Fail","Error":"E","Cause":"わけ"}}}';
    const sync = (stateMachineArn: string | undefined, input = '{}') =>
      sfn.send(new StartSyncExecutionCommand({ stateMachineArn, input }));
    // The SDK's `sync-` before the host cannot be resolved for an address.
    sfn.config.disableHostPrefix = true;
    expect(await sync(await create('good', pass('x')))).toMatchObject({
      status: 'SUCCEEDED',
      output: '"x"',
      executionArn: expect.stringMatching(/:express:good:[-\w]+:[-\w]+$/),
      billingDetails: { billedDurationInMilliseconds: 100, billedMemoryUsedInMB: 64 },
    });
    expect(await sync(await create('bad', fails))).toMatchObject({
      status: 'FAILED',
      error: 'E',
      cause: 'わけ',
    });
    await expect(sync(await create('standard', pass('x'), 'STANDARD'))).rejects.toMatchObject({
      name: 'StateMachineTypeNotSupported',
    });
  });

  test('what AWS keeps from EXPRESS executions is refused', async () => {
    const { sfn } = await startServer();
    const { stateMachineArn } = await sfn.send(
      new CreateStateMachineCommand({ name: 'e', roleArn, definition: pass('x'), type: 'EXPRESS' }),
    );
    const start = () => sfn.send(new StartExecutionCommand({ stateMachineArn, name: 'same' }));
    const [{ executionArn }, again] = [await start(), await start()];
    expect(again.executionArn).not.toBe(executionArn);
    await expect(sfn.send(new DescribeExecutionCommand({ executionArn }))).rejects.toMatchObject({
      name: 'InvalidArn',
      message: "Invalid Arn: 'Resource type not valid in this context: express'",
    });
    await expect(sfn.send(new ListExecutionsCommand({ stateMachineArn }))).rejects.toMatchObject({
      name: 'StateMachineTypeNotSupported',
    });
  });
});

describe('requests', () => {
  test('all that is wrong with a request is told at once, in the words of AWS', async () => {
    const { endpoint } = await startServer();
    const post = async (operation: string, body: object) => {
      const answer = await fetch(endpoint, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': `AWSStepFunctions.${operation}`,
        },
        body: JSON.stringify(body),
      });
      return (await answer.json()) as { __type: string; message: string };
    };
    expect(await post('ListExecutions', { maxResults: 1001, statusFilter: 'succeeded' })).toEqual({
      __type: 'com.amazon.coral.validate#ValidationException',
      message:
        "2 validation errors detected: Value 'succeeded' at 'statusFilter' failed to satisfy constraint: Member must satisfy enum value set: [SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, ABORTED, FAILED, RUNNING]; Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000",
    });
    expect((await post('SendTaskSuccess', { taskToken: 't' })).message).toBe(
      "1 validation error detected: Value at 'output' failed to satisfy constraint: Member must not be null",
    );
    expect((await post('StartExecution', { stateMachineArn: 5 })).__type).toBe(
      'com.amazon.coral.service#SerializationException',
    );
  });

  test('tags come with a machine, are added, replaced, and removed', async () => {
    const { sfn } = await startServer();
    const { stateMachineArn: resourceArn } = await sfn.send(
      new CreateStateMachineCommand({
        name: 'm',
        roleArn,
        definition: pass('x'),
        tags: [{ key: 'a', value: '1' }],
      }),
    );
    const tags = [
      { key: 'a', value: '2' },
      { key: '課', value: '' },
    ];
    await sfn.send(new TagResourceCommand({ resourceArn, tags }));
    expect((await sfn.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual(tags);
    await sfn.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a', 'none'] }));
    expect((await sfn.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual(tags.slice(1));
    const many = Array.from({ length: 50 }, (_, n) => ({ key: `k${n}`, value: '' }));
    await expect(sfn.send(new TagResourceCommand({ resourceArn, tags: many }))).rejects.toMatchObject({
      name: 'TooManyTags',
    });
    for (const key of ['a<b', 'aws:own'])
      await expect(
        sfn.send(new TagResourceCommand({ resourceArn, tags: [{ key, value: '' }] })),
      ).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('a blank definition is judged, not a limit of the request', async () => {
    const { sfn } = await startServer();
    for (const definition of ['', ' ']) {
      const { diagnostics } = await sfn.send(new ValidateStateMachineDefinitionCommand({ definition }));
      expect(diagnostics).toEqual([
        {
          severity: 'ERROR',
          code: 'SCHEMA_VALIDATION_FAILED',
          message: 'Definition must be a valid JSON object',
        },
      ]);
    }
  });

  test('validation shows as many diagnostics as were asked for, and says that there are more', async () => {
    const { sfn } = await startServer();
    const definition = '{"States":{"a":{"Type":"Pass"},"b":{"Type":"Nope"}}}';
    const validate = (maxResults: number) =>
      sfn.send(new ValidateStateMachineDefinitionCommand({ definition, maxResults }));
    const all = await validate(0);
    expect(all).toMatchObject({ result: 'FAIL', truncated: false });
    expect(await validate(1)).toMatchObject({
      result: 'FAIL',
      truncated: true,
      diagnostics: all.diagnostics?.slice(0, 1),
    });
  });
});
