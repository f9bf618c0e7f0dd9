import { exitCodes, FlowError } from '../errors.js';
import { isObject, type Json, type JsonObject, parsedJson } from '../json/json.js';

/**
 * The filters of an event source mapping: a record is delivered where one of them fits. A pattern has the form of the
 * record, with a list of rules at its leaves.
 */
export type FilterPattern = JsonObject;

/** What the framework's tables are filtered by: new rows that were not published synchronously. */
export const frameworkStreamFilter: FilterPattern = {
  eventName: ['INSERT'],
  dynamodb: { NewImage: { syncMode: { S: [{ exists: false }] } } },
};

/** True where one of the patterns fits, or there is none. */
export const matchesAny = (record: JsonObject, patterns: FilterPattern[]): boolean =>
  patterns.length === 0 || patterns.some((pattern) => matches(record, pattern));

/**
 * The same for a message of a queue: a pattern of its `body` with members wants JSON there, one with rules wants text;
 * a message of the other kind is left out.
 */
export const messageMatchesAny = (message: JsonObject, patterns: FilterPattern[]): boolean =>
  patterns.length === 0 ||
  patterns.some((pattern) => {
    if (pattern.body === undefined) return matches(message, pattern);
    const body = jsonObject(String(message.body));
    if (isObject(pattern.body)) return body !== undefined && matches({ ...message, body }, pattern);
    return body === undefined && matches(message, pattern);
  });

function matches(value: Json | undefined, pattern: FilterPattern): boolean {
  // A list in the record fits where one of its members does.
  if (Array.isArray(value) && value.some(isObject)) {
    return value.some((member) => isObject(member) && matches(member, pattern));
  }
  return Object.entries(pattern).every(([name, expected]) => {
    if (name === '$or') return alternatives(expected).some((one) => matches(value, one));
    const found = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
    if (isObject(expected)) return matches(found, expected);
    return fits(leaves(found), expected as Json[]);
  });
}

const alternatives = (value: Json | undefined): FilterPattern[] => (value as Json[]).filter(isObject);

/** The scalars at a place: none where there is nothing, or an object (rules look at leaves only). */
function leaves(value: Json | undefined): Json[] {
  if (value === undefined || isObject(value)) return [];
  return Array.isArray(value) ? value.flatMap(leaves) : [value];
}

function fits(found: Json[], rules: Json[]): boolean {
  return rules.some((rule) => {
    if (isObject(rule) && rule.exists !== undefined) return rule.exists === found.length > 0;
    return found.some((leaf) => fitsRule(leaf, rule));
  });
}

function fitsRule(leaf: Json, rule: Json): boolean {
  if (!isObject(rule)) return leaf === rule;
  const [[operator = '', operand = null] = []] = Object.entries(rule);
  switch (operator) {
    case 'anything-but':
      return ![operand].flat().some((one) => fitsRule(leaf, one));
    case 'numeric':
      return typeof leaf === 'number' && inRange(leaf, operand as Json[]);
    default:
      return typeof leaf === 'string' && textFits(leaf, operator, operand);
  }
}

function textFits(text: string, operator: string, operand: Json): boolean {
  if (isObject(operand)) {
    // `{"prefix": {"equals-ignore-case": …}}`
    return textFits(text.toLowerCase(), operator, String(operand['equals-ignore-case']).toLowerCase());
  }
  const wanted = String(operand);
  if (operator === 'prefix') return text.startsWith(wanted);
  if (operator === 'suffix') return text.endsWith(wanted);
  return text.toLowerCase() === wanted.toLowerCase();
}

const comparisons: Record<string, (a: number, b: number) => boolean> = {
  '=': (a, b) => a === b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** `[">", 0, "<=", 5]` */
function inRange(number: number, range: Json[]): boolean {
  for (let index = 0; index < range.length; index += 2) {
    if (!comparisons[String(range[index])]?.(number, Number(range[index + 1]))) return false;
  }
  return true;
}

/**
 * The patterns that a text means: one, several, or Lambda's `{"Filters": [{"Pattern": "…"}]}`.
 * @throws FlowError 2 with the path of what Lambda would refuse
 */
export function readFilters(value: Json, where: string): FilterPattern[] {
  const criteria = isObject(value) && Array.isArray(value.Filters) ? value.Filters : undefined;
  const patterns = criteria?.map((filter) => patternOf(filter, where)) ?? [value].flat();
  return patterns.map((pattern, index) => {
    const path = patterns.length > 1 ? `${where}[${index}]` : where;
    if (!isObject(pattern)) throw invalid(path, 'a filter is a JSON object');
    checkPattern(pattern, path);
    return pattern;
  });
}

function patternOf(filter: Json, where: string): Json {
  const pattern = isObject(filter) ? filter.Pattern : undefined;
  const parsed = typeof pattern === 'string' ? jsonObject(pattern) : pattern;
  if (parsed === undefined) throw invalid(where, 'Filters are a list of {"Pattern": "…"}, each a JSON text');
  return parsed;
}

function checkPattern(pattern: FilterPattern, path: string): void {
  for (const [name, expected] of Object.entries(pattern)) {
    const here = `${path}.${name}`;
    if (isObject(expected)) checkPattern(expected, here);
    else if (!Array.isArray(expected) || expected.length === 0) {
      throw invalid(here, 'the value of a leaf is a list of one or more rules, as ["INSERT"]');
    } else if (name === '$or') {
      for (const one of expected) {
        if (!isObject(one)) throw invalid(here, '$or is a list of patterns');
        checkPattern(one, here);
      }
    } else for (const rule of expected) checkRule(rule, here);
  }
}

function checkRule(rule: Json, path: string): void {
  if (Array.isArray(rule)) throw invalid(path, 'a rule is a value, or an object with one operator');
  if (!isObject(rule)) return;
  const [[operator = '', operand = null] = [], ...others] = Object.entries(rule);
  const allowed = Object.hasOwn(operands, operator) ? operands[operator] : undefined;
  if (allowed === undefined || others.length > 0) {
    throw invalid(path, `${JSON.stringify(rule)} is no rule; known: ${Object.keys(operands).join(', ')}`);
  }
  if (!allowed(operand)) throw invalid(path, `${operator} can't have ${JSON.stringify(operand)}`);
}

const isText = (value: Json): boolean => typeof value === 'string';
const isTextInAnyCase = (value: Json): boolean =>
  isText(value) ||
  (isObject(value) && Object.keys(value).length === 1 && typeof value['equals-ignore-case'] === 'string');
const isTextRule = (value: Json): boolean =>
  isObject(value) &&
  Object.entries(value).length === 1 &&
  Object.entries(value).every(
    ([name, operand]) => /^(prefix|suffix|equals-ignore-case)$/.test(name) && isText(operand),
  );

const operands: Record<string, (operand: Json) => boolean> = {
  exists: (value) => typeof value === 'boolean',
  prefix: isTextInAnyCase,
  suffix: isTextInAnyCase,
  'equals-ignore-case': isText,
  'anything-but': (value) =>
    isTextRule(value) ||
    ([value].flat().length > 0 &&
      [value].flat().every((one) => typeof one === 'string' || typeof one === 'number')),
  numeric: (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.length % 2 === 0 &&
    value.every((one, index) =>
      index % 2 === 0 ? Object.hasOwn(comparisons, String(one)) : typeof one === 'number',
    ),
};

function jsonObject(text: string): JsonObject | undefined {
  const value = parsedJson(text);
  return isObject(value) ? value : undefined;
}

const invalid = (where: string, message: string): FlowError =>
  new FlowError(exitCodes.usage, 'InvalidFilter', message, {
    where,
    hint: 'a filter of an event source mapping: {"eventName":["INSERT"]}; none delivers everything',
  });
