import { isObject, type Json, type JsonObject } from '../../json/json.js';

const comparisons: Record<string, string> = {
  Equals: '=',
  LessThan: '<',
  LessThanEquals: '≤',
  GreaterThan: '>',
  GreaterThanEquals: '≥',
  Matches: '~',
};

/** The condition of a Choice rule as a person writes it: `$.n > 3 and not ($.done)`. */
export function choiceText(rule: JsonObject): string {
  if (typeof rule.Condition === 'string') return rule.Condition.replace(/^\{%\s*|\s*%\}$/g, '');
  return conditionText(rule);
}

function conditionText(rule: JsonObject): string {
  if (Array.isArray(rule.And)) return joined(rule.And, 'and');
  if (Array.isArray(rule.Or)) return joined(rule.Or, 'or');
  if (isObject(rule.Not)) return `not (${conditionText(rule.Not)})`;
  const variable = typeof rule.Variable === 'string' ? rule.Variable.replace(/^\$\.(?=.)/, '') : '';
  for (const [operator, operand] of Object.entries(rule)) {
    const is = /^Is([A-Z]\w+)$/.exec(operator)?.[1]?.toLowerCase();
    if (is) return `${variable} ${operand === false ? 'is not' : 'is'} ${is}`;
    const found = /^(?:String|Numeric|Boolean|Timestamp)(\w+?)(?:Path)?$/.exec(operator)?.[1];
    const sign = found && comparisons[found];
    if (sign) return `${variable} ${sign} ${operandText(operand)}`;
  }
  return variable;
}

function joined(rules: Json[], word: string): string {
  return rules
    .filter((rule) => isObject(rule))
    .map((rule) => (rule.And || rule.Or ? `(${conditionText(rule)})` : conditionText(rule)))
    .join(` ${word} `);
}

const operandText = (operand: Json): string =>
  typeof operand === 'string' && operand !== '' ? operand : JSON.stringify(operand);
