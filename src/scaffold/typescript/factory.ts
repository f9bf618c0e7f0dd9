import ts from 'typescript';
import { routesTo } from '../names.js';
import { type Patched, type Project, type Style, styleOf } from '../project.js';
import {
  applyEdits,
  classesOf,
  decoratorCall,
  type Edit,
  importsOf,
  indentAt,
  insert,
  nodesOf,
  parseSource,
  specifierOf,
} from './edits.js';
import { importName } from './imports.js';

const core = '@mbc-cqrs-serverless/core';

/** What has to reach which event class. */
export interface Route {
  /** The machine's name without `<env>-<app>-`. */
  machine: string;
  /** Class that the event becomes, and the file that exports it, seen from the factory's folder. */
  event: string;
  from: string;
}

export interface Factory {
  path: string;
  className: string;
  text: string;
}

/** Every class that the framework would take for an event factory. */
export async function findFactories(project: Project): Promise<Factory[]> {
  const found: Factory[] = [];
  for (const path of await project.list('src', '.ts')) {
    const text = (await project.read(path)) ?? '';
    if (!text.includes('EventFactory')) continue;
    const source = parseSource(path, text);
    for (const node of source ? classesOf(source) : [])
      if (source && decoratorCall(source, node, 'EventFactory', core))
        found.push({ path, className: node.name?.text ?? 'default', text });
  }
  return found;
}

/**
 * Routes the events of a state machine to its event class, in the factory's `transformStepFunction`. The rest of
 * the file stays as it is, to the byte.
 */
export function addRoute({ path, className, text }: Factory, route: Route): Patched {
  const source = parseSource(path, text);
  const node = source && classesOf(source).find(({ name }) => (name?.text ?? 'default') === className);
  if (!source || !node) return { kind: 'refused', why: 'it cannot be parsed' };
  if (constructs(source, node, route)) return { kind: 'unchanged' };
  const style = styleOf(text);
  const event = importName(source, style, route.event, route.from);
  const method = transformer(node);
  const made = method
    ? intoMethod(source, style, method, route, event.local)
    : newMethod(source, style, node, route, event.local);
  if (typeof made === 'string') return { kind: 'refused', why: made };
  return { kind: 'patched', text: applyEdits(text, [...event.edits, ...made]) };
}

/** Whether the class makes the event already. */
function constructs(source: ts.SourceFile, node: ts.ClassDeclaration, { event, from }: Route): boolean {
  const locals = importsOf(source)
    .filter((declaration) => fileOf(specifierOf(declaration)) === fileOf(from))
    .flatMap(({ importClause }) => {
      const bindings = importClause?.namedBindings;
      return bindings && ts.isNamedImports(bindings) ? [...bindings.elements] : [];
    })
    .filter((element) => (element.propertyName ?? element.name).text === event)
    .map((element) => element.name.text);
  for (const child of nodesOf(node))
    if (ts.isNewExpression(child) && locals.includes(child.expression.getText())) return true;
  return false;
}

const fileOf = (specifier: string): string | undefined => specifier.split('/').at(-1)?.replace(/\.js$/, '');

type Transformer = ts.MethodDeclaration | ts.ArrowFunction | ts.FunctionExpression;

/** The class's own transformStepFunction: a method, or a property that holds a function. */
function transformer(node: ts.ClassDeclaration): Transformer | undefined {
  for (const member of node.members) {
    if (!member.name || !/^['"]?transformStepFunction['"]?$/.test(member.name.getText())) continue;
    if (ts.isMethodDeclaration(member) && member.body) return member;
    if (ts.isPropertyDeclaration(member) && member.initializer) {
      const { initializer } = member;
      if (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer)) return initializer;
    }
  }
  return undefined;
}

function intoMethod(
  source: ts.SourceFile,
  style: Style,
  method: Transformer,
  route: Route,
  eventClass: string,
): Edit[] | string {
  const { body } = method;
  if (!body) return 'its transformStepFunction has no body';
  const isAsync = method.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) === true;
  const parameter = eventParameter(style, method);
  if (typeof parameter === 'string') return parameter;
  const longer = longerNames(ts.isBlock(body) ? body.statements : [body], route.machine, source);
  if (typeof longer === 'string') return longer;
  const condition = conditionFor(route, parameter.name, longer, style);
  const events = isAsync
    ? `[new ${eventClass}(${parameter.name})]`
    : `Promise.resolve([new ${eventClass}(${parameter.name})])`;
  const edits = [...parameter.edits, ...widerType(source, method, eventClass)];
  if (!ts.isBlock(body)) {
    // An arrow without a block: it gets one.
    const indent = indentAt(source, method.getStart());
    const inner = indent + style.indent;
    const lines = [
      '{',
      ...ifBlock(condition, events, inner, style),
      `${inner}return ${body.getText()}${style.semicolon}`,
      `${indent}}`,
    ];
    return [...edits, { from: body.getStart(), to: body.getEnd(), text: lines.join(style.newline) }];
  }
  const [anchor] = body.statements;
  const inner = anchor
    ? indentAt(source, anchor.getStart())
    : indentAt(source, body.getStart()) + style.indent;
  const block = ifBlock(condition, events, inner, style).join(style.newline);
  const own = parameter.opening === undefined ? '' : `${inner}${parameter.opening}${style.newline}`;
  if (anchor && sameLine(source, body.getStart(), anchor.getStart())) {
    // `{ return … }` in one line: it takes its block apart.
    return [...edits, insert(anchor.getStart(), `${style.newline}${own}${block}${style.newline}${inner}`)];
  }
  const opening = own === '' ? [] : [insert(afterBrace(body), style.newline + own.trimEnd())];
  return [...edits, ...opening, insert(afterBrace(body), style.newline + block)];
}

const afterBrace = (body: ts.Block): number => body.getStart() + 1;

const sameLine = (source: ts.SourceFile, a: number, b: number): boolean =>
  source.getLineAndCharacterOfPosition(a).line === source.getLineAndCharacterOfPosition(b).line;

/** What the raw event is called in the method; a pattern in its place is taken apart in a statement instead. */
function eventParameter(
  style: Style,
  method: Transformer,
): { name: string; edits: Edit[]; opening?: string } | string {
  const [parameter] = method.parameters;
  if (!parameter) {
    return { name: 'event', edits: [insert(method.parameters.pos, 'event: any')] };
  }
  if (ts.isIdentifier(parameter.name)) return { name: parameter.name.text, edits: [] };
  const { body } = method;
  if (!body || !ts.isBlock(body) || body.statements.length === 0)
    return 'its transformStepFunction destructures its event in the parameter list';
  for (const node of nodesOf(method))
    if (ts.isIdentifier(node) && node.text === 'event')
      return 'its transformStepFunction destructures its event in the parameter list';
  const pattern = parameter.name;
  return {
    name: 'event',
    edits: [{ from: pattern.getStart(), to: pattern.getEnd(), text: 'event' }],
    opening: `const ${pattern.getText()} = event${style.semicolon}`,
  };
}

/** `Promise<OrderEvent[]>` must have room for the new class as well. */
function widerType(source: ts.SourceFile, method: Transformer, eventClass: string): Edit[] {
  const type = method.type;
  if (!type || !ts.isTypeReferenceNode(type) || type.typeName.getText(source) !== 'Promise') return [];
  const [list] = type.typeArguments ?? [];
  const element = list && ts.isArrayTypeNode(list) ? list.elementType : undefined;
  if (!element || /^(?:any|unknown|object|IEvent|[\w.]*\.IEvent)$/.test(element.getText(source))) return [];
  if (/\bIEvent\b|\bany\b/.test(element.getText(source))) return [];
  const inner = ts.isParenthesizedTypeNode(element) ? element.type : element;
  const text = `(${inner.getText(source)} | ${eventClass})`;
  return [{ from: element.getStart(source), to: element.getEnd(), text }];
}

function conditionFor({ machine }: Route, event: string, longer: string[], { quote }: Style): string {
  const name = `${event}.context.StateMachine.Name`;
  const others = longer.map((one) => `!${name}.includes(${quote}${one}${quote})`);
  return [`${routesTo(machine)}.test(${name})`, ...others].join(' && ');
}

const ifBlock = (condition: string, events: string, indent: string, style: Style): string[] => [
  ...opening(condition, indent, style.indent),
  `${indent}${style.indent}return ${events}${style.semicolon}`,
  `${indent}}`,
];

/** As prettier breaks it, which a project has perhaps still to install. */
function opening(condition: string, indent: string, step: string): string[] {
  const whole = `${indent}if (${condition}) {`;
  if (whole.length <= 80) return [whole];
  const inner = indent + step;
  const [, call, argument] = /^(\/\S+\.test)\((\S+)\)$/.exec(condition) ?? [];
  const broken =
    (inner + condition).length <= 80 || call === undefined
      ? [inner + condition]
      : [`${inner}${call}(`, `${inner}${step}${argument},`, `${inner})`];
  return [`${indent}if (`, ...broken, `${indent}) {`];
}

/**
 * Longer names that the method tests for and that the route would take as well, because they end with its machine's:
 * it leaves them alone. So it can stand before all tests for a part of its name. A string says why it can't.
 */
function longerNames(within: readonly ts.Node[], machine: string, source: ts.SourceFile): string[] | string {
  const ours = routesTo(machine);
  const tested = within.flatMap((node) => testedNames(node, source));
  if (tested.includes(machine)) return `it already routes ${machine}`;
  return [...new Set(tested.filter((name) => ours.test(name)))];
}

const comparing = new Set(['includes', 'startsWith', 'endsWith', 'indexOf', 'match', 'search', 'test']);

/** String literals that something is compared with in there. */
function testedNames(within: ts.Node, source: ts.SourceFile): string[] {
  const names: string[] = [];
  const add = (node: ts.Node): void => {
    const name = stringOf(node, source);
    if (name) names.push(name);
  };
  for (const node of nodesOf(within)) {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      if (!comparing.has(node.expression.name.text)) continue;
      const receiver = node.expression.expression;
      for (const argument of node.arguments) add(argument);
      for (const element of ts.isArrayLiteralExpression(receiver) ? receiver.elements : [receiver])
        add(element);
    } else if (ts.isBinaryExpression(node) && /^[=!]==?$/.test(node.operatorToken.getText(source))) {
      add(node.left);
      add(node.right);
    } else if (ts.isCaseClause(node)) add(node.expression);
  }
  return names;
}

/** A literal, a regular expression's plain text, or a constant of this file. */
function stringOf(node: ts.Node, source: ts.SourceFile): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isRegularExpressionLiteral(node))
    return node.text.replace(/^\/(.*)\/\w*$/, '$1').replaceAll(/\([^)]*\)\??|[\^$\\]/g, '');
  if (!ts.isIdentifier(node)) return undefined;
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations)
      if (name.getText(source) === node.text && initializer && ts.isStringLiteralLike(initializer))
        return initializer.text;
  }
  return undefined;
}

function newMethod(
  source: ts.SourceFile,
  style: Style,
  node: ts.ClassDeclaration,
  route: Route,
  eventClass: string,
): Edit[] | string {
  const extended = node.heritageClauses?.some(({ token }) => token === ts.SyntaxKind.ExtendsKeyword) === true;
  if (!extended)
    return `${node.name?.text ?? 'the factory'} has no base class: make it extend DefaultEventFactory`;
  const eventType = importName(source, style, 'IEvent', core, 'type');
  const rawType = importName(source, style, 'StepFunctionsEvent', core, 'type');
  const indent = indentAt(source, node.getStart()) + style.indent;
  const inner = indent + style.indent;
  const { newline, semicolon } = style;
  const overrides = node.members.some(
    (member) =>
      ts.canHaveModifiers(member) &&
      ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.OverrideKeyword),
  );
  const lines = [
    `${indent}${overrides ? 'override ' : ''}async transformStepFunction(`,
    `${inner}event: ${rawType.local}<any>,`,
    `${indent}): Promise<${eventType.local}[]> {`,
    ...ifBlock(conditionFor(route, 'event', [], style), `[new ${eventClass}(event)]`, inner, style),
    `${inner}return super.transformStepFunction(event)${semicolon}`,
    `${indent}}`,
  ].join(newline);
  const imports = [...eventType.edits, ...rawType.edits];
  const last = node.members.at(-1);
  if (last) return [...imports, insert(last.getEnd(), newline + newline + lines)];
  const [start, end] = [node.members.pos, node.getEnd() - 1];
  const comment = source.text.slice(start, end).trimEnd();
  return [...imports, { from: start, to: end, text: comment + newline + lines + newline }];
}
