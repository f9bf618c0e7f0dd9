import fc from 'fast-check';
import { isObject, type Json } from '../../src/json/json.js';
import { judgedDefinitions } from '../conformance/validity.js';

/** Any value of a definition replaced by another: `choices` lead to it. */
function mutated(value: Json, choices: number[], junk: Json): Json {
  const [choice = 0, ...rest] = choices;
  if (rest.length === 0) return junk;
  if (Array.isArray(value) && value.length > 0)
    return value.map((item, index) => (index === choice % value.length ? mutated(item, rest, junk) : item));
  if (!isObject(value) || Object.keys(value).length === 0) return junk;
  const keys = Object.keys(value);
  const key = keys[choice % keys.length] ?? '';
  return { ...value, [key]: mutated(value[key] ?? null, rest, junk) };
}

const word = fc.constantFrom(
  ...['States', '$.a', '$$', '{% a.b %}', '{%', 'States.Array(', 'Next', '__proto__', 'arn:'],
);
const junk = fc.oneof(word, fc.jsonValue() as fc.Arbitrary<Json>);

/** Real definitions (those of a folder's validity.json) with one value replaced by anything. */
export function mutatedDefinitions(folder: string): fc.Arbitrary<Json> {
  const samples = judgedDefinitions(folder).flatMap(({ definition }) => {
    try {
      return [JSON.parse(definition) as Json];
    } catch {
      return [];
    }
  });
  const choices = fc.array(fc.nat(100), { minLength: 1, maxLength: 9 });
  return fc
    .tuple(fc.constantFrom(...samples), choices, junk)
    .map(([sample, path, value]) => mutated(sample, path, value));
}
