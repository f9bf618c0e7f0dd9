// The errors by code, from where the sources make them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { code, page, table } from './markdown.mjs';

const exits = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  denied: 4,
  conflict: 5,
  unreachable: 6,
  bug: 70,
  timeout: 124,
  interrupted: 130,
  terminated: 143,
};

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
  for (const file of files.sort()) {
    const text = readFileSync(join(root, 'src', file), 'utf8');
    if (text.includes('FlowError('))
      errorsIn(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true), add);
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

function errorsIn(source, add) {
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
    const names = said(name, calls);
    for (const known of names.filter((one) => /^[A-Z]\w+$/.test(one))) {
      // Where a function makes it of its arguments, its callers say them.
      const own = enclosing(message);
      const at = own?.parameters.findIndex((one) => one.name.getText() === message.getText()) ?? -1;
      const messages =
        at < 0
          ? texts(message)
          : calls
              .filter((one) => one.expression.getText() === own.name)
              .flatMap((one) => (one.arguments[at] ? texts(one.arguments[at]) : []));
      const codes = [...exit.getText().matchAll(/exitCodes\.(\w+)/g)].map(([, word]) => exits[word]);
      for (const one of codes.length > 0 ? codes : [undefined])
        for (const text of messages.length > 0 ? messages : [''])
          add(known, one, text, hint && texts(hint)[0]);
    }
  }
}

/** What an expression says; where it is a parameter, what callers say, and its default. */
function said(node, calls) {
  if (!ts.isIdentifier(node)) return texts(node);
  const own = enclosing(node);
  const at = own?.parameters.findIndex((one) => one.name.getText() === node.text) ?? -1;
  if (at < 0) return [];
  const { initializer } = own.parameters[at];
  const callers = calls.filter((one) => one.expression.getText() === own.name && one.arguments[at]);
  return [...(initializer ? texts(initializer) : []), ...callers.flatMap((one) => texts(one.arguments[at]))];
}

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
  return [];
}

/** Of those that only a service or the system makes. */
const passed = {
  AuditNotWritten:
    'the change was made; keep the entry that the hint names, and add it when the trail can be written',
  Bug: 'report it, with the output of the same command under `-v`',
};

export const errorsPage = (codes) =>
  page('Errors by code', 'the sources', [
    'Every error has a code, which scripts may rely on: under `-o json`, standard error holds one line, `{"error":{"code","exitCode","message","where","hint"}}`. Codes and their exit codes are held by `test/contract/`. In messages, … stands for what is known only then.',
    'A code that is not in this table is AWS’s own (`ExecutionDoesNotExist`, `AccessDeniedException`, `ThrottlingException`) or the system’s (`ENOSPC`), with the exit code by its kind: not found 3, denied 4, conflict 5, unreachable or throttled 6.',
    table(
      ['code', 'exit code', 'meaning', 'what to do'],
      [...codes].map(([name, { exits: numbers, messages, hints }]) => [
        code(name),
        numbers.join(', '),
        messages.slice(0, 3).join('; '),
        passed[name] ?? hints.slice(0, 2).join('; '),
      ]),
    ),
  ]);
