import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { choiceText } from './choice-text.js';

/** A state machine, or what is inside one of its Parallel or Map states, as states and transitions. */
export interface FlowGraph {
  startAt: string;
  states: FlowState[];
  transitions: FlowTransition[];
}
export interface FlowState {
  name: string;
  /** Task, Map, Choice, … */
  type: string;
  /** What a Task calls: `lambda:invoke`; how a Map runs: `distributed`. */
  detail?: string;
  /** Branches of a Parallel, the processor of a Map. */
  inside: FlowGraph[];
  /** The execution (or the branch) may end here. */
  end: boolean;
}
export interface FlowTransition {
  from: string;
  to: string;
  kind: 'next' | 'choice' | 'catch';
  /** Conditions or errors; several where several lead the same way. */
  labels: string[];
}

/** Reads a definition leniently: what is malformed is left out, so that a draft has a picture too. */
export function graphOf(definition: Json): FlowGraph {
  const machine = isObject(definition) ? definition : {};
  const states = isObject(machine.States) ? machine.States : {};
  const named = Object.entries(states).filter((entry): entry is [string, JsonObject] => isObject(entry[1]));
  const names = new Set(named.map(([name]) => name));
  return {
    startAt: typeof machine.StartAt === 'string' ? machine.StartAt : (named[0]?.[0] ?? ''),
    states: named.map(([name, state]) => stateOf(name, state)),
    transitions: named.flatMap(([name, state]) =>
      transitionsOf(name, state).filter(({ to }) => names.has(to)),
    ),
  };
}

function stateOf(name: string, state: JsonObject): FlowState {
  const type = typeof state.Type === 'string' ? state.Type : '?';
  const branches = type === 'Parallel' && Array.isArray(state.Branches) ? state.Branches : [];
  const processor = type === 'Map' ? (state.ItemProcessor ?? state.Iterator) : undefined;
  return {
    name,
    type,
    detail: detailOf(type, state),
    inside: [...branches, ...(processor === undefined ? [] : [processor])].map(graphOf),
    end: state.End === true || type === 'Succeed' || type === 'Fail',
  };
}

function detailOf(type: string, state: JsonObject): string | undefined {
  if (type === 'Map') {
    const config = isObject(state.ItemProcessor) ? state.ItemProcessor.ProcessorConfig : undefined;
    return isObject(config) && config.Mode === 'DISTRIBUTED' ? 'distributed' : undefined;
  }
  if (type !== 'Task' || typeof state.Resource !== 'string') return undefined;
  const { Resource: resource } = state;
  const integration = /^arn:[^:]*:states:[^:]*:[^:]*:(.+)$/.exec(resource)?.[1];
  if (integration) return integration.replace(/^aws-sdk:/, '');
  const service = /^arn:[^:]*:([a-z-]+):/.exec(resource)?.[1];
  return service ?? (resource.startsWith('$') ? undefined : resource);
}

function transitionsOf(from: string, state: JsonObject): FlowTransition[] {
  const found = new Map<string, FlowTransition>();
  const add = (to: Json | undefined, kind: FlowTransition['kind'], label?: string): void => {
    if (typeof to !== 'string') return;
    // Which colour a line has is settled by the first that leads there.
    const transition = found.get(to) ?? { from, to, kind, labels: [] };
    if (label !== undefined && !transition.labels.includes(label)) transition.labels.push(label);
    found.set(to, transition);
  };
  if (state.Type === 'Choice') {
    for (const rule of arrayOf(state.Choices)) add(rule.Next, 'choice', choiceText(rule));
    add(state.Default, 'choice', 'default');
  } else if (state.End !== true) add(state.Next, 'next');
  for (const catcher of arrayOf(state.Catch)) {
    const errors = Array.isArray(catcher.ErrorEquals) ? catcher.ErrorEquals.map(String) : [];
    add(catcher.Next, 'catch', `catch ${errors.filter((error) => error !== 'States.ALL').join(', ')}`.trim());
  }
  return [...found.values()];
}

const arrayOf = (value: Json | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter((entry) => isObject(entry)) : [];

/** Every state of a graph, containers before what they hold. */
export function* allFlowStates(graph: FlowGraph): Iterable<FlowState> {
  for (const state of graph.states) {
    yield state;
    for (const inner of state.inside) yield* allFlowStates(inner);
  }
}
