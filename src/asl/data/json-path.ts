import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { computable, jsonText, objectOf, valuesOf, withMember } from '../../json/lossless.js';
import { type Operand, type Path, parsePath, type Segment, type Test } from './json-path-parser.js';
import { Work } from './work-limit.js';

export { isPath, type Path, parsePath } from './json-path-parser.js';

/** A definite path led nowhere; the message is the one that AWS (Jayway) gives. */
export class PathNotFound extends Error {
  constructor(
    message: string,
    /** All but the last step led somewhere: to an array that is shorter than its index. */
    readonly behindEnd = false,
  ) {
    super(message);
  }
}

/**
 * What `path` selects in `document`: the node itself for a definite path (a miss throws `PathNotFound`), else
 * the list of all matches, which may be empty. The answer shares structure with the document.
 * Throws `TooMuchWork` where a search would go over the document again and again.
 */
export function evaluatePath(path: Path, document: Json, work = new Work()): Json {
  if (path.definite) return evaluateDefinite(path, document);
  return select(path.segments, document, { document, work });
}

export function evaluate(path: string, document: Json): Json {
  return evaluatePath(parsePath(path), document);
}

/**
 * A copy of `document` with `value` at the reference path `path`; what lies beside the path is shared with the
 * original. Missing objects on the way are made; `undefined` when the path does not fit the document.
 */
export function writePath(path: Path, document: Json, value: Json): Json | undefined {
  return write(path.segments, 0, document, value);
}

function write(segments: Segment[], at: number, node: Json | undefined, value: Json): Json | undefined {
  const segment = segments[at];
  if (!segment) return value;
  if (segment.kind === 'name') {
    if (node !== undefined && !isObject(node)) return undefined;
    const own = node && Object.hasOwn(node, segment.name) ? node[segment.name] : undefined;
    const child = write(segments, at + 1, own, value);
    return child === undefined ? undefined : withMember(node, segment.name, child);
  }
  if (segment.kind === 'index') {
    if (!Array.isArray(node) || segment.index >= node.length) return undefined;
    const child = write(segments, at + 1, node[segment.index], value);
    return child === undefined ? undefined : node.with(segment.index, child);
  }
  return undefined;
}

function evaluateDefinite(path: Path, document: Json): Json {
  let node = document;
  for (const [position, segment] of path.segments.entries()) {
    const next = step(segment, node);
    if (next === undefined) {
      const last = position === path.segments.length - 1;
      const behindEnd = last && segment.kind === 'index' && segment.index >= 0 && Array.isArray(node);
      throw new PathNotFound(missing(path.segments, position, node), behindEnd);
    }
    node = next;
  }
  return node;
}

function step(segment: Segment, node: Json): Json | undefined {
  if (segment.kind === 'name')
    return isObject(node) && Object.hasOwn(node, segment.name) ? node[segment.name] : undefined;
  if (segment.kind === 'index' && Array.isArray(node)) return node.at(segment.index);
  return undefined;
}

/** Jayway says which kind of miss it was: the last name, one on the way, or a node of another type. */
function missing(segments: Segment[], position: number, node: Json): string {
  const upTo = segments
    .slice(0, position + 1)
    .map(bracket)
    .join('');
  const segment = segments[position];
  if (segment?.kind === 'name' && !isObject(node)) {
    const before = segments.slice(0, position).map(bracket).join('');
    return `Expected to find an object with property ${bracket(segment)} in path $${before}`;
  }
  if (segment?.kind === 'index' && !Array.isArray(node))
    return `Filter: ${bracket(segment)} can only be applied to arrays. Current context is: ${jsonText(node)}`;
  return position === segments.length - 1
    ? `No results for path: $${segments.map(bracket).join('')}`
    : `Missing property in path $${upTo}`;
}

function bracket(segment: Segment): string {
  if (segment.kind === 'name') return `['${segment.name}']`;
  return segment.kind === 'index' ? `[${segment.index}]` : '';
}

/** What the parts of one evaluation share. */
interface Search {
  document: Json;
  work: Work;
}

/** One segment after the other over all that was found so far: depth and length of a path take no stack. */
function select(segments: Segment[], from: Json, search: Search): Json[] {
  let found = [from];
  for (const segment of segments) {
    const next: Json[] = [];
    for (const node of found) {
      search.work.spend(1);
      for (const child of children(segment, node, search)) next.push(child);
    }
    found = next;
  }
  return found;
}

function children(segment: Segment, node: Json, search: Search): Json[] {
  switch (segment.kind) {
    case 'name':
    case 'index': {
      const next = step(segment, node);
      return next === undefined ? [] : [next];
    }
    case 'names':
      search.work.spend(segment.names.length);
      return isObject(node) ? [pick(node, segment.names)] : [];
    case 'indexes':
      search.work.spend(segment.indexes.length);
      return Array.isArray(node) ? segment.indexes.flatMap((index) => present(node.at(index))) : [];
    case 'slice': {
      const found = Array.isArray(node) ? node.slice(segment.from, segment.to) : [];
      search.work.spend(found.length);
      return found;
    }
    case 'wildcard': {
      const found = contents(node);
      search.work.spend(found.length);
      return found;
    }
    case 'descend':
      return descendants(node, search.work);
    case 'filter': {
      const candidates = Array.isArray(node) ? node : isObject(node) ? [node] : [];
      return candidates.filter((candidate) => holds(segment.test, candidate, search));
    }
  }
}

function pick(node: JsonObject, names: string[]): JsonObject {
  return objectOf(
    names.flatMap((name): [string, Json][] =>
      present(step({ kind: 'name', name }, node)).map((v) => [name, v]),
    ),
  );
}

const present = (value: Json | undefined): Json[] => (value === undefined ? [] : [value]);
const contents = (node: Json): Json[] => (Array.isArray(node) ? node : isObject(node) ? valuesOf(node) : []);

function descendants(node: Json, work: Work): Json[] {
  const all: Json[] = [];
  const open: Json[] = [node];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    work.spend(1);
    all.push(next);
    const inside = contents(next);
    for (let at = inside.length - 1; at >= 0; at--) open.push(inside[at] ?? null);
  }
  return all;
}

function holds(test: Test, candidate: Json, search: Search): boolean {
  search.work.spend(1);
  switch (test.kind) {
    case 'or':
      return holds(test.left, candidate, search) || holds(test.right, candidate, search);
    case 'and':
      return holds(test.left, candidate, search) && holds(test.right, candidate, search);
    case 'not':
      return !holds(test.test, candidate, search);
    case 'exists':
      return operandOf(test.operand, candidate, search) !== undefined;
    case 'compare': {
      const left = operandOf(test.left, candidate, search);
      if (test.right.kind === 'regex')
        return typeof left === 'string' && test.right.regex.matches(left, search.work);
      const right = operandOf(test.right, candidate, search);
      search.work.spend(breadth(left) + breadth(right));
      return compare(test.operator, left, right);
    }
  }
}

function operandOf(operand: Operand, candidate: Json, search: Search): Json | undefined {
  if (operand.kind === 'literal') return operand.value;
  if (operand.kind === 'regex') return undefined;
  const found = select(operand.segments, operand.from === '@' ? candidate : search.document, search);
  const definite = operand.segments.every((s) => s.kind === 'name' || s.kind === 'index');
  return definite ? found[0] && computable(found[0]) : found;
}

/** What a comparison may have to look at, nested values left out. */
const breadth = (value: Json | undefined): number =>
  Array.isArray(value) ? value.length : typeof value === 'string' ? value.length / 16 : 1;

function compare(operator: string, left: Json | undefined, right: Json | undefined): boolean {
  switch (operator) {
    case '==':
      return equal(left, right);
    case '!=':
      return !equal(left, right);
    case 'in':
      return Array.isArray(right) && right.some((item) => equal(item, left));
    case 'nin':
      return Array.isArray(right) && !right.some((item) => equal(item, left));
    case 'contains':
      if (typeof left === 'string') return typeof right === 'string' && left.includes(right);
      return Array.isArray(left) && left.some((item) => equal(item, right));
    case 'size':
      return (Array.isArray(left) || typeof left === 'string') && left.length === right;
  }
  const comparable = typeof left === typeof right && (typeof left === 'number' || typeof left === 'string');
  if (!comparable || left === undefined || right === undefined || left === null || right === null)
    return false;
  switch (operator) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    default:
      return left >= right;
  }
}

/** Deep equality of JSON values; the order of an object's keys does not count. */
export function equal(one: Json | undefined, other: Json | undefined): boolean {
  const [left, right] = [one && computable(one), other && computable(other)];
  if (left === right) return true;
  if (Array.isArray(left))
    return (
      Array.isArray(right) && left.length === right.length && left.every((item, i) => equal(item, right[i]))
    );
  if (!isObject(left) || !isObject(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && equal(left[key], right[key]))
  );
}
