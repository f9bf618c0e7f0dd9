import { readFileSync } from 'node:fs';
import { isObject, type Json } from '../../../src/json/json.js';
import { parseJsonSource, type SourceNode } from '../../../src/json/json-positions.js';

/** A definition with its input, and what AWS gave; JSON as it is written, for its numbers' sake. */
export interface Case {
  id: string;
  /** Of those that failed on the first release. */
  kind?: string;
  definition: string;
  input: string;
  /** The bodies of objects, by bucket/key. */
  s3: Record<string, string>;
  /** What is expected, by its name: JSON text. */
  expected: Map<string, string>;
}

/** The cases of a file of the material. */
export function readCases(path: string): Case[] {
  const text = readFileSync(path, 'utf8');
  const { value, root } = parseJsonSource(text);
  const cases = isObject(value) && Array.isArray(value.cases) ? value.cases : [];
  return cases.map((one, index) => caseOf(text, one, member(root, 'cases', index)));
}

function caseOf(text: string, one: Json, node: SourceNode | undefined): Case {
  const { id, kind, definition, input, s3 } = isObject(one) ? one : {};
  const written = (part: SourceNode | undefined): string => (part ? text.slice(part.start, part.end) : '{}');
  const expected = [...(member(node, 'expected')?.members ?? [])];
  return {
    id: String(id),
    kind: typeof kind === 'string' ? kind : undefined,
    definition: typeof definition === 'string' ? definition : written(member(node, 'definition')),
    // Some inputs are given as their text.
    input: typeof input === 'string' && /^\s*[[{]/.test(input) ? input : written(member(node, 'input')),
    s3: isObject(s3) ? (s3 as Record<string, string>) : {},
    expected: new Map(expected.map(([name, part]) => [String(name), written(part)])),
  };
}

const member = (node: SourceNode | undefined, ...path: (string | number)[]): SourceNode | undefined =>
  path.reduce((found: SourceNode | undefined, step) => found?.members?.get(step), node);
