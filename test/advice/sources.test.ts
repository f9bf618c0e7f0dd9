import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.js';
import { problemOf } from './line.js';

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
function* allTexts(): Generator<[where: string, text: string]> {
  for (const entry of readdirSync(sources, { recursive: true, withFileTypes: true })) {
    if (!/\.tsx?$/.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const text = readFileSync(path, 'utf8');
    if (!text.includes('mbc-flow ')) continue;
    const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    const found: [string, string][] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) {
        const { line } = file.getLineAndCharacterOfPosition(node.getStart());
        for (const text of textsOf(node)) found.push([`${path.slice(sources.length + 1)}:${line + 1}`, text]);
        if (ts.isStringLiteralLike(node)) return;
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
    yield* found;
  }
}

const names = new Set(commands.flatMap(({ name, aliases = [] }) => [name.split(' ')[0] ?? '', ...aliases]));

test('every command line in a text of ours can be typed', () => {
  const bad: string[] = [];
  let lines = 0;
  for (const [where, text] of allTexts()) {
    // Completion scripts have a hidden command; the reports of others' tools have our name.
    if (/completion-words|junit|lint-reports|file-schema/.test(where)) continue;
    for (const one of text.split('\n')) {
      const [line] = /^ *(?:mbc-flow .*)$/.exec(one) ?? [];
      const alone = line?.trim().replace(/ {2,}\S.*$/, '');
      if (alone !== undefined && !/^mbc-flow (?:failed:|does not|\S*x\b|\()/.test(alone)) {
        lines++;
        const problem = problemOf(alone);
        if (problem !== undefined) bad.push(`${where}: ${alone}: ${problem}`);
      } else
        for (const [, name = ''] of one.matchAll(/\bmbc-flow ([a-z]{3,})(?=[\s.,;:)`']|$)/g)) {
          lines++;
          if (!names.has(name) && !prose.has(name) && !name.endsWith('x'))
            bad.push(`${where}: mbc-flow ${name}: no command`);
        }
    }
  }
  expect(bad).toEqual([]);
  expect(lines).toBeGreaterThan(300);
});

/** What a sentence about mbc-flow goes on with. */
const prose = new Set(['failed', 'does', 'reads', 'and', 'needs']);
