import { isObject, type Json } from '../../json/json.js';
import type { DefinedState } from '../definition/definition-states.js';
import { nextOf } from '../trial/answer-trial.js';
import { type Place, placesRead } from './answer-shape.js';

/** Something that the machine reads from an answer. */
export interface AnswerField {
  /** Names from the root of the answer. */
  path: string[];
  kind: 'boolean' | 'number' | 'text' | 'any';
  /** Texts that a Choice compares it with. */
  options: string[];
}

/** What every approval says by itself. */
const usual = ['approved', 'comment', 'reason', 'by', 'at'];

/**
 * What a person may add to an answer, in the order in which the machine reads it: members that the state's own fields
 * and the state after it look at, with the kind that a Choice compares them as.
 */
export function answerFields(defined: DefinedState): AnswerField[] {
  const fields = new Map<string, AnswerField>();
  const rules = comparisons(nextOf(defined)?.Choices);
  for (const place of placesRead(defined)) {
    const path = ownPath(place);
    const [first] = path;
    if (first === undefined || usual.includes(first)) continue;
    const compared = rules.filter(({ path: read }) => endsWith(read, path));
    fields.set(JSON.stringify(path), {
      path,
      kind: compared.find(({ kind }) => kind !== 'any')?.kind ?? 'any',
      options: [...new Set(compared.flatMap(({ option }) => option ?? []))],
    });
  }
  // What holds another field is filled through that.
  return [...fields.values()].filter(
    ({ path }) =>
      ![...fields.values()].some((other) => other.path.length > path.length && startsWith(other.path, path)),
  );
}

/** Without what is put around an answer: a function's `Payload`, a list of one. */
function ownPath(place: Place): string[] {
  const names = place.filter((step): step is string => typeof step === 'string');
  return names[0] === 'Payload' ? names.slice(1) : names;
}

interface Comparison {
  path: string[];
  kind: AnswerField['kind'];
  option?: string;
}

/** Every comparison in the rules of a Choice, of either language. */
function comparisons(rules: Json | undefined): Comparison[] {
  if (Array.isArray(rules)) return rules.flatMap(comparisons);
  if (!isObject(rules)) return [];
  const { Variable: variable, Condition: condition } = rules;
  const own =
    typeof variable === 'string'
      ? [{ path: namesIn(variable), ...comparedAs(Object.entries(rules)) }]
      : typeof condition === 'string'
        ? conditionsIn(condition)
        : [];
  return [...own, ...comparisons(rules.And), ...comparisons(rules.Or), ...comparisons(rules.Not)];
}

function comparedAs(members: [string, Json][]): Omit<Comparison, 'path'> {
  for (const [operator, value] of members) {
    if (operator.startsWith('Boolean')) return { kind: 'boolean' };
    if (operator.startsWith('Numeric')) return { kind: 'number' };
    if (/^(String|Timestamp)/.test(operator))
      return { kind: 'text', ...(operator === 'StringEquals' && { option: String(value) }) };
  }
  return { kind: 'any' };
}

const CONDITION =
  /\$states\.(?:input|result)((?:\.[A-Za-z_]\w*)+)\s*(?:(=|!=|<=?|>=?)\s*(true\b|false\b|-?\d[\d.]*|"[^"]*"|'[^']*'))?/g;

function conditionsIn(text: string): Comparison[] {
  return [...text.matchAll(CONDITION)].map(([, steps = '', operator, value]) => {
    const path = namesIn(steps);
    if (value === undefined || value === 'true' || value === 'false')
      return { path, kind: value === undefined ? 'any' : 'boolean' };
    if (/^["']/.test(value))
      return { path, kind: 'text', ...(operator === '=' && { option: value.slice(1, -1) }) };
    return { path, kind: 'number' };
  });
}

const namesIn = (path: string): string[] =>
  [...path.matchAll(/\.([A-Za-z_][\w-]*)|\['([^'\]]*)'\]/g)].map(([, name, quoted]) => name ?? quoted ?? '');

const startsWith = (path: string[], start: string[]): boolean =>
  start.every((name, index) => path[index] === name);

const endsWith = (path: string[], end: string[]): boolean =>
  end.length <= path.length && startsWith(path.slice(path.length - end.length), end);
