import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateStateMachineCommand,
  DescribeStateMachineCommand,
  type SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { describe, expect, test } from 'vitest';
import { material } from '../../shared.js';
import { ended, startServer, temporaryDirectory } from '../harness.js';

const arnOf = (name: string) => `arn:aws:states:ap-northeast-1:101010101010:stateMachine:${name}`;
/** As serverless-step-functions-local registers a machine. */
const create = (sfn: SFNClient, name: string, definition: unknown, roleArn = `${iam}:role/DummyRole`) =>
  sfn.send(new CreateStateMachineCommand({ name, definition: JSON.stringify(definition), roleArn }));
const iam = 'arn:aws:iam::101010101010';
const pass = (result: string) => ({
  StartAt: 'P',
  States: { P: { Type: 'Pass', Result: result, End: true } },
});
const definitionOf = async (sfn: SFNClient, name: string) => {
  const { definition } = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn: arnOf(name) }));
  return JSON.parse(definition ?? '');
};
const resultOf = async (sfn: SFNClient, name: string) => {
  const { States, StartAt } = await definitionOf(sfn, name);
  return States[StartAt].Result ?? 'built in';
};

describe('whoever registers a machine through the API replaces a built-in one', () => {
  test('once; what was registered so is somebody’s, until the server starts again', async () => {
    const dataDir = temporaryDirectory();
    const first = await startServer({ dataDir });
    const { executionArn } = await first.sfn.send(
      new StartExecutionCommand({ stateMachineArn: arnOf('sfn-task'), input: '[]' }),
    );
    await create(first.sfn, 'sfn-task', pass('theirs'));
    expect(await resultOf(first.sfn, 'sfn-task')).toBe('theirs');
    expect((await ended(first.sfn, executionArn ?? '')).output).toBe('[]');
    await create(first.sfn, 'sfn-task', pass('theirs'));
    await create(first.sfn, 'own', pass('own'), `${iam}:role/own`);
    const again = create(first.sfn, 'sfn-task', pass('other'));
    await expect(again).rejects.toMatchObject({ name: 'StateMachineAlreadyExists' });
    await first.stop();

    const second = await startServer({ dataDir });
    expect(await resultOf(second.sfn, 'sfn-task')).toBe('theirs');
    await create(second.sfn, 'sfn-task', pass('edited'));
    expect(await resultOf(second.sfn, 'sfn-task')).toBe('edited');
    const taken = create(second.sfn, 'own', pass('other'), `${iam}:role/own`);
    await expect(taken).rejects.toMatchObject({ name: 'StateMachineAlreadyExists' });
  });

  material.test('the framework’s own machines, as its local environment registers them', async () => {
    const { sfn } = await startServer();
    for (const key of ['command', 'sfn-task', 'import-csv', 'import-zip']) {
      const { name, definition } = JSON.parse(material.text(`framework-run/template/machines/${key}.json`));
      expect(await create(sfn, name, definition)).toMatchObject({ stateMachineArn: arnOf(key) });
      expect(await definitionOf(sfn, key)).toEqual(definition);
    }
  });
});

describe('a machine of a file stands in for another one, which comes back', () => {
  const templateOf = (...names: string[]) => ({
    Resources: Object.fromEntries(
      names.map((name) => [
        name.replaceAll('-', ''),
        {
          Type: 'AWS::StepFunctions::StateMachine',
          Properties: { StateMachineName: name, DefinitionString: JSON.stringify(pass('template')) },
        },
      ]),
    ),
  });

  test('a template’s: when it no longer has the machine, when it is gone, when the server starts without it', async () => {
    const folder = temporaryDirectory();
    const [dataDir, template] = [join(folder, 'data'), join(folder, 'template.json')];
    const write = (...names: string[]) => writeFileSync(template, JSON.stringify(templateOf(...names)));
    write('sfn-task', 'command', 'fresh');
    const first = await startServer({ dataDir, template });
    const now = (sfn: SFNClient) =>
      Promise.all(['sfn-task', 'command', 'fresh'].map((name) => resultOf(sfn, name)));
    expect(await now(first.sfn)).toEqual(['template', 'template', 'template']);
    write('sfn-task');
    await expect.poll(() => now(first.sfn)).toEqual(['template', 'built in', 'template']);
    rmSync(template);
    await expect.poll(() => now(first.sfn)).toEqual(['built in', 'built in', 'template']);
    write('sfn-task');
    await expect.poll(() => now(first.sfn)).toEqual(['template', 'built in', 'template']);
    await first.stop();
    // A command's own server knows of no template; `dev` without one does.
    const second = await startServer({ dataDir });
    expect(await resultOf(second.sfn, 'sfn-task')).toBe('template');
    await second.stop();
    const third = await startServer({ dataDir, template: null });
    expect(await resultOf(third.sfn, 'sfn-task')).toBe('built in');
  });

  test('the config’s, while the server runs: new ones, changed files, faults, and the former one again', async () => {
    const folder = temporaryDirectory();
    const log: string[] = [];
    const server = await startServer({ log: (line) => log.push(line) });
    const { sfn } = server;
    await create(sfn, 'theirs', pass('api'));
    const [json, yaml, bad] = ['a.json', 'b.yaml', 'bad.json'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(json, JSON.stringify(pass('one')));
    writeFileSync(yaml, 'StartAt: P\nStates: { P: { Type: Pass, Result: yaml, End: true } }\n');
    writeFileSync(bad, '{"StartAt":"x","States":{}}');
    await server.reconfigure({ machines: { bad, command: json, theirs: yaml } });
    expect(await resultOf(sfn, 'command')).toBe('one');
    expect(await resultOf(sfn, 'theirs')).toBe('yaml');
    expect(log).toContainEqual(expect.stringContaining(`${bad}: state machine bad is not valid`));
    writeFileSync(json, JSON.stringify(pass('two')));
    await expect.poll(() => resultOf(sfn, 'command')).toBe('two');
    await server.reconfigure({ machines: {} });
    expect(await resultOf(sfn, 'command')).toBe('built in');
    expect(await resultOf(sfn, 'theirs')).toBe('api');
  });
});
