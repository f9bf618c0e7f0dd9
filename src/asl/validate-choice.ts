import type { Findings } from './findings.js';
import { isObject, type Json, type JsonObject } from './json.js';
import { isPath } from './json-path.js';
import { parseTimestamp } from './timestamp.js';
import { add, required, string, template } from './validate-fields.js';

const COMPARISONS = ['Equals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'];

type OperandType = 'string' | 'number' | 'boolean' | 'timestamp' | 'path';

/** Operator → what stands on its right. */
const OPERATORS = new Map<string, OperandType>([
  ...(['String', 'Numeric', 'Timestamp'] as const).flatMap((type) =>
    COMPARISONS.flatMap((comparison): [string, OperandType][] => [
      [type + comparison, type === 'String' ? 'string' : type === 'Numeric' ? 'number' : 'timestamp'],
      [`${type}${comparison}Path`, 'path'],
    ]),
  ),
  ['StringMatches', 'string'],
  ['BooleanEquals', 'boolean'],
  ['BooleanEqualsPath', 'path'],
  ...['IsNull', 'IsPresent', 'IsNumeric', 'IsString', 'IsBoolean', 'IsTimestamp'].map(
    (name): [string, OperandType] => [name, 'boolean'],
  ),
]);

export function validateChoice(findings: Findings, state: JsonObject, at: string): void {
  string(findings, state, 'Default', at);
  if (!required(findings, state, ['Choices'], at)) return;
  const { Choices: choices } = state;
  if (!Array.isArray(choices)) {
    add(findings, 'Expected value of type Array', `${at}/Choices`);
    return;
  }
  if (choices.length === 0) {
    add(findings, 'Value cannot be empty', `${at}/Choices`);
    return;
  }
  choices.forEach((choice, index) => {
    rule(findings, choice, `${at}/Choices[${index}]`, true);
  });
}

function rule(findings: Findings, value: Json, at: string, top: boolean): void {
  if (!isObject(value)) {
    add(findings, 'Expected value of type Object', at);
    return;
  }
  if (top) {
    required(findings, value, ['Next'], at);
    string(findings, value, 'Next', at);
    template(findings, value, 'Assign', at);
  } else if (value.Next !== undefined) add(findings, "Field 'Next' is not supported", at);
  const combined = ['And', 'Or', 'Not'].filter((name) => value[name] !== undefined);
  const allowed = new Set(top ? ['Next', 'Comment', 'Assign'] : ['Comment']);
  const others = Object.keys(value).filter((key) => !allowed.has(key) && key !== 'Next');
  if (combined.length > 0) {
    if (others.length > 1) add(findings, 'A rule has exactly one operator', at);
    combine(findings, value, at);
    return;
  }
  compare(findings, value, others, at);
}

function combine(findings: Findings, value: JsonObject, at: string): void {
  if (value.Not !== undefined) rule(findings, value.Not, `${at}/Not`, false);
  for (const name of ['And', 'Or']) {
    const rules = value[name];
    if (rules === undefined) continue;
    if (!Array.isArray(rules)) add(findings, 'Expected value of type Array', `${at}/${name}`);
    else if (rules.length === 0) add(findings, 'Value cannot be empty', `${at}/${name}`);
    else
      rules.forEach((part, index) => {
        rule(findings, part, `${at}/${name}[${index}]`, false);
      });
  }
}

function compare(findings: Findings, value: JsonObject, fields: string[], at: string): void {
  if (!required(findings, value, ['Variable'], at)) return;
  if (typeof value.Variable !== 'string' || !isPath(value.Variable))
    add(findings, 'Value is not a valid JSONPath', `${at}/Variable`);
  const operators = fields.filter((field) => field !== 'Variable');
  for (const operator of operators) {
    const type = OPERATORS.get(operator);
    if (!type) add(findings, `Field '${operator}' is not supported`, at);
    else if (!fits(type, value[operator])) add(findings, mismatch(type), `${at}/${operator}`);
  }
  if (operators.length !== 1) add(findings, 'A rule has exactly one operator', at);
}

function fits(type: OperandType, value: Json | undefined): boolean {
  if (type === 'path') return typeof value === 'string' && isPath(value);
  if (type === 'timestamp') return typeof value === 'string' && parseTimestamp(value) !== undefined;
  return typeof value === type;
}

function mismatch(type: OperandType): string {
  if (type === 'path') return 'Value is not a Reference Path';
  if (type === 'timestamp') return 'String does not match RFC3339 timestamp';
  return `Expected value of type ${type.charAt(0).toUpperCase()}${type.slice(1)}`;
}
