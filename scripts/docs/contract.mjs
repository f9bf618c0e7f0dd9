// What scripts rely on, as the golden files in test/contract/golden keep it: they grow by themselves and lose nothing.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fieldsOf } from './json.mjs';

/** The JSON types that a field may have: `null|string`. Its values and its description are free to grow. */
function jsonTypes({ type, anyOf, enum: values, const: value }) {
  if (anyOf) return [...new Set(anyOf.flatMap((one) => jsonTypes(one).split('|')))].sort().join('|');
  const found = values ?? (value === undefined ? undefined : [value]);
  if (found) return [...new Set(found.map((one) => (one === null ? 'null' : typeof one)))].sort().join('|');
  return type === undefined ? 'any' : [type].flat().sort().join('|');
}

/** Path to types, of each field of a document. */
export const contractOf = (schema) =>
  Object.fromEntries([...fieldsOf(schema)].map(([path, one]) => [path, jsonTypes(one.schema)]));

/** What of `golden` does not hold any more. */
export const broken = (golden, now) =>
  Object.entries(golden).flatMap(([name, value]) => {
    if (!Object.hasOwn(now, name)) return [`${name} is gone`];
    const [before, after] = [value, now[name]].map((one) => JSON.stringify(one));
    return before === after ? [] : [`${name} was ${before} and is ${after}`];
  });

export function readGolden(root, name) {
  try {
    return JSON.parse(readFileSync(join(root, 'test/contract/golden', `${name}.json`), 'utf8'));
  } catch {
    return {};
  }
}

/** Adds what is new; what was there stays as it was, for the test to tell. */
export function growGolden(root, name, now) {
  const before = readGolden(root, name);
  const golden = { ...now, ...before };
  const sorted = Object.fromEntries(Object.entries(golden).sort(([a], [b]) => (a < b ? -1 : 1)));
  if (JSON.stringify(sorted) === JSON.stringify(before)) return;
  const file = join(root, 'test/contract/golden', `${name}.json`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(sorted, null, 1)}\n`);
}
