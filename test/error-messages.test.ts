import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const src = join(import.meta.dirname, '../src');

/** Names begin with a capital letter wherever they stand. */
const names =
  /^(?:[A-Z]\w*[A-Z0-9]\w*|[A-Z0-9]+|CloudWatch|Parquet|Serverless|Lambda|Parameters|Map|Parallel|Choice|Wait|Task|Pass|Items?|Node\.js|Express|Standard|Excel|Windows)\b/;

/** Where a message begins and how it ends, as far as its text says it; `${…}` at an end says nothing. */
function endsOf(node: ts.Expression): { first?: string; last?: string } {
  if (ts.isStringLiteralLike(node)) return { first: node.text, last: node.text };
  if (ts.isTemplateExpression(node)) {
    const last = node.templateSpans.at(-1)?.literal.text;
    return { first: node.head.text || undefined, last: last || undefined };
  }
  return {};
}

/** The messages of all errors that a command ends with: each where it is made. */
function* messages(): Generator<{ place: string; soft: boolean; node: ts.Expression }> {
  for (const path of readdirSync(src, { recursive: true, encoding: 'utf8' })) {
    if (!/\.tsx?$/.test(path) || path.startsWith('local/')) continue;
    const text = readFileSync(join(src, path), 'utf8');
    if (!text.includes('new FlowError')) continue;
    const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    const found: { place: string; soft: boolean; node: ts.Expression }[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isNewExpression(node) && node.expression.getText(file) === 'FlowError') {
        const [code, , message] = node.arguments ?? [];
        const soft = /exitCodes\.(interrupted|timeout|terminated)/.test(code?.getText(file) ?? '');
        const line = file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
        const options =
          message && ts.isConditionalExpression(message) ? [message.whenTrue, message.whenFalse] : [message];
        for (const one of options) if (one) found.push({ place: `${path}:${line}`, soft, node: one });
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
    yield* found;
  }
}

test('the message of an error begins as a phrase does, and one that is no more than that ends without a full stop', () => {
  const bad: string[] = [];
  let seen = 0;
  for (const { place, soft, node } of messages()) {
    const { first, last } = endsOf(node);
    if (first === undefined && last === undefined) continue;
    seen++;
    // An interruption is told in sentences: there is no "error:" before it.
    if (soft) continue;
    if (first !== undefined && /^[A-Z]/.test(first) && !names.test(first)) bad.push(`${place}: ${first}`);
    if (
      last?.endsWith('.') &&
      !/[.;] \S/.test(`${first ?? ''} ${last}`.slice(0, -1)) &&
      !last.endsWith('etc.')
    )
      bad.push(`${place}: …${last}`);
  }
  expect(bad).toEqual([]);
  expect(seen).toBeGreaterThan(150);
});
