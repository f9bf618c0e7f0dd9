import { expect, test } from 'vitest';
import { checkOptions, delimiter, encoding, names } from '../../../src/cli/import/dialect.js';

test.each([
  ['SJIS', 'shift_jis'],
  ['cp932', 'shift_jis'],
  ['MS932', 'shift_jis'],
  ['latin1', 'windows-1252'],
  ['UTF-8', 'utf-8'],
])('--encoding %s goes by its label', (text, label) => {
  expect(encoding(text, '--encoding')).toBe(label);
});

test.each([
  ['tab', '\t'],
  ['\\t', '\t'],
  [';', ';'],
  ['pipe', '|'],
])('--delimiter %s', (text, character) => {
  expect(delimiter(text, '--delimiter')).toBe(character);
});

test('a word that every object knows is none of ours, and is refused in one block', () => {
  expect(() => delimiter('constructor', '--delimiter')).toThrow(
    expect.objectContaining({
      exitCode: 2,
      where: '--delimiter',
      hint: expect.stringContaining('semicolon'),
    }),
  );
  expect(() => encoding('klingon', '--encoding')).toThrow(
    expect.objectContaining({ exitCode: 2, where: '--encoding', hint: expect.stringContaining('utf-8') }),
  );
});

test('--columns name those of a file without a header', () => {
  expect(checkOptions({ columns: names('id,v', '--columns') })).toMatchObject({
    columns: ['id', 'v'],
    header: false,
  });
  expect(checkOptions({ header: false })).toMatchObject({ header: false });
  expect(checkOptions({})).toMatchObject({ header: undefined });
});

test.each(['id,v,id', ','])('--columns %s would be a header that no machine reads', (text) => {
  expect(() => names(text, '--columns')).toThrow(
    expect.objectContaining({
      exitCode: 2,
      where: '--columns',
      message: expect.stringContaining('duplicates'),
    }),
  );
});
