import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateStateMachineCommand,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { runCli, startCli, startDev, workDirectory } from './cli.js';

const requests = 60;

test('a kill -9 in the middle of approve --from, then the same line: each is answered exactly once', async () => {
  const cwd = workDirectory();
  writeFileSync(join(cwd, 'notify.mjs'), 'export const handler = async () => ({});\n');
  const dev = await startDev({ cwd, args: ['--functions', 'notify=./notify.mjs'] });
  const sfn = new SFNClient({
    endpoint: dev.endpoint,
    region: 'ap-northeast-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const wait = (next: object) => ({
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Parameters: { FunctionName: 'notify', Payload: { 'input.$': '$', 'taskToken.$': '$$.Task.Token' } },
    ResultPath: null,
    ...next,
  });
  // Two approvals of one request in a row: a second answer would not go unnoticed.
  const definition = JSON.stringify({
    StartAt: 'First',
    States: { First: wait({ Next: 'Second' }), Second: wait({ End: true }) },
  });
  const { stateMachineArn } = await sfn.send(
    new CreateStateMachineCommand({ name: 'twice', definition, roleArn: 'arn:aws:iam::101010101010:role/r' }),
  );
  const ids = Array.from({ length: requests }, (_, n) => `r-${n}`);
  for (const requestId of ids)
    await sfn.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify({ requestId }) }));
  writeFileSync(join(cwd, 'ids.txt'), ids.join('\n'));

  const line = ['approve', '--from', 'ids.txt', '-o', 'ndjson'];
  const killed = startCli(line, { cwd });
  await killed.waitFor(/^(.*"proven":true.*\n){10}/);
  killed.child.kill('SIGKILL');
  await killed.done;
  const again = await runCli(line, { cwd });
  expect(again.exitCode).toBe(0);
  const results = again.stdout
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text));
  expect(results).toHaveLength(requests);
  expect(results.filter(({ before }) => before).length).toBeGreaterThanOrEqual(10);
  expect(results.filter(({ before }) => before).length).toBeLessThan(requests);

  const { executions } = await sfn.send(
    new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING' }),
  );
  expect(executions).toHaveLength(requests);
  const { stdout } = await runCli(['pending', '-o', 'json'], { cwd });
  expect(JSON.parse(stdout).pending.map(({ stateName }: { stateName: string }) => stateName)).toEqual(
    Array(requests).fill('Second'),
  );
});
