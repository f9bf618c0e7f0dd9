import type { Json } from '../../../json/json.js';
import { numberIn } from '../../../json/lossless.js';
import { type Path, PathNotFound } from '../../data/json-path.js';
import { queryValue, unexpectedType } from '../../data/jsonata-answer.js';
import { lookUp } from '../../data/path-or-intrinsic.js';
import type { Scope } from '../../data/scope.js';
import { runtimeError } from '../../data/state-error.js';
import { parseTimestamp } from '../../data/timestamp.js';
import { matchesParts } from '../../data/wildcard.js';
import type { ChoiceRule, ChoiceState } from '../../language/machine.js';
import { prepared } from '../evaluation.js';
import type { Frame, Standing, Transition } from '../execution.js';
import { finish } from '../leave-state.js';
import type { Outcome } from '../outcome.js';
import { note } from '../recorder.js';
import { applyPath, scopeOf } from '../state-scope.js';

export function choice(step: Transition, frame: Frame, standing: Standing, state: ChoiceState): Outcome {
  const { input } = standing;
  const outer = scopeOf(step.execution, frame, standing, input);
  const conditions = state.rules.map(({ condition }) => (condition.kind === 'query' ? condition : undefined));
  return prepared(step, frame, standing, outer, conditions, (step) => {
    const effective = applyPath(state.inputPath, input, outer);
    note(step, standing, 'afterInputPath', effective);
    const scope = { ...outer, input: effective };
    const rule = state.rules.find(({ condition }) => meets(condition, scope));
    const next = rule?.next ?? state.next;
    if (next === undefined)
      throw runtimeError('Failed to transition out of the state. The state does not point to a next state.');
    step.execution.env.took?.(state.name, rule ? 'rule' : 'default', rule ? state.rules.indexOf(rule) : 0);
    const { output, assign } = rule ?? state;
    const { outputPath } = state;
    return finish(step, frame, standing, effective, effective, { next, output, assign, outputPath });
  });
}

function meets(condition: ChoiceRule['condition'], scope: Scope): boolean {
  switch (condition.kind) {
    case 'query': {
      const value = queryValue(condition.query, scope);
      if (typeof value === 'boolean') return value;
      throw unexpectedType(condition.query, 'boolean', value);
    }
    case 'constant':
      return condition.value;
    case 'and':
      return condition.conditions.every((part) => meets(part, scope));
    case 'or':
      return condition.conditions.some((part) => meets(part, scope));
    case 'not':
      return !meets(condition.condition, scope);
    case 'compare': {
      if (condition.operator === 'IsPresent')
        return (optional(condition.variable, scope) !== undefined) === condition.operand;
      const left = required(condition.variable, scope);
      const right = condition.byPath
        ? required(condition.operand as Path, scope)
        : (condition.operand as Json);
      return compare(condition.operator, left, right);
    }
  }
}

function optional(path: Path, scope: Scope): Json | undefined {
  try {
    return lookUp(path, scope);
  } catch (error) {
    if (error instanceof PathNotFound) return undefined;
    throw error;
  }
}

function required(path: Path, scope: Scope): Json {
  const value = optional(path, scope);
  if (value === undefined)
    throw runtimeError(
      `Invalid path '${path.text}': The choice state's condition path references an invalid value.`,
    );
  return value;
}

/** Two values of different types are never alike, and no error either. */
function compare(operator: string, left: Json, right: Json): boolean {
  switch (operator) {
    case 'IsNull':
      return (left === null) === right;
    case 'IsString':
      return (typeof left === 'string') === right;
    case 'IsNumeric':
      return (numberIn(left) !== undefined) === right;
    case 'IsBoolean':
      return (typeof left === 'boolean') === right;
    case 'IsTimestamp':
      return (typeof left === 'string' && parseTimestamp(left) !== undefined) === right;
    case 'StringMatches':
      return typeof left === 'string' && typeof right === 'string' && matches(right, left);
    case 'BooleanEquals':
      return typeof left === 'boolean' && left === right;
  }
  const found = /^(String|Numeric|Timestamp)(.+)$/.exec(operator);
  const [a, b] = [comparable(found?.[1], left), comparable(found?.[1], right)];
  if (a === undefined || b === undefined) return false;
  switch (found?.[2]) {
    case 'Equals':
      return a === b;
    case 'LessThan':
      return a < b;
    case 'LessThanEquals':
      return a <= b;
    case 'GreaterThan':
      return a > b;
    default:
      return a >= b;
  }
}

function comparable(type: string | undefined, value: Json): string | number | undefined {
  if (type === 'Numeric') return numberIn(value);
  if (typeof value !== 'string') return undefined;
  return type === 'Timestamp' ? parseTimestamp(value) : value;
}

/** `*` matches any run of characters, `\\*` an asterisk. */
function matches(pattern: string, text: string): boolean {
  const parts: string[] = [];
  let last = '';
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] ?? '';
    if (character === '*') {
      parts.push(last);
      last = '';
    } else last += character === '\\' ? (pattern[++at] ?? '') : character;
  }
  return matchesParts([...parts, last], text);
}
