import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MOST_LEVELS, parseJson, tooDeepAt } from '../../src/json/parse.mjs';

const nested = (levels: number): string => `${'[{"a":'.repeat(levels / 2)}1${'}]'.repeat(levels / 2)}`;

test('JSON is taken as deep as it may be, and no level deeper', () => {
  expect(parseJson(nested(MOST_LEVELS))).toEqual(JSON.parse(nested(MOST_LEVELS)));
  expect(() => parseJson(`[${nested(MOST_LEVELS)}]`)).toThrow(SyntaxError);
  expect(tooDeepAt(`[${nested(MOST_LEVELS)}]`)).toBe(1 + nested(MOST_LEVELS).lastIndexOf('{'));
});

test('brackets in texts are no levels, whatever stands before a quote', () => {
  for (const text of ['[', '\\[', '"[', '\\"[', '\\\\', '[\\'])
    expect(parseJson(JSON.stringify(new Array(2_000).fill(text)))).toHaveLength(2_000);
  expect(parseJson(JSON.stringify(new Array(2_000).fill([])))).toHaveLength(2_000);
});

/** V8 takes arguments on its stack: some hundred thousand end it. */
const SPREAD = /\b(?:push|unshift|Math\.(?:max|min)|String\.from(?:CharCode|CodePoint))\((?:[\w]+, )?\.\.\./;

test('rooms that carry data from outside pass no list of it as arguments', () => {
  const rooms = [
    'asl',
    'aws',
    'csv',
    'events',
    'jsonata',
    'lint',
    'local',
    'operations',
    'template',
    'workflow',
  ];
  const src = join(import.meta.dirname, '../../src');
  const found = rooms.flatMap((room) =>
    readdirSync(join(src, room), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(ts|mjs)$/.test(file))
      .flatMap((file) =>
        readFileSync(join(src, room, file), 'utf8')
          .split('\n')
          .flatMap((line, at) =>
            SPREAD.test(line) ? [`src/${room}/${file}:${at + 1}: ${line.trim()}`] : [],
          ),
      ),
  );
  expect(found).toEqual([]);
});
