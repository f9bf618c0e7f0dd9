import { expect, test } from 'vitest';
import { compileTemplate, templateValue } from '../../../src/asl/data/payload-template.js';
import type { Scope } from '../../../src/asl/data/scope.js';
import {
  fromItems,
  fromJson,
  fromMembers,
  fromText,
  fromWritten,
  jsonOf,
  memberOf,
  textOf,
  type Value,
  writtenOf,
} from '../../../src/asl/data/value.js';
import { Work } from '../../../src/asl/data/work-limit.js';
import type { Json } from '../../../src/json/json.js';

const scope = (input: Value): Scope => ({
  input,
  context: () => fromMembers([['Execution', fromMembers([['Input', input]])]]),
  variable: () => undefined,
  random: () => 0,
  work: new Work(),
  states: () => ({}),
});
const payload = { f: 1, 'input.$': '$', 'context.$': '$$' };
const apply = (template: Json, input: Value): Value => templateValue(compileTemplate(template), scope(input));

test('a document that is placed whole is not read', () => {
  // No parser would take it.
  const unread = fromWritten('{unread}');
  const made = apply(payload, unread);
  expect(textOf(made)).toBe('{"f":1,"input":{unread},"context":{"Execution":{"Input":{unread}}}}');
  expect(memberOf(made, 'input')).toBe(unread);
});

test('a text from outside is written anew where it is placed, and stays as it is alone', () => {
  const given = '{ "a" : 1.0, "b": "\\u0041", "c": 1, "c": 2 }';
  expect(textOf(fromText(given))).toBe(given);
  expect(textOf(apply({ 'x.$': '$' }, fromText(given)))).toBe('{"x":{"a":1.0,"b":"A","c":2}}');
  expect(writtenOf(fromItems([fromText(given), fromJson(null)]))).toBe('[{"a":1.0,"b":"A","c":2},null]');
  expect(textOf(fromItems([fromText(given)]))).toBe(`[${given}]`);
});

test.each([
  [{ a: 1, 'a.$': '$' }, '{"a":{"n":1}}'],
  [{ b: 2, '1.$': '$', list: [{ 'n.$': '$.n' }] }, '{"b":2,"list":[{"n":1}],"1":{"n":1}}'],
  [{ 'x"y.$': '$' }, '{"x\\"y":{"n":1}}'],
])('%j is the same, written or read', (template, text) => {
  const made = apply(template as Json, fromJson({ n: 1 }));
  expect(textOf(made)).toBe(text);
  expect(jsonOf(apply(template as Json, fromJson({ n: 1 })))).toEqual(JSON.parse(text));
});

test('the limits hold for what is not read', () => {
  const deep = fromWritten(`${'['.repeat(999)}${']'.repeat(999)}`);
  expect(() => apply({ 'x.$': '$' }, deep)).not.toThrow();
  expect(() => apply({ x: { 'y.$': '$' } }, deep)).toThrow('nested too deeply');
  const large = fromWritten(JSON.stringify('x'.repeat(140_000)));
  expect(() => apply({ 'x.$': '$' }, large)).not.toThrow();
  expect(() => apply({ 'x.$': '$', 'y.$': '$' }, large)).toThrow('too large');
});
