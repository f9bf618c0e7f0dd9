import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { directory, errorOf, run } from '../world.js';

const example = join(import.meta.dirname, '../../../examples/approval');

test('start --state shows what each phase made of the data, of a machine and of a file alike', async () => {
  const cwd = directory();
  cpSync(example, cwd, { recursive: true });
  writeFileSync(
    join(cwd, 'm.asl.json'),
    JSON.stringify({
      StartAt: 'Shape',
      States: {
        Shape: {
          Type: 'Pass',
          InputPath: '$.in',
          Parameters: { 'n.$': '$.a' },
          ResultPath: '$.out',
          End: true,
        },
      },
    }),
  );
  const shape = ['start', 'm.asl.json', '--state', 'Shape', '--input', '{"in":{"a":1}}'];
  const told = await run(shape, { cwd });
  expect(told.code).toBe(0);
  const phases = ['input', 'InputPath', 'Parameters', 'ResultPath', 'output'];
  expect(told.stdout.split('\n').filter((line) => phases.some((phase) => line.startsWith(phase)))).toEqual([
    'input',
    'InputPath',
    'Parameters',
    'ResultPath',
    'output  (the same)',
  ]);
  const choice = ['start', 'approval', '--state', 'Decide', '--input', '{"approval":{"approved":true}}'];
  expect((await run(choice, { cwd })).stdout).toContain('Decide  SUCCEEDED  → Approved');
  const waits = ['start', 'approval.asl.json', '--state', 'WaitForApproval', '-o', 'json'];
  expect(errorOf(await run(waits, { cwd }))).toMatchObject({ code: 'MockRequired', exitCode: 2 });
  const caught = await run([...waits, '--mock', '{"error":"States.Timeout"}'], { cwd });
  expect({ code: caught.code, ...JSON.parse(caught.stdout) }).toMatchObject({
    code: 0,
    status: 'CAUGHT_ERROR',
    nextState: 'Undecided',
    inspectionData: { errorDetails: { catchIndex: 0 } },
  });
  const lost = ['start', 'approval', '--state', 'Nope', '-o', 'json'];
  expect(errorOf(await run(lost, { cwd }))).toMatchObject({ code: 'StateNotFound', exitCode: 3 });
  const mock = ['start', 'approval', '--mock', '{}', '-o', 'json'];
  expect(errorOf(await run(mock, { cwd }))).toMatchObject({ exitCode: 2, where: '--mock' });
});
