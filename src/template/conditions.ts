import { isObject, type Json, type JsonObject } from '../json/json.js';
import type { UnderWay } from './circular-references.js';
import { textOf } from './text-of.js';

/** Whether a condition of the template holds, by its name. */
export function conditionsOf(
  conditions: JsonObject,
  resolve: (value: Json | undefined) => Json | undefined,
  { once }: UnderWay,
): (name: string) => boolean {
  const text = (value: Json | undefined): string => textOf(resolve(value));

  const condition = (name: string): boolean =>
    once(`condition ${name}`, false, () => holds(conditions[name]));

  const holds = (value: Json | undefined): boolean => {
    const [key = '', operand] = Object.entries(isObject(value) ? value : {})[0] ?? [];
    const operands = Array.isArray(operand) ? operand : [];
    switch (key) {
      case 'Condition':
        return condition(String(operand));
      case 'Fn::And':
        return operands.every(holds);
      case 'Fn::Or':
        return operands.some(holds);
      case 'Fn::Not':
        return !holds(operands[0]);
      case 'Fn::Equals':
        return text(operands[0]) === text(operands[1]);
      default:
        return textOf(value) === 'true';
    }
  };

  return condition;
}
