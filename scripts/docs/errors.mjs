// The errors by code, from where the sources make them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { errorMeanings } from './error-meanings.mjs';
import { code, page, table } from './markdown.mjs';

/** `exitCodes` of src/errors.ts, as it stands there. */
function exitsIn(source) {
  const numbers = {};
  const visit = (node) => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === 'exitCodes')
      for (const { name, initializer } of node.initializer.expression.properties)
        numbers[name.getText()] = Number(initializer.getText());
    ts.forEachChild(node, visit);
  };
  visit(source);
  return numbers;
}

/** @returns {Map<string, {exits: number[], messages: string[], hints: string[]}>} by code, sorted */
export function errorCodes(root) {
  const found = new Map();
  const add = (name, exit, message, hint) => {
    const entry = found.get(name) ?? { exits: new Set(), messages: new Set(), hints: new Set() };
    found.set(name, entry);
    if (exit !== undefined) entry.exits.add(exit);
    if (message) entry.messages.add(message);
    if (hint) entry.hints.add(hint);
  };
  const files = readdirSync(join(root, 'src'), { recursive: true }).filter((file) => /\.tsx?$/.test(file));
  const parsed = (file, text) => ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const textOf = (file) => readFileSync(join(root, 'src', file), 'utf8');
  const exits = exitsIn(parsed('errors.ts', textOf('errors.ts')));
  for (const file of files.sort()) {
    const text = textOf(file);
    if (text.includes('FlowError(')) errorsIn(parsed(file, text), exits, add);
  }
  return new Map(
    [...found]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { exits: codes, messages, hints }]) => [
        name,
        { exits: [...codes].sort((a, b) => a - b), messages: [...messages], hints: [...hints] },
      ]),
  );
}

/** As the golden file has them. */
export const exitCodesOfErrors = (codes) =>
  Object.fromEntries([...codes].map(([name, { exits: numbers }]) => [name, numbers]));

function errorsIn(source, exits, add) {
  const calls = [];
  const made = [];
  const visit = (node) => {
    if (ts.isNewExpression(node) && node.expression.getText() === 'FlowError') made.push(node);
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) calls.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  for (const { arguments: given = [] } of made) {
    const [exit, name, message, more] = given;
    if (!name) continue;
    const hint = more && ts.isObjectLiteralExpression(more) ? memberOf(more, 'hint') : undefined;
    const own = enclosing(name);
    // Where a function makes it of its arguments, each of its callers says one.
    const callers = own && [exit, name, message, hint].some((one) => parameterAt(own, one) >= 0);
    const ways = callers ? calls.filter((one) => one.expression.getText() === own.name) : [undefined];
    for (const call of ways) {
      const of = (node) => {
        const at = own ? parameterAt(own, node) : -1;
        return call && at >= 0 ? (call.arguments[at] ?? own.parameters[at].initializer) : node;
      };
      const said = (node) => (of(node) ? texts(of(node)) : []);
      const exitNames = [
        ...of(exit)
          .getText()
          .matchAll(/exitCodes\.(\w+)/g),
      ].map(([, word]) => exits[word]);
      const messages = said(message);
      for (const known of codesIn(of(name)))
        for (const one of exitNames.length > 0 ? exitNames : [undefined])
          for (const text of messages.length > 0 ? messages : ['']) add(known, one, text, said(hint)[0]);
    }
  }
}

/** A name that comes from the service is not one of ours. */
const codesIn = (node) =>
  node && !ts.isIdentifier(node) ? texts(node).filter((one) => /^[A-Z]\w+$/.test(one)) : [];

const parameterAt = ({ parameters }, node) =>
  node && ts.isIdentifier(node) ? parameters.findIndex((one) => one.name.getText() === node.text) : -1;

const memberOf = (object, name) =>
  object.properties.find((one) => ts.isPropertyAssignment(one) && one.name.getText() === name)?.initializer;

/** The function around a node, with its parameters and the name that it is called by. */
function enclosing(node) {
  for (let at = node; at; at = at.parent) {
    if (ts.isFunctionDeclaration(at)) return { parameters: at.parameters, name: at.name?.text };
    if (ts.isArrowFunction(at) && ts.isVariableDeclaration(at.parent))
      return { parameters: at.parameters, name: at.parent.name.getText() };
  }
  return undefined;
}

/** What an expression may say; … stands for what is known only then. */
function texts(node) {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return [node.text];
  if (ts.isTemplateExpression(node))
    return [
      (node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('')).replaceAll(
        /…(\s*…)+/g,
        '…',
      ),
    ];
  if (ts.isConditionalExpression(node)) return [...texts(node.whenTrue), ...texts(node.whenFalse)];
  if (ts.isParenthesizedExpression(node)) return texts(node.expression);
  if (ts.isBinaryExpression(node) && node.operatorToken.getText() === '??') return texts(node.right);
  if (ts.isIdentifier(node)) {
    const initializer = constant(node);
    return initializer ? texts(initializer) : [];
  }
  // Lines that are joined: the first says what it is.
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    const { expression, name } = node.expression;
    if (name.text === 'join' && ts.isArrayLiteralExpression(expression) && expression.elements[0])
      return texts(expression.elements[0]);
  }
  return [];
}

/** What the constant of this name, in a block around it, is set to. */
function constant(node) {
  for (let at = node.parent; at; at = at.parent) {
    if (!ts.isBlock(at) && !ts.isSourceFile(at)) continue;
    for (const statement of at.statements) {
      if (!ts.isVariableStatement(statement)) continue;
      const found = statement.declarationList.declarations.find((one) => one.name.getText() === node.text);
      if (found) return found.initializer;
    }
  }
  return undefined;
}

/** @returns {[code: string, exits: string, meaning: string, remedy: string][]} */
export const errorRows = (codes) =>
  [...codes].map(([name, { exits: numbers, messages, hints }]) => {
    const [meaning = '', remedy = ''] = errorMeanings[name] ?? [];
    return [
      name,
      numbers.join(', '),
      meaning || messages.slice(0, 3).join('; '),
      remedy || hints.slice(0, 2).join('; '),
    ];
  });

export const errorsPage = (codes) =>
  page('Errors by code', 'the sources', [
    'Every error has a code, which scripts may rely on: under `-o json`, standard error holds one line, `{"error":{"code","exitCode","message","where","hint"}}`. Codes and their exit codes are held by `test/contract/`. In messages, … stands for what is known only then.',
    'A code that is not in this table is AWS’s own (`ExecutionDoesNotExist`, `AccessDeniedException`, `ThrottlingException`) or the system’s (`ENOSPC`), with the exit code by its kind: not found 3, denied 4, conflict 5, unreachable or throttled 6.',
    table(
      ['code', 'exit code', 'meaning', 'what to do'],
      errorRows(codes).map(([name, ...rest]) => [code(name), ...rest]),
    ),
  ]);
