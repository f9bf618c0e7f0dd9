import { isPath, parsePath } from '../../asl/data/json-path.js';
import { parseExpression } from '../../asl/data/path-or-intrinsic.js';
import type { Place } from '../../asl/validate/diagnostic.js';
import { transitionsOf } from '../../asl/validate/graph.js';
import { languageOf } from '../../asl/validate/machine.js';
import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { objectsOf, statesOf } from '../machine.js';
import type { Rule } from '../rule.js';
import { taskFacts } from '../task-facts.js';

/** What is known of a state's data: the names it can have, or nothing. */
type Shape = Map<string, Shape> | undefined;

const LAMBDA_REPLY: Shape = new Map(
  ['ExecutedVersion', 'Payload', 'SdkHttpMetadata', 'SdkResponseMetadata', 'StatusCode'].map((name) => [
    name,
    undefined,
  ]),
);
const ERROR_OUTPUT: Shape = new Map([
  ['Error', undefined],
  ['Cause', undefined],
]);

const impossible: Rule = {
  code: 'MF013',
  title: 'Path that cannot exist',
  severity: 'warning',
  why: 'The previous state never outputs this field, whatever its input, so the path fails the execution with States.Runtime, which neither Retry nor Catch can handle. (The most common cause is reading the result of a function one level too high, without OutputPath or ResultSelector.)',
  instead: 'Read a field that the previous state outputs, or output the field that is read.',
  check(machine, report) {
    if (languageOf(machine.definition, 'JSONPath') === 'JSONata') return;
    const seen = new Set<JsonObject>();
    for (const { workflow, workflowPlace } of statesOf(machine)) {
      if (seen.has(workflow)) continue;
      seen.add(workflow);
      follow(workflow, workflowPlace, report);
    }
  },
};

/** Hands what is known from state to state until nothing changes, then looks at what each reads. */
function follow(workflow: JsonObject, at: Place, report: (place: Place, message: string) => void): void {
  const states = isObject(workflow.States) ? workflow.States : {};
  const inputs = new Map<string, Shape>();
  const open = typeof workflow.StartAt === 'string' ? [workflow.StartAt] : [];
  for (const start of open) inputs.set(start, undefined);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const state = Object.hasOwn(states, name) ? states[name] : undefined;
    if (!isObject(state)) continue;
    const input = inputs.get(name);
    for (const { target, place } of transitionsOf(state, [])) {
      const output = place[0] === 'Catch' ? caught(state, place, input) : outputOf(state, input);
      if (!inputs.has(target)) inputs.set(target, output);
      else {
        const before = inputs.get(target);
        const merged = union(before, output);
        if (same(before, merged)) continue;
        inputs.set(target, merged);
      }
      open.push(target);
    }
  }
  for (const [name, input] of inputs) {
    const state = Object.hasOwn(states, name) ? states[name] : undefined;
    if (!isObject(state) || state.QueryLanguage === 'JSONata') continue;
    for (const { path, place } of reads(state))
      if (input && misses(path, input))
        report(
          [...at, 'States', name, ...place],
          `'${name}' reads ${path}, which the previous state never outputs (available: ${[...input.keys()].join(', ') || 'nothing'})`,
        );
  }
}

/** All that either may have: what neither has, cannot be. */
function union(one: Shape, other: Shape): Shape {
  if (!one || !other) return undefined;
  const names = new Set([...one.keys(), ...other.keys()]);
  return new Map(
    [...names].map((name) => {
      const both = one.has(name) && other.has(name);
      return [name, both ? union(one.get(name), other.get(name)) : (one.get(name) ?? other.get(name))];
    }),
  );
}

const same = (one: Shape, other: Shape): boolean => shown(one) === shown(other);
const shown = (shape: Shape): string =>
  shape
    ? `{${[...shape]
        .map(([name, inner]) => `${name}:${shown(inner)}`)
        .sort()
        .join()}}`
    : '?';

function shapeOf(json: Json | undefined, template: boolean): Shape {
  if (!isObject(json)) return undefined;
  return new Map(
    Object.entries(json).map(([key, value]) =>
      template && key.endsWith('.$') ? [key.slice(0, -2), undefined] : [key, shapeOf(value, template)],
    ),
  );
}

function select(shape: Shape, path: Json | undefined): Shape {
  if (path === undefined || path === '$') return shape;
  if (path === null) return new Map();
  if (typeof path !== 'string' || !isPath(path)) return undefined;
  const { root, segments, definite } = parsePath(path);
  if (root !== '$' || !definite) return undefined;
  let found: Shape = shape;
  for (const segment of segments) found = segment.kind === 'name' ? found?.get(segment.name) : undefined;
  return found;
}

function outputOf(state: JsonObject, raw: Shape): Shape {
  if (state.QueryLanguage === 'JSONata') return undefined;
  const input = select(raw, state.InputPath);
  const effective = state.Parameters === undefined ? input : shapeOf(state.Parameters, true);
  switch (state.Type) {
    case 'Pass':
      return select(
        placed(state, raw, state.Result === undefined ? effective : shapeOf(state.Result, false)),
        state.OutputPath,
      );
    case 'Wait':
    case 'Choice':
      return select(input, state.OutputPath);
    case 'Task': {
      const task = taskFacts(state);
      const plain =
        task?.invokesLambda && !task.direct && !task.pauses && task.payload !== undefined
          ? LAMBDA_REPLY
          : undefined;
      const result = state.ResultSelector === undefined ? plain : shapeOf(state.ResultSelector, true);
      return select(placed(state, raw, result), state.OutputPath);
    }
    default:
      return select(
        placed(
          state,
          raw,
          state.ResultSelector === undefined ? undefined : shapeOf(state.ResultSelector, true),
        ),
        state.OutputPath,
      );
  }
}

/** The result at ResultPath of the raw input. */
function placed(state: JsonObject, raw: Shape, result: Shape): Shape {
  const path = state.ResultPath;
  if (path === undefined || path === '$') return result;
  if (path === null) return raw;
  if (!raw || typeof path !== 'string' || !isPath(path)) return undefined;
  const [first, ...deeper] = parsePath(path).segments;
  if (first?.kind !== 'name') return undefined;
  return new Map([...raw, [first.name, deeper.length === 0 ? result : undefined]]);
}

function caught(state: JsonObject, place: Place, raw: Shape): Shape {
  const catcher = objectsOf(state.Catch)[Number(place[1])];
  return catcher ? placed(catcher, raw, ERROR_OUTPUT) : undefined;
}

/** The paths of the raw input that a state cannot do without. */
function* reads(state: JsonObject): Generator<{ path: string; place: Place }> {
  if (typeof state.InputPath === 'string') yield { path: state.InputPath, place: ['InputPath'] };
  if (state.InputPath !== undefined) return;
  if (typeof state.ItemsPath === 'string') yield { path: state.ItemsPath, place: ['ItemsPath'] };
  for (const field of ['SecondsPath', 'TimestampPath', 'ErrorPath', 'CausePath', 'TimeoutSecondsPath'])
    if (typeof state[field] === 'string') yield { path: state[field], place: [field] };
  if (state.Parameters !== undefined) yield* templateReads(state.Parameters, ['Parameters']);
  if (state.Type !== 'Choice') return;
  // Where a rule asks whether something is there, it may well not be.
  for (const [index, rule] of objectsOf(state.Choices).entries())
    if (typeof rule.Variable === 'string' && rule.IsPresent === undefined)
      yield { path: rule.Variable, place: ['Choices', index, 'Variable'] };
}

function* templateReads(value: Json, place: Place): Generator<{ path: string; place: Place }> {
  if (Array.isArray(value))
    for (const [index, item] of value.entries()) yield* templateReads(item, [...place, index]);
  if (!isObject(value)) return;
  for (const [key, item] of Object.entries(value)) {
    if (!key.endsWith('.$')) yield* templateReads(item, [...place, key]);
    else if (typeof item === 'string' && parsable(item)) yield { path: item, place: [...place, key] };
  }
}

function parsable(text: string): boolean {
  try {
    return parseExpression(text).kind === 'path';
  } catch {
    return false;
  }
}

function misses(path: string, input: Map<string, Shape>): boolean {
  if (!isPath(path)) return false;
  const { root, segments, definite } = parsePath(path);
  if (root !== '$' || !definite) return false;
  let shape: Shape = input;
  for (const segment of segments) {
    if (!shape) return false;
    if (segment.kind !== 'name') return false;
    if (!shape.has(segment.name)) return true;
    shape = shape.get(segment.name);
  }
  return false;
}

export const data = [impossible];
