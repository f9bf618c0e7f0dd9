import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { builtinMachines } from '../../../src/framework/machines.js';
import { startServer } from '../../local/harness.js';
import { zipOf } from '../../stand-in/zip-file.js';
import { directory, run } from '../world.js';

test('in the middle of a ZIP’s import: its job, the import of the file that it waits for, and that no answer comes', async () => {
  const cwd = directory();
  const definition = JSON.parse(
    builtinMachines().find(({ name }) => name === 'import-csv')?.definition ?? '',
  );
  definition.States.hold = { Type: 'Wait', Seconds: 86_400, Next: definition.StartAt };
  definition.StartAt = 'hold';
  const file = join(cwd, 'import-csv.json');
  writeFileSync(file, JSON.stringify(definition));
  const server = await startServer({ machines: { 'import-csv': file } });
  writeFileSync(join(cwd, 'x.zip'), zipOf([{ name: '20260101093000-p.csv', text: 'id\n1\n' }]));
  const on = ['--endpoint-url', server.endpoint];
  const started = await run(['import', 'x.zip', '--detach', ...on], { cwd });
  expect(started.code, started.stderr).toBe(0);
  const pendingImport = async (speed = 1) => {
    const { stdout } = await run(['pending', '-o', 'json', ...on], { cwd, speed });
    const [step] = JSON.parse(stdout).pending;
    return step?.import?.child ? step : undefined;
  };
  let step = await pendingImport();
  while (step === undefined) step = await pendingImport();
  expect(step).toMatchObject({
    stateName: 'trigger_single_csv_and_wait',
    stuck: null,
    import: {
      jobId: expect.stringMatching(/^ZIP_IMPORT#local#ZIP#/),
      key: expect.stringMatching(/20260101093000-p\.csv$/),
      child: { jobId: expect.stringMatching(/^CSV_IMPORT#/), status: 'RUNNING' },
    },
  });
  const { executionArn } = step.import.child;
  const { stdout } = await run(['pending', ...on], { cwd });
  expect(stdout).toContain(
    `waits for the import of 20260101093000-p.csv: ${executionArn.split(':').at(-1)} RUNNING`,
  );
  await server.sfn.send(new StopExecutionCommand({ executionArn }));
  const reason = 'the import of its file is ABORTED, and did not answer';
  expect((await pendingImport()).stuck).toBeNull();
  expect((await pendingImport(10_000)).stuck).toEqual({ reason });
});
