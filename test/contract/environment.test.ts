import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { environmentTerms } from '../../src/cli/shell/help/environment.js';

/** What the sources set for others, or read for their own tests. */
const others = /^(AWS_|MBC_FLOW_PUBLISHED)/;

test('every environment variable that is read is in the reference', () => {
  const root = join(import.meta.dirname, '../../src');
  const texts = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(tsx?|mjs)$/.test(file))
    .map((file) => readFileSync(join(root, file), 'utf8'));
  const read = texts.flatMap((text) =>
    [...text.matchAll(/\b(?:env|app|environment)\??\.([A-Z][A-Z0-9_]{2,})/g)].map(([, name = '']) => name),
  );
  const said = environmentTerms.map(([names, what]) => `${names} ${what}`).join(' ');
  expect(read.length).toBeGreaterThan(30);
  expect([...new Set(read)].filter((name) => !others.test(name) && !said.includes(name))).toEqual([]);
});
