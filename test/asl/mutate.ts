import fc from 'fast-check';
import { isObject, type Json } from '../../src/json/json.js';
import { judgedDefinitions } from '../conformance/validity.js';
import { material } from '../shared.js';
import { samples } from './samples.js';

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

/** Our own samples, and real definitions where they are at hand. */
export function variousDefinitions(): Json[] {
  const own = Object.values(samples).map(({ definition }) => definition as Json);
  const real = judgedDefinitions(material.path('asl-validity')).flatMap(({ definition }) => {
    try {
      return [JSON.parse(definition) as Json];
    } catch {
      return [];
    }
  });
  return [...own, ...real];
}

/** Those with one value replaced by anything. */
export function mutatedDefinitions(): fc.Arbitrary<Json> {
  const choices = fc.array(fc.nat(100), { minLength: 1, maxLength: 9 });
  return fc
    .tuple(fc.constantFrom(...variousDefinitions()), choices, junk)
    .map(([sample, path, value]) => mutated(sample, path, value));
}
