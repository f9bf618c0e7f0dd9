import { isObject, type Json, type JsonObject, parsedJson } from '../../json/json.js';

/** What a run takes when nothing fails. */
export interface PlannedRun {
  /** Steps that AWS charges STANDARD executions for, those of children too. */
  transitions: number;
  /** Executions of Distributed Maps' items. */
  children: number;
  /** Those of them that are EXPRESS: each is one request, and its steps cost nothing. */
  expressChildren: number;
  /** Calls of Lambda functions. */
  requests: number;
}

export interface PlannedItems {
  /** Of a Map state of the execution itself. */
  inline: number;
  /** Of a Distributed Map: its children, and the items of each. */
  distributed(state: JsonObject): { children: number; items: number };
}

const nothing: PlannedRun = { transitions: 0, children: 0, expressChildren: 0, requests: 0 };
/** No way leads to a good end. */
const never = Number.POSITIVE_INFINITY;

/** The shortest way from the start to an end that is no Fail. @param definition JSON text that AWS has accepted */
export function plannedRun(definition: string, items: PlannedItems): PlannedRun {
  return wayThrough(parsedJson(definition), items);
}

function wayThrough(workflow: Json | undefined, items: PlannedItems): PlannedRun {
  if (!isObject(workflow) || !isObject(workflow.States)) return nothing;
  const { States: states } = workflow;
  const known = new Map<string, PlannedRun>();
  const from = (name: Json | undefined): PlannedRun => {
    const state = typeof name === 'string' && Object.hasOwn(states, name) ? states[name] : undefined;
    if (!isObject(state) || state.Type === 'Fail') return { ...nothing, transitions: never };
    const found = known.get(name as string);
    if (found) return found;
    // Whoever comes back here has gone in a circle.
    known.set(name as string, { ...nothing, transitions: never });
    const ends = state.End === true || state.Type === 'Succeed';
    const ways = ends ? [nothing] : nextOf(state).map(from);
    const way = sum(workOf(state, items), ways.reduce(shorter, { ...nothing, transitions: never }));
    known.set(name as string, way);
    return way;
  };
  const way = from(workflow.StartAt);
  return Number.isFinite(way.transitions) ? way : nothing;
}

const nextOf = ({ Type: type, Next: next, Choices: choices, Default: otherwise }: JsonObject): Json[] =>
  type === 'Choice'
    ? [
        ...(Array.isArray(choices) ? choices : []).map((one) => (isObject(one) ? (one.Next ?? null) : null)),
        otherwise ?? null,
      ]
    : [next ?? null];

function workOf(state: JsonObject, items: PlannedItems): PlannedRun {
  const step = { ...nothing, transitions: 1, requests: callsLambda(state) ? 1 : 0 };
  if (state.Type === 'Parallel' && Array.isArray(state.Branches))
    return state.Branches.map((branch) => wayThrough(branch, items)).reduce(sum, step);
  if (state.Type !== 'Map') return step;
  const processor = state.ItemProcessor ?? state.Iterator;
  const config = isObject(processor) && isObject(processor.ProcessorConfig) ? processor.ProcessorConfig : {};
  if (config.Mode !== 'DISTRIBUTED') return sum(step, times(wayThrough(processor, items), items.inline));
  const { children, items: each } = items.distributed(state);
  const express = config.ExecutionType === 'EXPRESS';
  const child = wayThrough(processor, { ...items, inline: each });
  const own = {
    ...child,
    children: child.children + 1,
    ...(express && { transitions: 0, expressChildren: 1 }),
  };
  return sum(step, times(own, children));
}

const callsLambda = ({ Type: type, Resource: resource }: JsonObject): boolean =>
  type === 'Task' && /:lambda:/.test(String(resource));

const members = ['transitions', 'children', 'expressChildren', 'requests'] as const;
const made = (of: (member: keyof PlannedRun) => number): PlannedRun =>
  Object.fromEntries(members.map((member) => [member, of(member)])) as unknown as PlannedRun;
const sum = (a: PlannedRun, b: PlannedRun): PlannedRun => made((member) => a[member] + b[member]);
const times = (a: PlannedRun, factor: number): PlannedRun => made((member) => a[member] * factor);
const shorter = (a: PlannedRun, b: PlannedRun): PlannedRun => (b.transitions < a.transitions ? b : a);
