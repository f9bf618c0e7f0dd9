import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { broken, contractOf, readGolden } from '../../scripts/docs/contract.mjs';
import { errorCodes, exitCodesOfErrors } from '../../scripts/docs/errors.mjs';
import { exitCodes } from '../../src/errors.js';

// What scripts rely on. `npm run docs` adds to the golden files what is new, and never takes anything out of them.
const root = join(import.meta.dirname, '../..');
const schemaOf = (name: string): object =>
  JSON.parse(readFileSync(join(root, 'schemas', `${name}.schema.json`), 'utf8')) as object;

describe('no field of a JSON document goes away or changes its type', () => {
  const names = readdirSync(join(root, 'test/contract/golden/documents')).map((file) =>
    file.replace('.json', ''),
  );
  test.each(names)('%s', (name) => {
    expect(broken(readGolden(root, `documents/${name}`), contractOf(schemaOf(name)))).toEqual([]);
  });

  test('every document has a golden file', () => {
    const known = readdirSync(join(root, 'schemas')).map((file) => file.replace('.schema.json', ''));
    expect(names).toEqual(expect.arrayContaining(known));
  });

  test('what is added is free; what is taken away, or becomes another type, is told', () => {
    const before = { type: 'object', properties: { a: { type: 'string' }, b: { type: ['string', 'null'] } } };
    const with_ = (properties: object) => contractOf({ type: 'object', properties });
    const golden = contractOf(before);
    expect(broken(golden, with_({ ...before.properties, c: { type: 'number' } }))).toEqual([]);
    expect(broken(golden, with_({ a: { enum: ['x', 'y'] }, b: before.properties.b }))).toEqual([]);
    expect(broken(golden, with_({ a: before.properties.a }))).toEqual(['b is gone']);
    expect(broken(golden, with_({ ...before.properties, a: { type: 'number' } }))).toEqual([
      'a was "string" and is "number"',
    ]);
  });
});

test('no exit code changes its number', () => {
  expect(broken(readGolden(root, 'exit-codes'), exitCodes)).toEqual([]);
});

test('no error loses its code, and none its exit codes', () => {
  const now = exitCodesOfErrors(errorCodes(root));
  const golden = readGolden(root, 'errors') as Record<string, number[]>;
  const lost = Object.entries(golden).flatMap(([code, exits]) =>
    exits.every((exit) => now[code]?.includes(exit)) ? [] : [`${code} ${exits.join()}`],
  );
  expect(lost).toEqual([]);
  expect(Object.keys(golden).length).toBeGreaterThan(100);
});
