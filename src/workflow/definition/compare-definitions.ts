import { type Difference, jsonDifferences } from '../../json/difference.js';
import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { choiceText } from './choice-text.js';

/** A transition: `Next`, `Default`, `catch States.ALL`, or the condition of a Choice, and where it leads. */
export interface MovedTransition {
  by: string;
  /** A state, or `(end)`; undefined: there is no such transition. */
  before?: string;
  after?: string;
}
export interface ChangedState {
  stateName: string;
  type: string;
  change: 'added' | 'removed' | 'changed';
  /** What it was called; nothing else of it need have changed. */
  before?: string;
  fields: Difference[];
  transitions: MovedTransition[];
}
export interface ComparedDefinitions {
  /** Fields of the machine itself. */
  machine: Difference[];
  /** In the order of the new definition; what is removed stands at the end. */
  states: ChangedState[];
}

interface Found {
  name: string;
  type: string;
  /** The state that it is inside of. */
  inside?: string;
  fields: JsonObject;
  transitions: Map<string, string>;
  /** Of its Choices. */
  order: string;
}

/**
 * What one definition does otherwise than another. The order of fields and states does not count, nor where a default
 * is written out; names are unique in a machine.
 */
export function compareDefinitions(before: JsonObject, after: JsonObject): ComparedDefinitions {
  const [old, now] = [statesOf(before), statesOf(after)];
  const renamed = renames(old, now);
  const nameThen = new Map([...renamed].map(([was, is]) => [is, was]));
  const states: ChangedState[] = [];
  for (const state of now.values()) {
    const { name, type, transitions } = state;
    const then = old.get(nameThen.get(name) ?? name);
    if (!then) {
      const moved = [...transitions].map(([by, to]) => ({ by, after: to }));
      states.push({ stateName: name, type, change: 'added', fields: [], transitions: moved });
      continue;
    }
    const fields = differences(then.fields, state.fields);
    const insideThen = then.inside && (renamed.get(then.inside) ?? then.inside);
    if (insideThen !== state.inside)
      fields.push({
        path: '(inside)',
        before: insideThen ?? 'the machine',
        after: state.inside ?? 'the machine',
      });
    const moved = movedBetween(then.transitions, transitions, renamed);
    if (moved.length === 0 && then.order !== state.order)
      fields.push({ path: '$.Choices', before: then.order, after: state.order });
    const was = then.name === name ? undefined : then.name;
    if (fields.length > 0 || moved.length > 0 || was !== undefined)
      states.push({ stateName: name, type, change: 'changed', before: was, fields, transitions: moved });
  }
  for (const { name, type, transitions } of old.values()) {
    if (now.has(name) || renamed.has(name)) continue;
    const moved = [...transitions].map(([by, to]) => ({ by, before: to }));
    states.push({ stateName: name, type, change: 'removed', fields: [], transitions: moved });
  }
  const { States: _, ...machineBefore } = withDefaults(before);
  const { States: __, ...machineAfter } = withDefaults(after);
  const startThen = machineBefore.StartAt;
  if (typeof startThen === 'string') machineBefore.StartAt = renamed.get(startThen) ?? startThen;
  return { machine: differences(machineBefore, machineAfter), states };
}

/** What is left out on one side has its default there. */
const differences = (before: JsonObject, after: JsonObject): Difference[] =>
  jsonDifferences(before, after).map(({ path, ...texts }) => {
    const name = /(\w+)$/.exec(path)?.[1] ?? '';
    const other = Object.hasOwn(defaults, name) ? JSON.stringify(defaults[name]) : undefined;
    return { path, before: texts.before ?? other, after: texts.after ?? other };
  });

/** Old name -> new name of states that differ in nothing but their name. */
function renames(old: Map<string, Found>, now: Map<string, Found>): Map<string, string> {
  const gone = [...old.values()].filter(({ name }) => !now.has(name));
  const come = [...now.values()].filter(({ name }) => !old.has(name));
  const same = (a: Found, b: Found): boolean =>
    a.type === b.type &&
    jsonDifferences(a.fields, b.fields).length === 0 &&
    [...a.transitions.keys()].join() === [...b.transitions.keys()].join();
  const found = new Map<string, string>();
  for (const one of gone) {
    const [match, another] = come.filter((other) => same(one, other));
    // Where several would do, nobody knows which.
    if (match && !another && gone.filter((other) => same(other, match)).length === 1)
      found.set(one.name, match.name);
  }
  return found;
}

function movedBetween(
  before: Map<string, string>,
  after: Map<string, string>,
  renamed: Map<string, string>,
): MovedTransition[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((by) => {
    const to = before.get(by);
    const then = to === undefined ? undefined : (renamed.get(to) ?? to);
    return then === after.get(by) ? [] : [{ by, before: then, after: after.get(by) }];
  });
}

function statesOf(definition: JsonObject): Map<string, Found> {
  const found = new Map<string, Found>();
  const take = (workflow: Json | undefined, inside: string | undefined): void => {
    if (!isObject(workflow) || !isObject(workflow.States)) return;
    for (const [name, state] of Object.entries(workflow.States)) {
      if (!isObject(state)) continue;
      found.set(name, foundState(name, state, inside));
      take(state.ItemProcessor ?? state.Iterator, name);
      for (const branch of arrayOf(state.Branches)) take(branch, name);
    }
  };
  take(definition, undefined);
  return found;
}

function foundState(name: string, state: JsonObject, inside: string | undefined): Found {
  const { Next, End, Default, Choices, Catch, Branches, ItemProcessor, Iterator, ...rest } = state;
  const transitions = new Map<string, string>();
  const lead = (by: string, to: Json | undefined): void => {
    if (typeof to === 'string') transitions.set(by, to);
  };
  const fields: JsonObject = withDefaults(rest);
  const rules: JsonObject = {};
  for (const rule of arrayOf(Choices)) {
    const text = choiceText(rule);
    lead(text, rule.Next);
    const { Assign, Output, Comment } = rule;
    const more = Object.entries({ Assign, Output, Comment }).filter(([, value]) => value !== undefined);
    if (more.length > 0) rules[text] = Object.fromEntries(more) as JsonObject;
  }
  if (Object.keys(rules).length > 0) fields.Choices = rules;
  lead('Default', Default);
  lead('Next', End === true ? '(end)' : Next);
  const catchers = arrayOf(Catch).map(({ Next: to, ...catcher }) => {
    lead(`catch ${arrayText(catcher.ErrorEquals)}`, to);
    return withDefaults(catcher);
  });
  if (catchers.length > 0) fields.Catch = catchers;
  const scope = (workflow: JsonObject, by: string): JsonObject => {
    const { States: _, StartAt, ...more } = workflow;
    lead(by, StartAt);
    return more;
  };
  const processor = ItemProcessor ?? Iterator;
  if (isObject(processor)) fields.ItemProcessor = withoutInline(scope(processor, 'each item'));
  const branches = arrayOf(Branches).map((branch, index) => scope(branch, `branch ${index + 1}`));
  if (branches.length > 0) fields.Branches = branches;
  const order = JSON.stringify(arrayOf(Choices).map(choiceText));
  return { name, type: String(state.Type), inside, fields, transitions, order };
}

/** Mode INLINE is the default. */
function withoutInline(processor: JsonObject): JsonObject {
  const { ProcessorConfig: config, ...rest } = processor;
  if (!isObject(config) || (config.Mode === 'INLINE' && Object.keys(config).length === 1)) return rest;
  return processor;
}

/** What a field is where it is left out. */
const defaults: Record<string, Json> = {
  InputPath: '$',
  OutputPath: '$',
  ResultPath: '$',
  QueryLanguage: 'JSONPath',
  Version: '1.0',
  IntervalSeconds: 1,
  MaxAttempts: 3,
  BackoffRate: 2,
  JitterStrategy: 'NONE',
};

function withDefaults(fields: JsonObject): JsonObject {
  const kept = Object.entries(fields).filter(
    ([name, value]) => !(Object.hasOwn(defaults, name) && defaults[name] === value),
  );
  return Object.fromEntries(
    kept.map(([name, value]) => [name, name === 'Retry' ? arrayOf(value).map(withDefaults) : value]),
  );
}

const arrayOf = (value: Json | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter((entry) => isObject(entry)) : [];
const arrayText = (value: Json | undefined): string =>
  Array.isArray(value) ? value.map(String).join(', ') : '';
