import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run, startDirectory } from './world.js';

const cwd = startDirectory();
const deep = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`;
const flow = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
const files: Record<string, string> = {
  'input.json': deep,
  'inputs.ndjson': `{}\n${deep}\n`,
  'deep.asl.json': `{"StartAt":"A","States":{"A":{"Type":"Pass","End":true,"Result":${deep}}}}`,
  'deep.asl.yaml': `StartAt: A\nStates:\n  A:\n    Type: Pass\n    End: true\n    Result: ${flow}\n`,
  'deep.template.json': `{"Resources":{"M":{"Type":"AWS::StepFunctions::StateMachine","Properties":{"DefinitionString":${deep}}}}}`,
  'deep.template.yaml': `Resources:\n  M:\n    Type: AWS::StepFunctions::StateMachine\n    Properties: ${flow}\n`,
  'config/mbc-flow.json': deep,
  'package.json': '{}',
  'package/package.json': `{"mbc-flow":${deep}}`,
};
for (const [name, text] of Object.entries(files)) {
  mkdirSync(join(cwd, name, '..'), { recursive: true });
  writeFileSync(join(cwd, name), text);
}

test.each([
  ['start import-csv --input @input.json', 2],
  ['start import-csv --each inputs.ndjson', 2],
  ['resume x --answer @input.json', 2],
  ['trigger stream t input.json', 2],
  ['task start input.json', 2],
  ['scaffold machine deep --from deep.asl.json', 2],
  ['lint deep.asl.json', 1],
  ['lint deep.asl.yaml', 1],
  ['lint deep.template.json', 1],
  ['lint deep.template.yaml', 1],
  ['graph deep.asl.json', 2],
  ['graph deep.asl.yaml', 2],
  ['graph deep.template.json', 2],
  ['graph deep.template.yaml', 2],
  ['dev --port 0 --template deep.template.json', 2],
  ['dev --port 0 --template deep.template.yaml', 2],
  ['dev --port 0 --mocks input.json', 2],
])('%s: the file is nested too deeply, and that is said', async (line, code) => {
  const ran = await run(line.split(' '), { cwd });
  expect(ran.stdout + ran.stderr).toContain('levels deep');
  expect(ran.code).toBe(code);
});

test.each(['config', 'package'])('so is a configuration (%s)', async (folder) => {
  const { code, stderr } = await run(['list'], { cwd: join(cwd, folder) });
  expect([code, stderr]).toEqual([2, expect.stringMatching(/levels deep\n.*\.json:1:\d+/)]);
});
