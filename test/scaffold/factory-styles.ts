import fc from 'fast-check';

/** One way in which somebody may have written an event factory. */
export interface FactoryFile {
  text: string;
  /** Machine names that the file tests for, in its order, with how. */
  routes: { name: string; test: 'includes' | 'endsWith' | 'equals' | 'regex' }[];
}

export const core = '@mbc-cqrs-serverless/core';

/** Names that contain each other, and some that do not. */
const names = [
  'approval',
  'order',
  'order-approval',
  'approval-2',
  'import',
  'import-csv-2',
  'app',
  'nightly',
  'a',
];

const style = fc.record({
  quote: fc.constantFrom("'", '"'),
  semicolon: fc.constantFrom('', ';'),
  indent: fc.constantFrom('  ', '    ', '\t'),
  newline: fc.constantFrom('\n', '\n', '\r\n'),
  imports: fc.constantFrom('named', 'lines', 'alias', 'namespace', 'types apart'),
  heritage: fc.constantFrom('extends default', 'extends default', 'extends own', 'implements', 'nothing'),
  exported: fc.constantFrom('export class', 'export default class'),
  method: fc.constantFrom('none', 'async', 'promise', 'arrow', 'arrow expression'),
  parameter: fc.constantFrom('event', 'raw', 'e', 'pattern'),
  parameterType: fc.constantFrom('StepFunctionsEvent<any>', 'any', 'StepFunctionsEvent<{ id: string }>'),
  result: fc.constantFrom('', 'IEvent[]', 'OtherEvent[]', 'any[]'),
  form: fc.constantFrom('if', 'else if', 'block', 'switch', 'flags', 'ternary', 'try'),
  logs: fc.boolean(),
  comments: fc.boolean(),
  otherMethod: fc.boolean(),
  ends: fc.constantFrom('super', 'empty'),
});
type Style = typeof style extends fc.Arbitrary<infer T> ? T : never;

const routes = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom(...names),
    test: fc.constantFrom(
      'includes' as const,
      'includes' as const,
      'endsWith' as const,
      'equals' as const,
      'regex' as const,
    ),
  }),
  { maxLength: 4, selector: ({ name }) => name },
);

export const factoryFile: fc.Arbitrary<FactoryFile> = fc.record({ style, routes }).map((made) => ({
  text: write(made.style, made.routes),
  routes: made.style.method === 'none' ? [] : made.routes,
}));

function write(how: Style, tests: FactoryFile['routes']): string {
  const { quote: q, semicolon: s, indent: i } = how;
  const lines = [
    ...imports(how),
    `import { OtherEvent, OwnFactory } from ${q}./others${q}${s}`,
    '',
    ...(how.comments ? ['/** 承認などのイベント。 */'] : []),
    `@${nameOf('EventFactory', how)}()`,
    `${how.exported} Factory${heritage(how)} {`,
    ...(how.logs ? [`${i}private readonly names: string[] = []${s}`, ''] : []),
    ...method(how, tests),
    ...(how.otherMethod
      ? ['', `${i}async transformSns(event: any): Promise<any[]> {`, `${i}${i}return [event]${s}`, `${i}}`]
      : []),
    '}',
    '',
  ];
  return lines.join(how.newline);
}

const nameOf = (name: string, { imports: form }: Style): string =>
  form === 'namespace' ? `core.${name}` : form === 'alias' && name === 'EventFactory' ? 'Factory_' : name;

function imports(how: Style): string[] {
  const { quote: q, semicolon: s, indent: i } = how;
  const used = ['DefaultEventFactory', 'EventFactory', 'IEvent', 'StepFunctionsEvent'];
  switch (how.imports) {
    case 'namespace':
      return [`import * as core from ${q}${core}${q}${s}`];
    case 'alias':
      return [
        `import { DefaultEventFactory, EventFactory as Factory_, IEvent, StepFunctionsEvent } from ${q}${core}${q}${s}`,
      ];
    case 'lines':
      return ['import {', ...used.map((name) => `${i}${name},`), `} from ${q}${core}${q}${s}`];
    case 'types apart':
      return [
        `import { DefaultEventFactory, EventFactory } from ${q}${core}${q}${s}`,
        `import type { IEvent, StepFunctionsEvent } from ${q}${core}${q}${s}`,
      ];
    default:
      return [`import { ${used.join(', ')} } from ${q}${core}${q}${s}`];
  }
}

function heritage(how: Style): string {
  if (how.heritage === 'extends own') return ' extends OwnFactory';
  if (how.heritage === 'nothing') return '';
  // Its other methods are not there: a class that only claims to implement would not compile.
  if (how.heritage === 'implements') return ` implements Partial<${nameOf('DefaultEventFactory', how)}>`;
  return ` extends ${nameOf('DefaultEventFactory', how)}`;
}

function method(how: Style, tests: FactoryFile['routes']): string[] {
  if (how.method === 'none') return [];
  const { indent: i, semicolon: s } = how;
  const async = how.method !== 'promise';
  const expression = how.method === 'arrow expression';
  const pattern = how.parameter === 'pattern' && how.method === 'async' && !superCall(how);
  const event = pattern ? '{ context }' : how.parameter === 'pattern' ? 'event' : how.parameter;
  const type = how.parameterType.startsWith('Step') ? nameOf(how.parameterType, how) : how.parameterType;
  const result =
    how.result === '' ? '' : `: Promise<${how.result === 'IEvent[]' ? nameOf('IEvent[]', how) : how.result}>`;
  const value = (text: string): string => (async ? text : `Promise.resolve(${text})`);
  const machine = pattern ? 'context.StateMachine.Name' : `${event}.context.StateMachine.Name`;
  const source = pattern ? 'context' : event;
  const last = superCall(how) ? `super.transformStepFunction(${event})` : value('[]');
  const made = (name: string): string =>
    value(`[new OtherEvent(${how.quote}${name}${how.quote}, ${source})]`);
  const typed = how.result === 'OtherEvent[]' && superCall(how) ? ': Promise<any[]>' : result;
  if (expression) {
    const chain = tests.reduceRight(
      (rest, one) => `${condition(one, machine, how)} ? ${made(one.name)} : ${rest}`,
      last,
    );
    return [
      `${i}transformStepFunction = async (${event}: ${type})${typed} => ${superCall(how) ? value('[]') : chain}${s}`,
    ];
  }
  const body = statements(how, tests, { machine, last, made }).map((line) => `${i}${i}${line}`);
  if (how.method === 'arrow')
    return [`${i}transformStepFunction = async (${event}: ${type})${typed} => {`, ...body, `${i}}${s}`];
  return [`${i}${async ? 'async ' : ''}transformStepFunction(${event}: ${type})${typed} {`, ...body, `${i}}`];
}

const superCall = ({ ends, heritage: from, method: form }: Style): boolean =>
  ends === 'super' && from.startsWith('extends') && !form.startsWith('arrow');

function statements(
  how: Style,
  tests: FactoryFile['routes'],
  { machine, last, made }: { machine: string; last: string; made: (name: string) => string },
): string[] {
  const { indent: i, semicolon: s } = how;
  const end = `return ${last}${s}`;
  const note = how.comments ? ['// 順序に注意'] : [];
  const log = how.logs ? [`this.names.push(${machine})${s}`] : [];
  const ifs = tests.map((one) => `if (${condition(one, machine, how)}) return ${made(one.name)}${s}`);
  switch (how.form) {
    case 'block':
      return [
        ...note,
        ...log,
        ...tests.flatMap((one) => [
          `if (${condition(one, machine, how)}) {`,
          `${i}return ${made(one.name)}${s}`,
          '}',
        ]),
        end,
      ];
    case 'else if': {
      const [first, ...others] = ifs;
      return [...log, ...(first ? [first, ...others.map((line) => `else ${line}`)] : []), ...note, end];
    }
    case 'switch':
      return [
        ...log,
        'switch (true) {',
        ...tests.flatMap((one) => [
          `${i}case ${condition(one, machine, how)}:`,
          `${i}${i}return ${made(one.name)}${s}`,
        ]),
        `${i}default:`,
        `${i}${i}return ${last}${s}`,
        '}',
      ];
    case 'flags':
      return [
        `const name = ${machine}${s}`,
        ...tests.map((one, index) => `const is${index} = ${condition(one, 'name', how)}${s}`),
        ...tests.map((one, index) => `if (is${index}) return ${made(one.name)}${s}`),
        end,
      ];
    case 'ternary': {
      const chain = tests.reduceRight(
        (rest, one) => `${condition(one, machine, how)} ? ${made(one.name)} : ${rest}`,
        last,
      );
      return [...note, `return ${chain}${s}`];
    }
    case 'try':
      return [
        'try {',
        ...ifs.map((line) => i + line),
        `${i}${end}`,
        '} catch (error) {',
        `${i}throw error${s}`,
        '}',
      ];
    default:
      return [...log, ...note, ...ifs, end];
  }
}

function condition(
  { name, test }: FactoryFile['routes'][number],
  machine: string,
  { quote: q }: Style,
): string {
  switch (test) {
    case 'equals':
      return `${machine} === ${q}${name}${q}`;
    case 'regex':
      return `/${name}$/.test(${machine})`;
    default:
      return `${machine}.${test}(${q}${name}${q})`;
  }
}
