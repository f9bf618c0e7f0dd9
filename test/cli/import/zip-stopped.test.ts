import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ListExecutionsCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { builtinMachines } from '../../../src/framework/machines.js';
import { stateMachineArn } from '../../../src/local/arns.js';
import { startServer } from '../../local/harness.js';
import { zipOf } from '../../stand-in/zip-file.js';
import { directory, run } from '../world.js';

test('a ZIP whose import was stopped while a file is still imported: its outcome, and that of the file as it is', async () => {
  const cwd = directory();
  const machine = JSON.parse(builtinMachines().find(({ name }) => name === 'import-csv')?.definition ?? '');
  machine.States.hold = { Type: 'Wait', Seconds: 86_400, Next: machine.StartAt };
  machine.StartAt = 'hold';
  const file = join(cwd, 'import-csv.json');
  writeFileSync(file, JSON.stringify(machine));
  const { sfn, endpoint } = await startServer({ machines: { 'import-csv': file } });
  const running = async (name: string): Promise<string | undefined> => {
    const list = new ListExecutionsCommand({
      stateMachineArn: stateMachineArn(name),
      statusFilter: 'RUNNING',
    });
    return (await sfn.send(list)).executions?.[0]?.executionArn;
  };
  writeFileSync(join(cwd, 'x.zip'), zipOf([{ name: '20260101093000-p.csv', text: 'id\n1\n' }]));
  const importing = run(['import', 'x.zip', '-o', 'json', '--endpoint-url', endpoint], { cwd });
  await expect.poll(() => running('import-csv'), { timeout: 20_000 }).toBeDefined();
  await sfn.send(new StopExecutionCommand({ executionArn: await running('import-zip') }));
  const { code, stdout, stderr } = await importing;
  expect(code, stderr).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ status: 'ABORTED', imports: [{ rows: { failed: 0 } }] });
});
