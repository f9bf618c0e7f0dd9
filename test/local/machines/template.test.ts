import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  ListStateMachinesCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { synthesise } from '../../template/cdk.js';
import { ended, startServer, temporaryDirectory } from '../harness.js';

const arnOf = (name: string) => `arn:aws:states:ap-northeast-1:101010101010:stateMachine:${name}`;
const fixtures = join(import.meta.dirname, '../fixtures');

/** Lines of a server's log, each of which can be awaited. */
function logLines() {
  const lines: string[] = [];
  return {
    log: (line: string) => lines.push(line),
    lines,
    async until(pattern: RegExp, after = 0): Promise<string> {
      for (;;) {
        const found = lines.slice(after).find((line) => pattern.test(line));
        if (found !== undefined) return found;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
}

test('the machines of a CDK app run as they were synthesised', async () => {
  const template = synthesise(temporaryDirectory());
  const server = await startServer({
    template,
    timeScale: 0,
    functions: { '*': './echo.mjs' },
    functionsBase: fixtures,
  });
  const { stateMachines = [] } = await server.sfn.send(new ListStateMachinesCommand({}));
  const names = stateMachines.map(({ name = '' }) => name);
  expect(names).toEqual(expect.arrayContaining(['dev-approve', 'import-csv']));
  const { logGroups = [] } = await server.logs.send(new DescribeLogGroupsCommand({}));
  expect(logGroups.map(({ logGroupName }) => logGroupName)).toContain('/aws/vendedlogs/states/dev-approve');

  const { executionArn = '' } = await server.sfn.send(
    new StartExecutionCommand({ stateMachineArn: arnOf('dev-approve'), input: '{"a":1}' }),
  );
  const token = await (async () => {
    for (;;) {
      const { events = [] } = await server.sfn.send(new GetExecutionHistoryCommand({ executionArn }));
      if (events.some(({ type }) => type === 'TaskSubmitted')) {
        const [scheduled] = events.filter(({ type }) => type === 'TaskScheduled').slice(-1);
        return JSON.parse(scheduled?.taskScheduledEventDetails?.parameters ?? '{}').Payload.token as string;
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  })();
  await server.sfn.send(new SendTaskSuccessCommand({ taskToken: token, output: '{"approved":true}' }));
  const { status, output } = await ended(server.sfn, executionArn);
  expect([status, output]).toEqual(['SUCCEEDED', '{"approved":true}']);

  const fromFile = names.find((name) => name.startsWith('FromFile')) ?? '';
  const second = await server.sfn.send(new StartExecutionCommand({ stateMachineArn: arnOf(fromFile) }));
  expect((await ended(server.sfn, second.executionArn ?? '')).output).toBe('"wait 1"');
});

test('a changed template or definition is registered anew; what runs goes on; a bad one is told', async () => {
  const folder = temporaryDirectory();
  const template = join(folder, 'template.yaml');
  const write = (uri: string) =>
    writeFileSync(
      template,
      `Resources:\n  Flow:\n    Type: AWS::Serverless::StateMachine\n    Properties: { Name: flow, DefinitionUri: ${uri} }\n`,
    );
  const wait = {
    StartAt: 'W',
    States: {
      W: { Type: 'Wait', Seconds: 3600, Next: 'Old' },
      Old: { Type: 'Pass', Result: 'old', End: true },
    },
  };
  writeFileSync(join(folder, 'one.asl.json'), JSON.stringify(wait));
  write('one.asl.json');
  const log = logLines();
  const server = await startServer({ template, log: log.log });
  expect(log.lines.join()).toContain('state machine flow');
  const { executionArn = '' } = await server.sfn.send(
    new StartExecutionCommand({ stateMachineArn: arnOf('flow') }),
  );

  let seen = log.lines.length;
  writeFileSync(
    join(folder, 'two.asl.yaml'),
    'StartAt: P\nStates:\n  P: { Type: Pass, Result: two, End: true }\n',
  );
  write('two.asl.yaml');
  await log.until(/state machine flow/, seen);
  const started = await server.sfn.send(new StartExecutionCommand({ stateMachineArn: arnOf('flow') }));
  expect((await ended(server.sfn, started.executionArn ?? '')).output).toBe('"two"');

  seen = log.lines.length;
  writeFileSync(join(folder, 'two.asl.yaml'), 'StartAt: Nowhere\nStates: {}\n');
  expect(await log.until(/rejected/, seen)).toMatch(/Flow was rejected: Invalid State Machine Definition/);
  const { definition = '' } = await server.sfn.send(
    new DescribeStateMachineCommand({ stateMachineArn: arnOf('flow') }),
  );
  expect(JSON.parse(definition).StartAt).toBe('P');

  await fetch(`${server.endpoint}/_mbc-flow/clock`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"advanceSeconds":3600}',
  });
  expect((await ended(server.sfn, executionArn)).output).toBe('"old"');
});

test('the machines of a serverless.yml run, and follow the files that it names', async () => {
  const folder = temporaryDirectory();
  const template = join(folder, 'serverless.yml');
  const definition = (result: string) =>
    writeFileSync(
      join(folder, 'flow.yml'),
      `StartAt: P\nStates: { P: { Type: Pass, Result: ${result}, End: true } }\n`,
    );
  definition('"$' + '{env:WORD}"');
  writeFileSync(
    template,
    'service: shop\nprovider: { name: aws }\nstepFunctions: { stateMachines: { flow: { name: "$' +
      '{self:service}-flow", definition: "$' +
      '{file(flow.yml)}" } } }\n',
  );
  const log = logLines();
  const server = await startServer({ template, log: log.log, env: { WORD: 'from the environment' } });
  const output = async () => {
    const started = await server.sfn.send(new StartExecutionCommand({ stateMachineArn: arnOf('shop-flow') }));
    return (await ended(server.sfn, started.executionArn ?? '')).output;
  };
  expect(await output()).toBe('"from the environment"');
  const seen = log.lines.length;
  definition('other');
  await log.until(/state machine shop-flow/, seen);
  expect(await output()).toBe('"other"');
});

const machine = (properties: string): string =>
  `{"Resources":{"M":{"Type":"AWS::StepFunctions::StateMachine","Properties":{${properties}}}}}`;

test.each([
  ['nothing there', undefined, 'the template cannot be read: no such file', undefined],
  [
    'what is neither JSON nor YAML',
    'a: [',
    'the template is neither JSON nor YAML: Flow sequence',
    undefined,
  ],
  ['a ZIP archive', 'PK\u0003\u0004', 'this is a ZIP archive: unpack it first', undefined],
  ['no template', '{"a":1}', 'this file is not a template: it has no Resources', /or a serverless.yml$/],
  [
    'a state machine',
    '{"StartAt":"A","States":{}}',
    'this file is a state machine definition',
    /"NAME": "template.json"/,
  ],
  [
    'a serverless.yml without machines',
    'service: x\nprovider: { name: aws }\n',
    'this serverless.yml has no state machines (stepFunctions.stateMachines)',
    /\.serverless\/cloudformation-template-update-stack\.json$/,
  ],
  [
    'a serverless.yml with a variable that has no value',
    'stepFunctions: { stateMachines: { m: { name: "$' + '{env:N}", definition: {} } } }',
    'has no value: set N, or write a default',
    undefined,
  ],
  [
    'a definition that is missing',
    machine('"DefinitionS3Location":{"Key":"x.json"}'),
    'the definition of M was not found: x.json',
    undefined,
  ],
  [
    'a definition that is refused',
    machine('"Definition":{"StartAt":"A"}'),
    'state machine M was rejected',
    /^mbc-flow lint .*template.json$/,
  ],
])('a server does not start with %s', async (_what, text, message, hint) => {
  const template = join(temporaryDirectory(), 'template.json');
  if (text !== undefined) writeFileSync(template, text);
  const error = await startServer({ template }).catch((refused: unknown) => refused);
  expect(error).toMatchObject({ name: 'GivenFileError', file: template, missing: text === undefined });
  expect((error as Error).message.replace("'", '’')).toContain(message);
  if (hint) expect((error as { hint?: string }).hint).toMatch(hint);
  else expect(error).toMatchObject({ hint: undefined });
});
