import { exitCodes, FlowError } from '../../errors.js';
import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { definedStates, machineTimeout } from '../../workflow/definition/definition-states.js';
import { eventsOfWorkflow } from './count-events.js';

/** What a batch needs to know of the machine that runs its items. */
export interface TaskMachine {
  /** Name of the inline Map over the items. */
  mapState: string;
  /** The member of the execution's input that holds the items; undefined where the input is the array itself. */
  itemsMember?: string;
  /** Items at a time; AWS runs at most 40. */
  concurrency: number;
  /** Of the whole execution. */
  timeoutSeconds?: number;
  /** History events: of an item at most, its retries included, and of everything around the items. */
  eventsPerItem: number;
  eventsAround: number;
  /** How often the input of a whole execution is repeated in what the function gets for one item. */
  inputCopies: number;
}

const mostAtOnce = 40;

/** @throws FlowError 2 for a machine that is none for items (its definition is JSON text that AWS has accepted) */
export function readTaskMachine(definition: string, stateMachineArn: string): TaskMachine {
  const maps = definedStates(definition).filter(({ state, scope }) => state.Type === 'Map' && scope.topLevel);
  const inline = maps.filter(({ scope, state }) => !scope.distributed && !isDistributed(state));
  const found = inline.find(({ state }) => itemsMemberOf(state) !== 'unknown');
  if (!found) throw noItems(stateMachineArn, maps.length, inline.length);
  const { name: mapState, state, scope } = found;
  const member = itemsMemberOf(state);
  const processor = processorOf(state);
  const outside = Object.fromEntries(Object.entries(scope.states).filter(([name]) => name !== mapState));
  return {
    mapState,
    ...(member !== undefined && { itemsMember: member }),
    concurrency: concurrencyOf(state.MaxConcurrency),
    timeoutSeconds: machineTimeout(definition),
    // MapIterationStarted and …Succeeded are the item's own.
    eventsPerItem: 2 + eventsOfWorkflow(processor),
    // The execution's start and end; the Map's entry, start, success and exit.
    eventsAround: 2 + 4 + eventsOfWorkflow({ States: outside }),
    inputCopies: definedInside(processor)
      .map(copiesIn)
      .reduce((most, copies) => Math.max(most, copies), 0),
  };
}

const processorOf = (state: JsonObject): Json | undefined => state.ItemProcessor ?? state.Iterator;

function isDistributed(state: JsonObject): boolean {
  const processor = processorOf(state);
  const config = isObject(processor) ? processor.ProcessorConfig : undefined;
  return isObject(config) && config.Mode === 'DISTRIBUTED';
}

/** `$.orders` and `{% $states.input.orders %}` → `orders`; the input itself → undefined. */
function itemsMemberOf(state: JsonObject): string | undefined {
  if (state.InputPath !== undefined && state.InputPath !== '$') return 'unknown';
  const items = state.Items ?? state.ItemsPath ?? '$';
  if (typeof items !== 'string') return 'unknown';
  const path = /^(?:\$|\{%\s*\$states\.input\s*%\})$/.test(items)
    ? ''
    : /^(?:\$|\{%\s*\$states\.input)\.([A-Za-z_]\w*)(?:\s*%\})?$/.exec(items)?.[1];
  if (path === undefined) return 'unknown';
  return path === '' ? undefined : path;
}

/** Where it is computed the default of inline Maps has to do. */
const concurrencyOf = (value: Json | undefined): number =>
  typeof value === 'number' && value > 0 ? Math.min(value, mostAtOnce) : mostAtOnce;

/** The states of the items' workflow, as texts to be searched. */
function definedInside(processor: Json | undefined): Json[] {
  return definedStates(JSON.stringify(processor ?? {})).map(({ state }) => [
    state.Parameters ?? null,
    state.Arguments ?? null,
  ]);
}

/** The context object holds the execution's input. */
function copiesIn(template: Json): number {
  if (typeof template === 'string')
    return /^\$\$(?:\.Execution(?:\.Input)?)?$|\$states\.context(?:\.Execution(?:\.Input)?)?(?![.\w])/.test(
      template,
    )
      ? 1
      : 0;
  if (Array.isArray(template)) return template.reduce<number>((sum, one) => sum + copiesIn(one), 0);
  return isObject(template) ? copiesIn(Object.values(template)) : 0;
}

function noItems(stateMachineArn: string, maps: number, inline: number): FlowError {
  const why =
    maps === 0
      ? 'this state machine has no Map that could run items'
      : inline === 0
        ? 'the Map of this state machine is a distributed one, whose items run in executions of their own'
        : 'the Map of this state machine does not take its items from the input of the execution, or from a member of it';
  return new FlowError(exitCodes.usage, 'NoItemsMap', why, {
    where: stateMachineArn,
    hint: 'use mbc-flow start for it, or name another state machine with --machine',
  });
}
