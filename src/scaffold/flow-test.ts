import { stringify } from 'yaml';
import { isObject, type Json, type JsonObject } from '../json/json.js';
import type { MachineOptions } from './machine.js';
import { workStates } from './work-states.js';

type Answers = Record<string, JsonObject>;

interface Case {
  name: string;
  answers?: JsonObject;
  expect: JsonObject;
}

/** Tests of a machine that makeMachine has made: cases that take each of its transitions, as a `.flow.yaml`. */
export function flowTestOf(definition: JsonObject, input: JsonObject, options: MachineOptions): string {
  const usual = usualAnswers(definition, input);
  return [
    '# Tests of the state machine without its functions: mbc-flow test',
    `machine: ./${options.name}.asl.json`,
    '# What is answered where a case says nothing else. The framework replies [[what the method returned]].',
    'answers:',
    ...entries(usual, '  '),
    'cases:',
    ...[...casesOf(definition, options), busy(usual)].map(({ name, answers, expect }) =>
      [
        `  - name: ${name}`,
        `    input: ${inline(input)}`,
        ...(answers ? ['    answers:', ...entries(answers, '      ')] : []),
        '    expect:',
        ...entries(expect, '      '),
        '',
      ].join('\n'),
    ),
  ].join('\n');
}

/** In one line. */
function inline(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (!isObject(value)) return stringify(value, { lineWidth: 0 }).trimEnd();
  const members = Object.entries(value).map(([key, member]) => `${inline(key)}: ${inline(member)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

const entries = (object: JsonObject, indent: string): string[] =>
  Object.entries(object).map(([key, value]) => `${indent}${inline(key)}: ${inline(value)}`);

const replied = (returned: Json): JsonObject => ({ value: { Payload: [[returned]] } });

function usualAnswers(definition: JsonObject, input: JsonObject): Answers {
  const usual: Answers = {};
  for (const { name, batch, item, waits } of workStates(definition)) {
    if (batch) usual[name] = replied({ totalRows: 2, succeededRows: 2, failedRows: 0, failures: [] });
    else if (waits) usual[name] = { value: item ? { total: 3, succeeded: 3 } : { approved: true } };
    else usual[name] = replied(item ? { requestId: input.requestId ?? null } : input);
    if (batch) usual.import_rows = { items: [{ id: '1' }, { id: '2' }] };
  }
  return usual;
}

function casesOf(definition: JsonObject, { approval, csvImport, zipImport }: MachineOptions): Case[] {
  const usual = { name: approval ? 'approved' : 'runs to its end', expect: { path: wayThrough(definition) } };
  const waiting = 'wait_for_approval';
  return [
    usual,
    ...(approval
      ? [
          {
            name: 'rejected',
            answers: { [waiting]: { value: { approved: false } } },
            expect: { error: 'Rejected', visits: ['is_approved'] },
          },
          {
            name: 'nobody answers within a week',
            answers: { [waiting]: { never: true } },
            expect: { error: 'States.Timeout', avoids: ['is_approved'], duration: '7d' },
          },
        ]
      : []),
    ...(csvImport
      ? [
          {
            name: 'the CSV file cannot be read',
            answers: { import_rows: { error: 'States.ItemReaderFailed' } },
            expect: { visits: ['finalize_import'], avoids: ['import_batch'] },
          },
        ]
      : []),
    ...(zipImport
      ? [
          {
            name: 'the import of a file fails',
            answers: { import_file: { error: 'ImportFailed' } },
            expect: { visits: ['file_failed', 'finalize_zip_import'] },
          },
        ]
      : []),
  ];
}

/** Each state's retrier: the second attempt is answered as usual. */
function busy(usual: Answers): Case {
  const called = Object.keys(usual).filter((name) => usual[name]?.items === undefined);
  const throttled = { error: 'Lambda.TooManyRequestsException', attempt: 1 };
  const answers = Object.fromEntries(called.map((name) => [name, throttled]));
  return { name: 'every call is throttled once', answers, expect: { status: 'SUCCEEDED' } };
}

/** The states that are entered where everything succeeds. */
function wayThrough(definition: JsonObject): string[] {
  const states = definition.States as Record<string, JsonObject>;
  const way: string[] = [];
  for (let name = definition.StartAt; typeof name === 'string'; ) {
    way.push(name);
    const state: JsonObject = states[name] ?? {};
    const [first] = (state.Choices ?? []) as JsonObject[];
    const { StartAt: inner } = (state.ItemProcessor ?? {}) as JsonObject;
    // Two items, one batch, one file.
    if (typeof inner === 'string') way.push(...(name === 'process_items' ? [inner, inner] : [inner]));
    name = first?.Next ?? state.Next ?? '';
    if (name === '') break;
  }
  return way;
}
