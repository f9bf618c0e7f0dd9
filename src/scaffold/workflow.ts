import { isObject, type Json, type JsonObject } from '../json/json.js';
import { flowTestOf } from './flow-test.js';
import { makeMachine } from './machine.js';
import { identifierOf, type Names } from './names.js';
import { forOneFunction } from './one-function.js';
import { type Filling, render } from './render.js';
import { sortImports } from './sort-imports.js';
import type { WorkState } from './work-states.js';
import { workStates } from './work-states.js';

/** What a workflow's files are made from. */
export interface Workflow {
  names: Names;
  definition: JsonObject;
  filling: Filling;
  /** What a first execution can be started with. */
  input: JsonObject;
  /** Text of its `.flow.yaml`; undefined for a machine of somebody else's, whose ways only they know. */
  flowTest?: string;
}

export interface WorkflowOptions {
  states?: string[];
  approval: boolean;
  map: boolean;
  csvImport: boolean;
  zipImport: boolean;
  queryLanguage: 'JSONPath' | 'JSONata';
  /** An existing machine, whose states get their methods. */
  from?: JsonObject;
}

const defaultStates = ['initialize', 'process', 'finalize'];

export function makeWorkflow(names: Names, options: WorkflowOptions): Workflow {
  const made = { ...options, name: names.kebab, states: options.states ?? defaultStates };
  const definition = options.from ? forOneFunction(options.from) : makeMachine(made);
  const states = workStates(definition);
  const input = {
    requestId: 'r-1',
    ...(options.map && { items: [{ id: 1 }, { id: 2 }] }),
    ...(options.csvImport && { bucket: 'local-bucket', key: `${names.kebab}.csv` }),
    ...(options.zipImport && { sortedS3Keys: ['first.csv'] }),
  };
  return {
    names,
    definition,
    input,
    flowTest: options.from ? undefined : flowTestOf(definition, input, made),
    filling: {
      names,
      words: {
        $answer: states.some(({ wrapped }) => wrapped) ? '{ Payload: [[answer]] }' : 'answer',
        $input: literalOf(input),
      },
      flags: {
        waits: states.some(({ waits }) => waits),
        csv: readsCsv(definition),
        approval: options.approval,
        rows: options.csvImport,
        files: options.zipImport,
      },
      lists: { state: describeStates(names, states) },
    },
  };
}

/** Where each kind of file of a workflow comes from and goes to. */
const files: Record<string, string[]> = {
  event: ['src/sample-workflow/handler/sample-workflow.sfn.event.ts'],
  handler: [
    'src/sample-workflow/handler/sample-workflow.sfn.event.handler.ts',
    'test/unit/sample-workflow/sample-workflow.sfn.event.handler.spec.ts',
  ],
  service: ['src/sample-workflow/sample-workflow.service.ts'],
  module: ['src/sample-workflow/sample-workflow.module.ts'],
  'flow test': [
    'test/unit/sample-workflow/sample-workflow.application.ts',
    'test/unit/sample-workflow/sample-workflow.flow.spec.ts',
  ],
  construct: ['infra/libs/sample-workflow-state-machine.ts'],
};

/** The workflow's files of some kinds. `template` reads a template by its path. */
export function workflowFiles(
  { names, filling, definition, flowTest }: Workflow,
  kinds: readonly string[],
  template: (path: string) => string,
): { path: string; text: string }[] {
  const made = kinds
    .flatMap((kind) => files[kind] ?? [])
    .map((path) => ({
      path: path.replaceAll('sample-workflow', names.kebab),
      text: sortImports(render(template(`workflow/${path}`), filling)),
    }));
  if (!kinds.includes('machine')) return made;
  const path = machineFile(names);
  return [
    ...made,
    { path, text: `${JSON.stringify(definition, null, 2)}\n` },
    ...(flowTest === undefined ? [] : [{ path: path.replace(/asl\.json$/, 'flow.yaml'), text: flowTest }]),
  ];
}

export const machineFile = ({ kebab }: Names): string => `infra/state-machines/${kebab}.asl.json`;

/** As TypeScript writes it. */
function literalOf(value: Json): string {
  if (typeof value === 'string') return `'${literal(value)}'`;
  if (Array.isArray(value)) return `[${value.map(literalOf).join(', ')}]`;
  if (!isObject(value)) return String(value);
  return `{ ${Object.entries(value)
    .map(([key, member]) => `${key}: ${literalOf(member)}`)
    .join(', ')} }`;
}

/**
 * Names that a method of a state can't have: the handler's own, those of every object, and those that Nest calls of
 * its own accord (a provider with a `then` would be waited for for ever).
 */
const takenMethods = [
  ...['execute', 'logger', 'constructor', 'then'],
  ...Object.getOwnPropertyNames(Object.prototype),
  ...[
    'onModuleInit',
    'onModuleDestroy',
    'onApplicationBootstrap',
    'onApplicationShutdown',
    'beforeApplicationShutdown',
  ],
];

function describeStates({ pascal }: Names, states: WorkState[]): Record<string, string>[] {
  const taken = new Set(takenMethods);
  return states.map((state) => {
    const method = identifierOf(state.name, taken);
    taken.add(method);
    const kind = kindOf(state, pascal);
    const output = state.output.filter(
      ({ name }) => !kind.output.some((line) => line.startsWith(`${name}:`)),
    );
    return {
      $stateInputFields: kind.input.join('\n'),
      $stateOutputFields: [...kind.output, ...output.map(({ name, type }) => `${name}?: ${type}`)].join('\n'),
      $stateBody: kind.body.join('\n'),
      $stateReturn: kind.result,
      $stateExampleInput: kind.example,
      $stateExampleOutput: kind.outcome,
      $stateName: literal(state.name),
      $State: `${method.charAt(0).toUpperCase()}${method.slice(1)}State`,
      $state: method,
    };
  });
}

interface Kind {
  input: string[];
  output: string[];
  body: string[];
  result: string;
  example: string;
  outcome: string;
}

function kindOf({ batch, waits, item, closes }: WorkState, pascal: string): Kind {
  if (batch) return rows;
  if (waits) return item ? waitingItem(pascal) : waiting(pascal);
  return closes === 'rows' ? closingRows : closes === 'files' ? closingFiles : plain;
}

const plain: Kind = {
  input: ['requestId: string'],
  output: ['requestId: string'],
  body: [],
  result: 'event.input',
  example: `{ requestId: 'r-1' }`,
  outcome: `{ requestId: 'r-1' }`,
};

const waiting = (pascal: string): Kind => ({
  ...plain,
  body: [
    '// The execution pauses here until somebody answers, with',
    '// mbc-flow approve <requestId> or, in your application, with',
    `// ${pascal}Service.answer(event.taskToken, { approved: true }).`,
    '// The value returned here is ignored.',
  ],
});

const waitingItem = (pascal: string): Kind => ({
  ...plain,
  body: [
    '// Start the work on this item, and hand event.taskToken on to it. The execution',
    '// goes on to the next one when it answers, with',
    `// ${pascal}Service.answer(event.taskToken, { total: 3, succeeded: 3 }).`,
  ],
});

const failure = '{ Error: string; Cause?: string }';

const closingRows: Kind = {
  ...plain,
  input: [
    'requestId: string',
    '/** Where the results of the batches are. */',
    'import?: any',
    '/** The import failed. */',
    `errorOutput?: ${failure}`,
  ],
  body: [
    '// Close what the first state opened, whether or not the import failed.',
    'const { errorOutput } = event.input',
    'if (errorOutput) throw new Error(errorOutput.Cause ?? errorOutput.Error)',
  ],
};

const closingFiles: Kind = {
  ...plain,
  input: [
    'requestId: string',
    '/** Each file with its answer, or what failed. */',
    `files: { key: string; result?: any; errorOutput?: ${failure} }[]`,
  ],
  body: [
    '// Close what the first state opened, whether or not every file was imported.',
    'const failed = event.input.files.filter((file) => file.errorOutput)',
    'if (failed.length > 0)',
    "  throw new Error(failed.map((file) => file.key).join(', ') + ' failed')",
  ],
  example: `{ requestId: 'r-1', files: [{ key: 'a.csv' }] }`,
};

const rows: Kind = {
  input: ['/** Rows of the CSV file: column -> cell. */', 'Items: Record<string, string>[]'],
  output: [
    'totalRows: number',
    'succeededRows: number',
    'failedRows: number',
    '/** Which of `Items` failed, and why: mbc-flow import reports their lines. */',
    'failures: { index: number; reason: string }[]',
  ],
  body: [
    'const { Items: rows } = event.input',
    'const failures: { index: number; reason: string }[] = []',
    'for (const [index, row] of rows.entries()) {',
    '  // Store the row here, and record the reason if that fails.',
    '  if (Object.values(row).every((cell) => cell === ""))',
    '    failures.push({ index, reason: "the row is empty" })',
    '}',
  ],
  result: [
    '{',
    '  totalRows: rows.length,',
    '  succeededRows: rows.length - failures.length,',
    '  failedRows: failures.length,',
    '  failures,',
    '}',
  ].join('\n'),
  example: `{ Items: [{ id: '1' }, { id: '' }] }`,
  outcome: `{ totalRows: 2, failures: [{ index: 1 }] }`,
};

/** As the text of a literal in single quotes, and of a comment. */
const literal = (name: string): string =>
  JSON.stringify(name).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'").replaceAll('*/', '*\\/');

function readsCsv(json: Json): boolean {
  if (Array.isArray(json)) return json.some(readsCsv);
  if (typeof json !== 'object' || json === null) return false;
  return 'ItemReader' in json || 'ResultWriter' in json || Object.values(json).some(readsCsv);
}
