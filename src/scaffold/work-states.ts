import { isObject, type Json, type JsonObject } from '../json/json.js';

/** A state that calls a function of the application, wherever it stands in a definition. */
export interface WorkState {
  name: string;
  /** Pauses for an answer with its task token. */
  waits: boolean;
  /** A waiting state that takes its answer out of the shape of a Lambda reply: `{"Payload":[[answer]]}`. */
  wrapped: boolean;
  /** Gets `Items` with a part of what a Distributed Map read. */
  batch: boolean;
  /** Of a Map's items, one at a time. */
  item: boolean;
  /** Comes after a Map whether or not that failed, and finds its error here: `$.errorOutput`. */
  closes?: 'rows' | 'files';
  /** What later states read of this one's output, with the TypeScript type that they need. */
  output: Field[];
}

export interface Field {
  name: string;
  type: string;
}

const invokes = /:states:::lambda:invoke(\.waitForTaskToken)?$|^arn:[^:]*:lambda:|^\$\{[^}]*\}$/;

/** Every state that invokes a Lambda function, each name once: also inside of Parallel and Map. */
export function workStates(definition: Json): WorkState[] {
  const found = new Map<string, WorkState>();
  collect(definition, { batch: false, item: false }, found);
  return [...found.values()];
}

type Within = Pick<WorkState, 'batch' | 'item'>;

function collect(workflow: Json | undefined, within: Within, found: Map<string, WorkState>): void {
  if (!isObject(workflow) || !isObject(workflow.States)) return;
  const { States } = workflow;
  for (const [name, state] of Object.entries(States)) {
    if (!isObject(state)) continue;
    if (Array.isArray(state.Branches)) for (const branch of state.Branches) collect(branch, within, found);
    const batch = within.batch || state.ItemBatcher !== undefined;
    collect(
      state.ItemProcessor ?? state.Iterator,
      { batch, item: state.Type === 'Map' || within.item },
      found,
    );
    const resource = typeof state.Resource === 'string' ? state.Resource : '';
    if (state.Type !== 'Task' || !invokes.test(resource) || found.has(name)) continue;
    const waits = resource.endsWith('.waitForTaskToken');
    const wrapped = waits && /\.Payload\[0\]\[0\]/.test(JSON.stringify([state.OutputPath, state.Output]));
    found.set(name, {
      ...within,
      name,
      waits,
      wrapped,
      closes: closed(States, name),
      output: readLater(States, state),
    });
  }
}

/** What the Map before this state works on, where the state closes it. */
function closed(states: JsonObject, name: string): WorkState['closes'] {
  for (const state of Object.values(states)) {
    if (!isObject(state) || state.Type !== 'Map' || state.Next !== name) continue;
    const text = JSON.stringify(state);
    if (state.ItemReader !== undefined && text.includes('errorOutput')) return 'rows';
    if (state.ResultPath === '$.files' || text.includes('files\\": $states.result')) return 'files';
  }
  return undefined;
}

/** What the states after `state` read of their input, up to the next one that makes it anew. */
function readLater(states: JsonObject, state: JsonObject): Field[] {
  const fields = new Map<string, string>();
  const seen = new Set<string>();
  const follow = (name: Json | undefined): void => {
    if (typeof name !== 'string' || seen.has(name)) return;
    seen.add(name);
    const next = states[name];
    if (!isObject(next)) return;
    readFields(next, fields);
    if (next.Type !== 'Choice' && next.Type !== 'Wait') return;
    follow(next.Next);
    follow(next.Default);
    if (Array.isArray(next.Choices)) for (const rule of next.Choices) if (isObject(rule)) follow(rule.Next);
  };
  if (state.ResultPath === undefined) follow(state.Next);
  return [...fields].map(([name, type]) => ({ name, type }));
}

const typeOfField: Record<string, string> = {
  ItemsPath: 'unknown[]',
  Items: 'unknown[]',
  SecondsPath: 'number',
  TimestampPath: 'string',
  ErrorPath: 'string',
  CausePath: 'string',
};

function readFields(json: Json, fields: Map<string, string>): void {
  if (Array.isArray(json)) for (const one of json) readFields(one, fields);
  if (!isObject(json)) return;
  if (typeof json.Variable === 'string') note(json.Variable, comparedType(json), fields);
  for (const [key, value] of Object.entries(json)) {
    if (key in typeOfField) note(value, typeOfField[key] ?? 'unknown', fields);
    else if (key === 'Condition' && typeof value === 'string') readConditions(value, fields);
    else if (['Choices', 'And', 'Or', 'Not'].includes(key)) readFields(value, fields);
  }
}

/** `$.name…` and `{% $states.input.name… %}`: only its first member is the output's own. */
function note(path: Json, type: string, fields: Map<string, string>): void {
  if (typeof path !== 'string') return;
  const [, name, deeper] = /^(?:\$|\{%\s*\$states\.input)\.([A-Za-z_]\w*)(.*?)(?:\s*%\})?$/s.exec(path) ?? [];
  if (name === undefined) return;
  const here = deeper ? 'any' : type;
  const known = fields.get(name);
  fields.set(name, known === undefined || known === here ? here : 'any');
}

function comparedType(rule: JsonObject): string {
  const operator = Object.keys(rule).find((key) => /^(String|Numeric|Boolean|Timestamp)/.test(key)) ?? '';
  if (operator.startsWith('Numeric')) return 'number';
  if (operator.startsWith('Boolean')) return 'boolean';
  return operator === '' ? 'unknown' : 'string';
}

function readConditions(condition: string, fields: Map<string, string>): void {
  for (const [, name] of condition.matchAll(/\$states\.input\.([A-Za-z_]\w*)/g))
    if (name !== undefined) fields.set(name, fields.get(name) ?? 'any');
}
