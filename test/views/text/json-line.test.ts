import { expect, test } from 'vitest';
import { jsonLine } from '../../../src/views/text/json-line.js';

test.each([
  ['{"id":"o-1","amount":3}', 'id: o-1 · amount: 3'],
  // What it is about is often one level down, under the name of the thing.
  ['{"step":"ask","order":{"id":"o-1","amount":3}}', 'step: ask · id: o-1 · amount: 3'],
  ['{"order":{"id":"o-1","lines":[1,2]},"step":"ask"}', 'step: ask · id: o-1'],
  ['{"order":{"lines":{"first":1}}}', '{"order":{"lines":{"first":1}}}'],
  ['[1,2]', '[1,2]'],
  ['"plain"', 'plain'],
])('of %s the line is %s', (text, line) => expect(jsonLine(text)).toBe(line));
