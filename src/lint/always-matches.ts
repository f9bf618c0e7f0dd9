import { isObject, type Json, type JsonObject } from '../json/json.js';

/** A question that the rules ask of the input, and how many different answers it can have. */
interface Question {
  key: string;
  answers: number;
}
type Formula =
  | { kind: 'is'; question: string; among: number[] }
  | { kind: 'all' | 'any'; parts: Formula[] }
  | { kind: 'not'; part: Formula };

/** More cases than this are not tried: it then counts as not known. */
const CASES = 4096;
const COMPARED =
  /^(Numeric|String|Timestamp)(LessThan|Equals|GreaterThan|LessThanEquals|GreaterThanEquals)(Path)?$/;
/** Less, equal, greater. */
const ORDER: Record<string, number[]> = {
  LessThan: [0],
  Equals: [1],
  GreaterThan: [2],
  LessThanEquals: [0, 1],
  GreaterThanEquals: [1, 2],
};

/** Whether the rules of a Choice cover every input by their form: a question and its opposite, both values of a boolean. */
export function alwaysMatches(rules: Json | undefined): boolean {
  if (!Array.isArray(rules)) return false;
  const questions = new Map<string, Question>();
  const parts = rules.filter(isObject).map((rule) => formulaOf(rule, questions));
  const asked = [...questions.values()];
  const cases = asked.reduce((product, { answers }) => product * answers, 1);
  if (cases > CASES) return false;
  for (let number = 0; number < cases; number++) {
    const answers = new Map<string, number>();
    let rest = number;
    for (const question of asked) {
      answers.set(question.key, rest % question.answers);
      rest = Math.floor(rest / question.answers);
    }
    if (!holds({ kind: 'any', parts }, answers)) return false;
  }
  return true;
}

function formulaOf(rule: JsonObject, questions: Map<string, Question>): Formula {
  if (isObject(rule.Not)) return { kind: 'not', part: formulaOf(rule.Not, questions) };
  for (const [field, kind] of [
    ['And', 'all'],
    ['Or', 'any'],
  ] as const) {
    const parts = rule[field];
    if (Array.isArray(parts))
      return { kind, parts: parts.filter(isObject).map((part) => formulaOf(part, questions)) };
  }
  const ask = (text: unknown[], answers: number, among: number[]): Formula => {
    const question = JSON.stringify(text);
    questions.set(question, { key: question, answers });
    return { kind: 'is', question, among };
  };
  const { Variable } = rule;
  const [operator, value] =
    Object.entries(rule).find(([field]) => /^(Is|Boolean|Numeric|String|Timestamp)/.test(field)) ?? [];
  const compared = COMPARED.exec(operator ?? '');
  if (compared) return ask([Variable, compared[1], compared[3], value], 3, ORDER[compared[2] ?? ''] ?? []);
  if (operator !== undefined && typeof value === 'boolean')
    return ask([Variable, operator], 2, [Number(value)]);
  return ask([Variable, operator, value, rule.Condition], 2, [1]);
}

function holds(formula: Formula, answers: ReadonlyMap<string, number>): boolean {
  if (formula.kind === 'not') return !holds(formula.part, answers);
  if (formula.kind === 'is') return formula.among.includes(answers.get(formula.question) ?? -1);
  return formula.kind === 'all'
    ? formula.parts.every((part) => holds(part, answers))
    : formula.parts.some((part) => holds(part, answers));
}
