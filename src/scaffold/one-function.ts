import { exitCodes, FlowError } from '../errors.js';
import { isObject, type Json, type JsonObject } from '../json/json.js';
import { functionPlaceholder } from './machine.js';

/**
 * Somebody's machine, for the one function of an application: what it says of its functions becomes the placeholder
 * that the construct fills in.
 * @throws FlowError 2 where it has no states
 */
export function forOneFunction(definition: JsonObject): JsonObject {
  const { States } = definition;
  if (!isObject(States) || Object.keys(States).length === 0)
    throw new FlowError(exitCodes.usage, 'NoStates', 'the state machine has no states', {
      hint: 'give --from a definition with States, or leave it out and name them: --states first,second',
    });
  return ours(definition) as JsonObject;
}

function ours(value: Json): Json {
  if (Array.isArray(value)) return value.map(ours);
  if (!isObject(value)) return value;
  const invokes = value.Type === 'Task' && /:states:::lambda:invoke/.test(String(value.Resource));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (invokes && (key === 'Parameters' || key === 'Arguments') && isObject(inner))
        return [key, { ...inner, ...('FunctionName' in inner && { FunctionName: functionPlaceholder }) }];
      return [key, ours(inner)];
    }),
  );
}
