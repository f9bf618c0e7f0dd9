import { isObject, type Json } from '../../json/json.js';
import { definedStates } from './definition-states.js';

/** Names or ARNs of the Lambda functions that a machine calls, without their versions. */
export function functionNames(definition: string): string[] {
  const names = definedStates(definition).flatMap(({ state }) => {
    if (state.Type !== 'Task') return [];
    const called = /^arn:[^:]*:lambda:/.test(String(state.Resource))
      ? state.Resource
      : functionOf(state.Parameters ?? state.Arguments);
    return typeof called === 'string' && !called.startsWith('{%') ? [unqualified(called)] : [];
  });
  return [...new Set(names)];
}

/** A function's plain name, of its name or ARN, with a version or without. */
export const plainName = (name: string): string =>
  name.replace(/^arn:[^:]*:lambda:[^:]*:[^:]*:function:/, '').split(':')[0] ?? name;

const functionOf = (parameters: Json | undefined): Json | undefined =>
  isObject(parameters) ? parameters.FunctionName : undefined;

const unqualified = (name: string): string =>
  name.replace(/^(arn:[^:]*:lambda:[^:]*:[^:]*:function:[^:]+):.*$/, '$1').replace(/^([\w-]+):[^:]+$/, '$1');
