import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { readJsonArgument } from '../../../../src/cli/shell/input/json-argument.js';
import { startDirectory } from '../../world.js';

const cwd = startDirectory();
const flag = { flag: '--input', what: 'input', code: 'InvalidInput', example: '{"a":1}' };
const read = (given: string, stdin = '') =>
  readJsonArgument({ cwd, stdin: Readable.from([Buffer.from(stdin)]) as NodeJS.ReadStream }, given, flag);

test.each([
  ['the text itself', '--input', (text: string) => read(text)],
  [
    'a file',
    'in.json',
    (text: string) => {
      writeFileSync(join(cwd, 'in.json'), text);
      return read('@in.json');
    },
  ],
  ['stdin', 'stdin', (text: string) => read('-', text)],
])('%s: its JSON, or the place of the mistake', async (_, where, given) => {
  expect(await given('{"品":1}')).toEqual({ text: '{"品":1}', where });
  await expect(given('{\n "品": nope}')).rejects.toMatchObject({
    exitCode: 2,
    code: 'InvalidInput',
    message: expect.stringMatching(/^the input /),
    where: `${where}:2:7`,
    hint: `--input '{"a":1}', --input @file.json, or --input - for stdin`,
  });
});
