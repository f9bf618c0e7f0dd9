// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is what a .env holds
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readDotenv, readEnvironment } from '../../src/config/environment.js';
import { directory } from '../cli/world.js';
import { material } from '../shared.js';

/** Text of a .env, and what the framework (dotenv 16, dotenv-expand 10) makes of it with HOME=/home/u. */
const files: [text: string, values: Record<string, string>][] = [
  ['A=x#y', { A: 'x' }],
  ['A=x # comment', { A: 'x' }],
  ['A="x # y" # comment', { A: 'x # y' }],
  ["A='x # y'", { A: 'x # y' }],
  ['A=`it\'s "so"`', { A: 'it\'s "so"' }],
  ['A="one\\ntwo"', { A: 'one\ntwo' }],
  ["A='one\\ntwo'", { A: 'one\\ntwo' }],
  ['A="one\ntwo"\nB=3', { A: 'one\ntwo', B: '3' }],
  ["A='one\ntwo'", { A: 'one\ntwo' }],
  ['a.b-c=1', { 'a.b-c': '1' }],
  ['A: yaml', { A: 'yaml' }],
  ['A:colon', {}],
  ['  export A = spaced  ', { A: 'spaced' }],
  ['A=', { A: '' }],
  ['A', {}],
  ['\ufeffA=1\r\nB=2', { A: '1', B: '2' }],
  ['A=1\nA=2', { A: '2' }],
  ['A="{\\"x\\":1}"', { A: '{\\"x\\":1}' }],
  ['A=$HOME/x', { A: '/home/u/x' }],
  ["A='$HOME'", { A: '/home/u' }],
  ['A=${NONE:-8083}', { A: '8083' }],
  ['A=${NONE:-${HOME}}', { A: '/home/u' }],
  ['P=9\nA=${P}\nB=${P:-8}', { P: '9', A: '9', B: '9' }],
  ['A=${HOME:-x}', { A: '/home/u' }],
  ['A=\\$5', { A: '$5' }],
  ['A=${B}\nB=1', { A: '1', B: '1' }],
  ['HOME=/elsewhere\nA=$HOME', { HOME: '/home/u', A: '/home/u' }],
];

test.each(files)('%j', async (text, values) => {
  const cwd = directory();
  writeFileSync(join(cwd, '.env'), text);
  const before = { ...process.env };
  expect(await readDotenv(cwd, { HOME: '/home/u' })).toEqual(values);
  expect(process.env).toEqual(before);
});

test('the process’s own environment wins, also where it sets nothing to a name', async () => {
  const cwd = directory();
  writeFileSync(join(cwd, '.env'), 'A=file\nB=file\nC=file');
  const env = { A: 'process', B: '', D: '$A', E: undefined };
  expect(await readEnvironment(cwd, env)).toEqual({ A: 'process', B: '', C: 'file', D: '$A' });
  expect(await readDotenv(cwd, env)).toEqual({ A: 'process', B: '', C: 'file' });
});

test('a variable that refers to itself is a fault of the file, by name', async () => {
  const cwd = directory();
  for (const text of ['GOOD=1\nA=${A}x', 'B=$A\nA=$B', 'GOOD=$HOME\nB=${A:-}\nA=${B:-}']) {
    writeFileSync(join(cwd, '.env'), text);
    await expect(readDotenv(cwd, {})).rejects.toMatchObject({
      exitCode: 2,
      message: 'the value of A refers to itself',
      where: join(cwd, '.env'),
    });
  }
});

test('read from the working directory up to the project’s folder, and no further; a folder is no file', async () => {
  const root = directory();
  mkdirSync(join(root, 'app/src/.env'), { recursive: true });
  writeFileSync(join(root, '.env'), 'A=outside');
  writeFileSync(join(root, 'app/package.json'), '{}');
  expect(await readDotenv(join(root, 'app/src'), {})).toEqual({});
  writeFileSync(join(root, 'app/.env'), 'A=inside');
  expect(await readDotenv(join(root, 'app/src'), {})).toEqual({ A: 'inside' });
  expect(await readDotenv(root, {})).toEqual({ A: 'outside' });
});

material.test('the .env of an app that ran: endpoints at the ports that it names itself', async () => {
  const cwd = directory();
  writeFileSync(join(cwd, '.env'), material.text('framework-run/template/env-as-run.env'));
  expect(await readDotenv(cwd, {})).toMatchObject({
    SFN_ENDPOINT: 'http://localhost:49083',
    S3_ENDPOINT: 'http://localhost:49566',
    DYNAMODB_ENDPOINT: 'http://localhost:49000',
    SQS_ENDPOINT: 'http://localhost:49000',
  });
});
