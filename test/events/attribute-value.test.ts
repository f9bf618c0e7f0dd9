import { marshall } from '@aws-sdk/util-dynamodb';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Attributes,
  attributesSize,
  plainItem,
  toAttributes,
} from '../../src/events/attribute-value.js';
import { parseWritten } from '../../src/json/lossless.js';

const attributes = (json: string, marshalled?: boolean): Attributes =>
  toAttributes(parseWritten(json), marshalled);
const numberOf = (text: string): unknown => attributes(`{"n":${text}}`).n;

test('plain JSON becomes what the SDK makes of it, whatever it holds', () => {
  const name = fc.string().filter((text) => text !== '__proto__');
  const { tie } = fc.letrec((again) => ({
    tie: fc.oneof(
      { maxDepth: 3 },
      fc.string({ unit: 'grapheme' }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(again('tie'), { maxLength: 4 }),
      fc.dictionary(name, again('tie'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(name, tie, { minKeys: 1, maxKeys: 5, noNullPrototype: true }), (item) => {
      const marshalled = marshall(item) as Attributes;
      expect(attributes(JSON.stringify(item), false)).toEqual(marshalled);
      // And what is marshalled is known by its looks.
      expect(attributes(JSON.stringify(marshalled))).toEqual(marshalled);
      expect(plainItem(marshalled)).toEqual(item);
    }),
  );
});

test('numbers keep every digit that DynamoDB keeps, and lose what it drops', () => {
  const digits = '12345678901234567890123456789012345678';
  expect(numberOf(digits)).toEqual({ N: digits });
  expect(numberOf(`-0.${digits}`)).toEqual({ N: `-0.${digits}` });
  expect(['1.0', '1e3', '-0', '100', '1.50', '12.5e-3', '9.99e125', '1e-130'].map(numberOf)).toEqual([
    { N: '1' },
    { N: '1000' },
    { N: '0' },
    { N: '100' },
    { N: '1.5' },
    { N: '0.0125' },
    { N: `999${'0'.repeat(123)}` },
    { N: `0.${'0'.repeat(129)}1` },
  ]);
  expect(() => numberOf(`${digits}9`)).toThrow(/38 significant digits/);
  expect(() => numberOf('1e126')).toThrow(/beyond the numbers/);
  expect(attributes('{"text":"1.0","\\"1":"2","a":"b\\\\"}')).toEqual({
    text: { S: '1.0' },
    '"1': { S: '2' },
    a: { S: 'b\\' },
  });
});

test('an item with types is taken as it is, its sets and binary data too', () => {
  const item = {
    pk: { S: 'SAMPLE#t1' },
    n: { N: '007.10' },
    ss: { SS: ['a', 'b'] },
    ns: { NS: ['1', '2.50'] },
    bs: { BS: ['AQI='] },
    b: { B: 'AQID' },
    m: { M: { l: { L: [{ NULL: true }, { BOOL: false }] } } },
  };
  expect(attributes(JSON.stringify(item))).toEqual({ ...item, n: { N: '7.1' }, ns: { NS: ['1', '2.5'] } });
  // One attribute without a type, and all of it is plain.
  expect(attributes('{"pk":{"S":"x"},"sk":"y"}').pk).toEqual({ M: { S: { S: 'x' } } });
});

test.each([
  ['[]', undefined, '$', /JSON object/],
  ['{"pk":{"S":"a"},"n":{"N":5}}', true, '$.n', /number in quotes/],
  ['{"n":{"N":"five"}}', true, '$.n', /no number/],
  ['{"s":{"SS":["a","a"]}}', true, '$.s', /nothing twice/],
  ['{"s":{"SS":[]}}', true, '$.s', /one or more/],
  ['{"b":{"B":"?"}}', true, '$.b', /base64/],
  ['{"m":{"M":{"l":{"L":[{"X":1}]}}}}', true, '$.m.l[0]', /no type of DynamoDB/],
  ['{"a":{"S":"a","N":"1"}}', true, '$.a', /no value with its type/],
])('%s is refused with its place', (json, marshalled, where, message) => {
  expect(() => attributes(json, marshalled)).toThrow(expect.objectContaining({ exitCode: 2, where }));
  expect(() => attributes(json, marshalled)).toThrow(message);
});

test('sizes are those of the documentation', () => {
  const size = (json: string): number => attributesSize(attributes(json));
  expect(size('{"Id":101}') + size('{"Message":"New item!","Id":101}')).toBe(26);
  expect(size('{"s":"日本","ok":true,"no":null}')).toBe(1 + 6 + 2 + 1 + 2 + 1);
  expect(size('{"m":{"a":"b","n":-12345},"l":["x","yy"]}')).toBe(
    1 + 3 + 2 + (1 + 1) + (1 + 5) + 1 + 3 + 2 + 3,
  );
  expect(size('{"b":{"B":"AQI="},"x":{"NS":["1","1000000"]}}')).toBe(1 + 2 + 1 + 2 + 2);
});
