import ts from 'typescript';
import type { Style } from '../project.js';
import { applyEdits, type Edit, insert, nodesOf, parseSource } from './edits.js';

const ended = new Set([
  ts.SyntaxKind.ImportDeclaration,
  ts.SyntaxKind.ExportDeclaration,
  ts.SyntaxKind.ExportAssignment,
  ts.SyntaxKind.VariableStatement,
  ts.SyntaxKind.ExpressionStatement,
  ts.SyntaxKind.ReturnStatement,
  ts.SyntaxKind.ThrowStatement,
  ts.SyntaxKind.TypeAliasDeclaration,
  ts.SyntaxKind.PropertyDeclaration,
  ts.SyntaxKind.PropertySignature,
  ts.SyntaxKind.IndexSignature,
]);

/** A template's text (two spaces, single quotes, no semicolons) in the style of the files around it. */
export function restyled(path: string, text: string, style: Style): string {
  const source = parseSource(path, text);
  if (!source) return text;
  const edits: Edit[] = [];
  for (const node of nodesOf(source)) {
    if (style.semicolon === ';' && ended.has(node.kind) && text[node.getEnd() - 1] !== ';')
      edits.push(insert(node.getEnd(), ';'));
    if (
      style.quote === '"' &&
      ts.isStringLiteral(node) &&
      !node.text.includes('"') &&
      text[node.getStart()] === "'"
    )
      edits.push({ from: node.getStart(), to: node.getEnd(), text: JSON.stringify(node.text) });
  }
  const lines = applyEdits(text, edits).split('\n');
  // A comment's asterisk stands a space behind the step.
  const indented = lines.map((line) =>
    line.replace(
      /^ +/,
      (spaces) => style.indent.repeat(Math.floor(spaces.length / 2)) + ' '.repeat(spaces.length % 2),
    ),
  );
  return indented.join(style.newline);
}
