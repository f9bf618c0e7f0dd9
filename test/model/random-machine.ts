import type { Json } from '../../src/json/json.js';

/** A number in [0, 1), as `randomNumbers` of a seed gives them. */
export type Random = () => number;

type State = { Type: string; Next?: string; End?: boolean; [field: string]: unknown };
export interface Workflow {
  StartAt: string;
  States: Record<string, State>;
  QueryLanguage?: string;
  ProcessorConfig?: object;
}

interface Shape {
  random: Random;
  /** How much deeper Maps and Parallels may nest. */
  depth: number;
  /** Whether a state may fail so that nobody catches it. */
  mayFail: boolean;
  /** Whether it is the machine of a map run's children. */
  child?: boolean;
}

/** The function of every machine: gives back the event's `value`, but fails as often as it says (`calls`). */
export const FUNCTION = 'model';
/** Its error. */
export const FLAKY = 'Flaky';
export const ITEMS: Json[] = [1, { two: [2] }, '3'];
export const INPUT = { flag: true, items: ITEMS };

const pick = <T>(random: Random, items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;

/** A machine of all types of states in both languages; every state passes on what its `Output`s and paths say. */
export function randomMachine(random: Random, mayFail: boolean): Workflow {
  const machine = workflow({ random, depth: 2, mayFail }, '', 2 + Math.floor(random() * 3));
  return { QueryLanguage: 'JSONPath', ...machine };
}

/** `path` makes names that no other state has. */
function workflow(shape: Shape, path: string, size: number): Workflow {
  const States: Record<string, State> = {};
  const names = Array.from({ length: size }, (_, i) => `${path}S${i}`);
  const last = `${path}Z`;
  for (const [i, name] of names.entries()) {
    const next = names[i + 1] ?? last;
    const { extra = {}, ...state } = randomState(shape, name, next);
    States[name] = state;
    Object.assign(States, extra);
  }
  States[last] =
    shape.random() < 0.5 ? { Type: 'Succeed' } : { Type: 'Pass', QueryLanguage: 'JSONata', End: true };
  return { StartAt: names[0] ?? last, States };
}

type Made = State & { extra?: Record<string, State> };

function randomState(shape: Shape, name: string, Next: string): Made {
  const { random, depth } = shape;
  const kinds = ['pass', 'pass', 'wait', 'task', 'task'];
  // The input of a child execution is its item: it has no flag.
  if (!shape.child) kinds.push('choice');
  if (depth > 0) kinds.push('parallel', 'map', 'map', 'rows');
  if (shape.mayFail) kinds.push('fails');
  const jsonata = random() < 0.5;
  const language = { QueryLanguage: jsonata ? 'JSONata' : 'JSONPath', Next };
  switch (pick(random, kinds)) {
    case 'wait':
      return { Type: 'Wait', ...language, Seconds: Math.floor(random() * 3) };
    case 'choice':
      return choice(name, Next, jsonata);
    case 'task':
      return task(shape, language, jsonata, pick(random, [0, 0, 1, 2]));
    case 'fails':
      return task(shape, language, jsonata, 9);
    case 'parallel':
      return fork(shape, name, { Type: 'Parallel', ...language }, (inner) => ({
        Branches: Array.from({ length: inner.mayFail ? 1 : 1 + Math.floor(random() * 3) }, (_, i) =>
          workflow(inner, `${name}.${i}.`, 1 + Math.floor(random() * 2)),
        ),
      }));
    case 'map':
      return fork(shape, name, { Type: 'Map', ...language, ...items(jsonata) }, (inner) => ({
        MaxConcurrency: inner.mayFail ? 1 : Math.floor(random() * 3),
        ItemProcessor: workflow(inner, `${name}.`, 1 + Math.floor(random() * 2)),
      }));
    case 'rows':
      return fork(shape, name, { Type: 'Map', ...language, ...items(jsonata) }, () => ({
        ItemProcessor: {
          ...workflow({ ...shape, depth: 0, mayFail: false, child: true }, `${name}.`, 1),
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: pick(random, ['STANDARD', 'EXPRESS']) },
        },
      }));
    default:
      return pass(random, `seen_${name.replaceAll('.', '_')}`, jsonata, language);
  }
}

/** No variable may have the name of one around it. */
const pass = (random: Random, variable: string, jsonata: boolean, language: { Next: string }): State => ({
  Type: 'Pass',
  ...language,
  ...(jsonata &&
    pick(random, [{}, { Output: '{% $states.input %}' }, { Assign: { [variable]: '{% 1 + 1 %}' } }])),
  ...(!jsonata &&
    pick(random, [
      {},
      { Result: 'x', ResultPath: null },
      { Assign: { [`${variable}.$`]: '$$.State.Name' } },
    ])),
});

function choice(name: string, Next: string, jsonata: boolean): Made {
  const not = `${name}no`;
  const rule = jsonata
    ? { Condition: '{% $states.context.Execution.Input.flag %}', Next }
    : { Variable: '$$.Execution.Input.flag', BooleanEquals: true, Next };
  return {
    Type: 'Choice',
    QueryLanguage: jsonata ? 'JSONata' : 'JSONPath',
    Choices: [rule],
    Default: not,
    extra: { [not]: { Type: 'Fail', Error: 'Never' } },
  };
}

/** Fails at its first `fails` attempts; a redrive heals it. */
function task(
  { random, mayFail }: Shape,
  language: { Next: string },
  jsonata: boolean,
  fails: number,
): State {
  const caught = fails > 2 && !mayFail;
  const Catch = caught ? [{ ErrorEquals: ['States.ALL'], Next: language.Next }] : undefined;
  const Retry = [{ ErrorEquals: [FLAKY], IntervalSeconds: 1, MaxAttempts: 2, BackoffRate: 1 }];
  const common = { Type: 'Task', ...language, Retry, ...(Catch && { Catch }) };
  const context = jsonata ? '$states.context' : '$$';
  const at = (field: string, path: string) =>
    jsonata ? { [field]: `{% ${path} %}` } : { [`${field}.$`]: path };
  const Payload = {
    ...at('value', jsonata ? '$states.input' : '$'),
    ...at('attempt', `${context}.State.RetryCount`),
    ...at('redrives', `${context}.Execution.RedriveCount`),
    fails,
  };
  if (!jsonata && random() < 0.3)
    return {
      ...common,
      Resource: `arn:aws:lambda:ap-northeast-1:101010101010:function:${FUNCTION}`,
      Parameters: Payload,
    };
  const args = { FunctionName: FUNCTION, Payload };
  return {
    ...common,
    Resource: 'arn:aws:states:::lambda:invoke',
    ...(jsonata
      ? { Arguments: args, Output: '{% $states.result.Payload %}' }
      : { Parameters: args, OutputPath: '$.Payload' }),
  };
}

const items = (jsonata: boolean): object =>
  jsonata
    ? { Items: '{% $states.context.Execution.Input.items %}' }
    : { ItemsPath: '$$.Execution.Input.items' };

/** Keeps its output, or passes its input on; a failure in it is caught, or may be nobody's. */
function fork(shape: Shape, name: string, head: State, body: (inner: Shape) => object): Made {
  const { random } = shape;
  const caught = random() < 0.3;
  const inner = { ...shape, depth: shape.depth - 1, mayFail: caught || shape.mayFail };
  const jsonata = head.QueryLanguage === 'JSONata';
  const input = jsonata ? { Output: '{% $states.input %}' } : { ResultPath: null };
  const Catch = [{ ErrorEquals: ['States.ALL'], Next: `${name}caught` }];
  return {
    ...head,
    ...body(inner),
    ...(random() < 0.5 && input),
    ...(caught && { Catch }),
    ...(caught && {
      extra: { [`${name}caught`]: { Type: 'Pass', Parameters: { caught: true }, Next: head.Next } },
    }),
  } as Made;
}
