import ts from 'typescript';
import { expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.js';
import { reaching, reachingCommands } from '../../src/workflow/names/hint-target-flags.js';
import { allTexts } from './texts.js';

const flags = ' --target prod';

test.each([
  ['mbc-flow list', `mbc-flow list${flags}`],
  [
    "add --again; mbc-flow show 'a, b; c'; or leave it",
    `add --again; mbc-flow show 'a, b; c'${flags}; or leave it`,
  ],
  ['aws sso login && mbc-flow watch @last', `aws sso login && mbc-flow watch @last${flags}`],
  ['(mbc-flow trigger stream)', `(mbc-flow trigger stream${flags})`],
  ['mbc-flow resume --token-stdin < token.txt', `mbc-flow resume --token-stdin${flags} < token.txt`],
  [
    'Resume with mbc-flow watch @last or mbc-flow dev',
    `Resume with mbc-flow watch @last${flags} or mbc-flow dev`,
  ],
  [
    'see mbc-flow show x, then mbc-flow logs x.',
    `see mbc-flow show x${flags}, then mbc-flow logs x${flags}.`,
  ],
  [`mbc-flow start m --input '{"a": 1}'`, `mbc-flow start m --input '{"a": 1}'${flags}`],
  ['mbc-flow test --record @last', `mbc-flow test --record @last${flags}`],
])('a command in a hint reaches the target: %s', (hint, told) => {
  expect(reaching(hint, flags)).toBe(told);
});

test.each([
  'mbc-flow demo --local',
  'mbc-flow list --target=dev',
  'mbc-flow show x --endpoint-url http://127.0.0.1:8083',
  'mbc-flow lint order.asl.json',
  'mbc-flow test',
  'mbc-flow --help',
  'mbc-flow import --help',
  'mbc-flow failed: mbc-flow',
  'mbc-flow does not know it',
])('what says its own target, or reaches none, stays: %s', (hint) => {
  expect(reaching(hint, flags)).toBe(hint);
});

test('a command in a hint reaches the data directory that was given; so does dev, which reaches no target', () => {
  const given = ` --target env --data-dir 'お客様 A'`;
  const hint = 'Resume with mbc-flow watch @last or mbc-flow dev --functions x; mbc-flow lint a.json';
  expect(reaching(hint, given)).toBe(
    `Resume with mbc-flow watch @last${given} or mbc-flow dev --functions x --data-dir 'お客様 A'; mbc-flow lint a.json`,
  );
  expect(reaching('mbc-flow dev --data-dir there', given)).toBe('mbc-flow dev --data-dir there');
});

test('every command is known to reach a target, or not to', () => {
  const names = new Set(commands.map(({ name }) => name.split(' ')[0] ?? ''));
  const here = ['completion', 'demo', 'dev', 'graph', 'help', 'init', 'lint', 'scaffold'];
  expect([...names].sort()).toEqual([...reachingCommands, ...here].sort());
});

/** A command that is spoken of, not one to type: what it would need is not known there. */
const isProse = (text: string): boolean =>
  /mbc-flow rerun takes|mbc-flow import takes|pauses until mbc-flow approve/.test(text);

/** What is told through these gets the flags there; declarations show what can be typed anywhere. */
const told =
  /^(?:hint|missing|example|line|notice|refuse|interrupted|readDefinitionFile|throw|new FlowError)$/;

function isTold(node: ts.Node): boolean {
  for (let at: ts.Node | undefined = node; at; at = at.parent) {
    if (ts.isPropertyAssignment(at) && told.test(at.name.getText())) return true;
    if (ts.isCallExpression(at) && told.test(at.expression.getText().split('.').at(-1) ?? '')) return true;
    if (ts.isNewExpression(at) && at.expression.getText() === 'FlowError') return true;
    if (ts.isThrowStatement(at)) return true;
  }
  return false;
}

test('every command to type that is not told as a hint or a notice has the flags of its target', () => {
  const bad: string[] = [];
  let seen = 0;
  for (const [where, text, node] of allTexts()) {
    if (reaching(text, flags) === text) continue;
    seen++;
    if (/^(?:scaffold|console\/page|cli\/shell\/help|workflow\/failure)\//.test(where) || isProse(text))
      continue;
    const own = /[fF]lags|hintReference/.test(node.getText()) || /[fF]lags/.test(node.parent.getText());
    if (!own && !isTold(node)) bad.push(`${where}: ${text}`);
  }
  expect(bad).toEqual([]);
  expect(seen).toBeGreaterThan(100);
});
