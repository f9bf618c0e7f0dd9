import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const sources = join(import.meta.dirname, '../../src');

/** The texts that an expression may have; what is filled in is a word, or nothing where it is flags. */
function textsOf(node: ts.Expression): string[] {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isParenthesizedExpression(node)) return textsOf(node.expression);
  if (ts.isConditionalExpression(node)) return [...textsOf(node.whenTrue), ...textsOf(node.whenFalse)];
  if (!ts.isTemplateExpression(node))
    return [/^[\w.]*(?:[fF]lags(?:ForHints)?|more)\b(?! *\()/.test(node.getText()) ? '' : 'x'];
  return node.templateSpans.reduce(
    (begun, { expression, literal }) =>
      begun.flatMap((text) => textsOf(expression).map((filled) => text + filled + literal.text)),
    [node.head.text],
  );
}

/** Every text in the sources, with where it stands. */
export function* allTexts(): Generator<[where: string, text: string, node: ts.Node]> {
  for (const entry of readdirSync(sources, { recursive: true, withFileTypes: true })) {
    if (!/\.tsx?$/.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const text = readFileSync(path, 'utf8');
    if (!text.includes('mbc-flow ')) continue;
    const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    const found: [string, string, ts.Node][] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) {
        const { line } = file.getLineAndCharacterOfPosition(node.getStart());
        for (const text of textsOf(node))
          found.push([`${path.slice(sources.length + 1)}:${line + 1}`, text, node]);
        if (ts.isStringLiteralLike(node)) return;
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
    yield* found;
  }
}
