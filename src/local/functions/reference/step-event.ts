import { isObject, type Json } from '../../../json/json.js';

/** What the framework's Lambda receives from a state: the input, the context object, perhaps a task token. */
export interface StepEvent {
  input: Json;
  /** It as it is written, without blanks. */
  inputText: string;
  stateName: string;
  executionArn: string;
  executionName: string;
  executionInput: Json;
  /** Of the item, in a state of an inline Map. */
  mapIndex?: number;
  taskToken?: string;
}

/** `value.a.b`, or undefined where the way ends. */
export function member(value: Json | undefined, ...path: string[]): Json | undefined {
  let found = value;
  for (const name of path) found = isObject(found) ? found[name] : undefined;
  return found;
}
