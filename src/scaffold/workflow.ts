import type { Json, JsonObject } from '../json/json.js';
import { sortImports } from './import-order.js';
import { makeMachine } from './machine.js';
import { identifierOf, type Names } from './names.js';
import { type Filling, render } from './render.js';
import type { WorkState } from './work-states.js';
import { workStates } from './work-states.js';

/** What a workflow's files are made from. */
export interface Workflow {
  names: Names;
  definition: JsonObject;
  filling: Filling;
}

export interface WorkflowOptions {
  states?: string[];
  approval: boolean;
  map: boolean;
  csvImport: boolean;
  queryLanguage: 'JSONPath' | 'JSONata';
  /** An existing machine, whose states get their methods. */
  from?: JsonObject;
}

export const defaultStates = ['initialize', 'process', 'finalize'];

export function makeWorkflow(names: Names, options: WorkflowOptions): Workflow {
  const definition =
    options.from ?? makeMachine({ ...options, name: names.kebab, states: options.states ?? defaultStates });
  const states = workStates(definition);
  return {
    names,
    definition,
    filling: {
      names,
      words: { $answer: states.some(({ wrapped }) => wrapped) ? '{ Payload: [[answer]] }' : 'answer' },
      flags: {
        waits: states.some(({ waits }) => waits),
        csv: readsCsv(definition),
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
  construct: ['infra/libs/sample-workflow-state-machine.ts'],
};

/** The workflow's files of some kinds. `template` reads a template by its path. */
export function workflowFiles(
  { names, filling, definition }: Workflow,
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
  return [...made, { path: machineFile(names), text: `${JSON.stringify(definition, null, 2)}\n` }];
}

export const machineFile = ({ kebab }: Names): string => `infra/state-machines/${kebab}.asl.json`;

function describeStates({ pascal }: Names, states: WorkState[]): Record<string, string>[] {
  const taken = new Set(['execute', 'logger', 'constructor']);
  return states.map((state) => {
    const method = identifierOf(state.name, taken);
    taken.add(method);
    const kind = state.batch ? batch : state.waits ? waiting(pascal) : plain;
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

const batch: Kind = {
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
