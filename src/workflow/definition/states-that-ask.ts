import type { JsonObject } from '../../json/json.js';
import { type DefinedState, definedStates } from './definition-states.js';

/** Those that ask somebody: Tasks, and Maps whose items run in executions of their own. */
export const statesThatAsk = (definition: string): DefinedState[] =>
  definedStates(definition).filter(({ state }) => asks(state));

const asks = ({ Type, ItemProcessor, Iterator: older }: JsonObject): boolean =>
  Type === 'Task' || (Type === 'Map' && /"Mode":"DISTRIBUTED"/.test(JSON.stringify(ItemProcessor ?? older)));

/** What is wrong with a name for which an answer is given. */
export function unknownState(name: string, states: ReadonlySet<string>): string {
  const all = [...states]
    .filter((one) => one !== '*')
    .slice(0, 20)
    .join(', ');
  return `the definition has no state ${name} that asks anybody${all && `; it has: ${all}`}`;
}
