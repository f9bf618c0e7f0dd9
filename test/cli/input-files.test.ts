import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { directory, errorOf, run } from './world.js';

const machine = { StartAt: 'Sum', States: { Sum: { Type: 'Pass', End: true } } };
const yaml =
  'StartAt: Sum\nStates: { Sum: { Type: Task, Resource: "arn:aws:states:::lambda:invoke", End: true } }\n';

/** A directory with this file in it. */
function folderWith(file: string, contents: string | Uint8Array): string {
  const cwd = directory();
  mkdirSync(join(cwd, file, '..'), { recursive: true });
  writeFileSync(join(cwd, file), contents);
  return cwd;
}

test('a file in UTF-16, as PowerShell’s > writes it, is read like one in UTF-8', async () => {
  const utf16 = Buffer.from(`\ufeff${JSON.stringify(machine)}`, 'utf16le');
  const cwd = folderWith('sum.asl.json', utf16);
  expect(await run(['lint', 'sum.asl.json'], { cwd })).toMatchObject({ code: 0, stdout: '' });
  expect((await run(['graph', 'sum.asl.json'], { cwd })).stdout).toContain('Sum');
  writeFileSync(join(cwd, 'mbc-flow.json'), '{"local":{"machines":{"sum":"sum.asl.json"}}}');
  const started = await run(['start', 'sum', '--follow', '-o', 'json', '--input', '@sum.asl.json'], { cwd });
  expect(JSON.parse(JSON.parse(started.stdout).output)).toEqual(machine);
});

test.each([
  ['a ZIP archive: unpack it first', 'PK\u0003\u0004..'],
  ['a gzip file: unpack it first', '\u001f\u008b\b\0'],
  ['an .xlsx (Excel) file: export it as CSV', 'PK\u0003\u0004..[Content_Types].xml'],
])('what is no text is named for what it is: %s', async (kind, bytes) => {
  const cwd = folderWith('file', Buffer.from(bytes, 'latin1'));
  for (const args of [
    ['start', 'command', '--input', '@file'],
    ['start', 'command', '--each', 'file'],
    ['approve', '--from', 'file'],
    ['trigger', 'queue', 'orders', 'file'],
    ['show', '--history', 'file'],
    ['lint', 'file'],
  ]) {
    const refused = await run([...args, '-o', 'json'], { cwd });
    expect([refused.code, errorOf(refused)], args.join(' ')).toMatchObject([
      2,
      { code: 'NotText', message: `this is ${kind}`, where: expect.stringMatching(/^file/) },
    ]);
  }
});

test('what is written in another encoding is named with its place, and never read as something else', async () => {
  const shiftJis = Buffer.from([0x8f, 0xb3, 0x94, 0x46, 0x82, 0xb3, 0x82, 0xea, 0x82, 0xe9]);
  const cwd = folderWith(
    'input.json',
    Buffer.concat([Buffer.from('{\n  "状態": "'), shiftJis, Buffer.from('"\n}')]),
  );
  const refused = await run(['start', 'command', '--input', '@input.json', '-o', 'json'], { cwd });
  expect([refused.code, errorOf(refused)]).toMatchObject([
    2,
    {
      code: 'NotText',
      message: expect.stringMatching(/^this is .+: save the file as UTF-8$/),
      where: 'input.json:2:10',
    },
  ]);
});

test('a machine of the config may be YAML; a fault in it is told with its file', async () => {
  const cwd = folderWith('own.asl.yaml', yaml.replace('Task', 'Pass').replace(/Resource: "[^"]*", /, ''));
  writeFileSync(join(cwd, 'mbc-flow.json'), '{"local":{"machines":{"own":"own.asl.yaml"}}}');
  expect((await run(['start', 'own', '--follow'], { cwd })).code).toBe(0);
  const refusal = async (text: string) => {
    writeFileSync(join(cwd, 'own.asl.yaml'), text);
    const refused = await run(['machines', '-o', 'json'], { cwd });
    return { exit: refused.code, ...errorOf(refused) };
  };
  const file = join(cwd, 'own.asl.yaml');
  const lint = { exit: 2, code: 'InvalidFile', where: file, hint: `mbc-flow lint ${file}` };
  expect(await refusal('a: [')).toMatchObject(lint);
  expect(await refusal('StartAt: Nowhere\nStates: {}\n')).toMatchObject(lint);
  writeFileSync(join(cwd, 'mbc-flow.json'), '{"local":{"machines":{"own":"none.json"}}}');
  expect(await refusal('')).toMatchObject({ exit: 3, code: 'FileNotFound', where: join(cwd, 'none.json') });
});

test('scaffold --from takes what lint and graph take', async () => {
  const cwd = folderWith('package.json', '{"name":"app"}');
  const scaffold = async (name: string, text: string) => {
    writeFileSync(join(cwd, 'from.yml'), text);
    return await run(['scaffold', 'handler', name, '--from', 'from.yml', '--dry-run'], { cwd });
  };
  expect((await scaffold('billing', yaml)).stdout).toContain('sum(');
  const indented = yaml.replaceAll(/^/gm, '        ').trimEnd();
  const two = `stepFunctions:\n  stateMachines:\n    billing:\n      definition:\n${indented}\n    other:\n      definition:\n${indented.replaceAll('Sum', 'Add')}\n`;
  expect((await scaffold('billing', two)).stdout).toContain('sum(');
  expect((await scaffold('other', two)).stdout).toContain('add(');
  const several = await scaffold('third', two);
  expect([several.code, several.stderr]).toEqual([
    5,
    expect.stringContaining('mbc-flow scaffold handler billing --from from.yml'),
  ]);
});
