import { isObject, parsedJson } from '../../json/json.js';
import { definedStates, languageOf, machineTimeout } from './definition-states.js';
import { functionNames } from './function-names.js';

/** A definition in a few words. */
export interface Outline {
  startAt?: string;
  queryLanguage: 'JSONPath' | 'JSONata';
  comment?: string;
  timeoutSeconds?: number;
  states: number;
  /** How many of each type, the most frequent first. */
  types: Record<string, number>;
  /** States that wait for an answer from outside. */
  pauses: string[];
  distributedMaps: string[];
  functions: string[];
  /** Machines that it starts, where they are named. */
  machines: string[];
}

export function outlineOf(definition: string): Outline {
  const root = parsedJson(definition);
  const states = definedStates(definition);
  const types: Record<string, number> = {};
  for (const { state } of states) types[String(state.Type)] = (types[String(state.Type)] ?? 0) + 1;
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  const fields = isObject(root) ? root : {};
  return {
    startAt: text(fields.StartAt),
    queryLanguage: languageOf(root, 'JSONPath'),
    comment: text(fields.Comment),
    timeoutSeconds: machineTimeout(definition),
    states: states.length,
    types: Object.fromEntries(Object.entries(types).sort(([, a], [, b]) => b - a)),
    pauses: states
      .filter(({ state }) => /\.waitForTaskToken$|:activity:/.test(text(state.Resource) ?? ''))
      .map(({ name }) => name),
    distributedMaps: states
      .filter(({ state }) => {
        const processor = state.ItemProcessor ?? state.Iterator;
        const config = isObject(processor) ? processor.ProcessorConfig : undefined;
        return isObject(config) && config.Mode === 'DISTRIBUTED';
      })
      .map(({ name }) => name),
    functions: functionNames(definition),
    machines: [
      ...new Set(
        states.flatMap(({ state }) => {
          const sent = state.Parameters ?? state.Arguments;
          const started = isObject(sent) ? text(sent.StateMachineArn) : undefined;
          return started?.startsWith('arn:') ? [started] : [];
        }),
      ),
    ],
  };
}
