import { describe, expect, test } from 'vitest';
import { evaluate, isPath, PathNotFound, parsePath, writePath } from '../../../src/asl/data/json-path.js';
import type { Json } from '../../../src/json/json.js';

const store: Json = {
  books: [
    { title: 'A', price: 8, tags: ['x'] },
    { title: 'B', price: 12, isbn: '1', tags: ['x', 'y'] },
    { title: 'C', price: 20, isbn: '2', tags: [] },
  ],
  'odd name': { 'it.s': 1 },
  limit: 10,
};

describe('evaluate', () => {
  test.each<[string, Json]>([
    ['$', store],
    ['$.books[0].title', 'A'],
    ['$.books[-1].title', 'C'],
    ["$['odd name']['it.s']", 1],
    ['$.books[*].title', ['A', 'B', 'C']],
    ['$.books[1:].title', ['B', 'C']],
    ['$.books[:1].title', ['A']],
    ['$.books[-2:].title', ['B', 'C']],
    ['$.books[0,2].title', ['A', 'C']],
    ['$..title', ['A', 'B', 'C']],
    ['$.books[?(@.isbn)].title', ['B', 'C']],
    ['$.books[?(@.price < 10)].title', ['A']],
    ['$.books[?(@.price > $.limit && @.title != "C")].title', ['B']],
    ["$.books[?(@.title == 'A' || @.title == 'C')].price", [8, 20]],
    ['$.books[?(!(@.isbn))].title', ['A']],
    ["$.books[?(@.title in ['A', 'B'])].title", ['A', 'B']],
    ['$.books[?(@.tags size 2)].title', ['B']],
    ['$.books[?(@.title =~ /[ab]/i)].title', ['A', 'B']],
    ['$.books[?(@.price > 99)]', []],
    ['$.books.[0].title', 'A'],
    ['$.nothing[*]', []],
  ])('%s', (path, expected) => {
    expect(evaluate(path, store)).toEqual(expected);
  });

  test.each<[string, string]>([
    ['$.nope', "No results for path: $['nope']"],
    ['$.nope.deeper', "Missing property in path $['nope']"],
    ['$.books[7]', "No results for path: $['books'][7]"],
  ])('%s leads nowhere', (path, message) => {
    expect(() => evaluate(path, store)).toThrow(expect.objectContaining({ message }));
  });

  test('null is a value, and names of Object.prototype are not', () => {
    expect(evaluate('$.a', { a: null })).toBeNull();
    expect(() => evaluate('$.constructor', {})).toThrow(PathNotFound);
    expect(() => evaluate('$.length', [1])).toThrow(PathNotFound);
  });
});

test.each(['', 'a', '$.', '$[', '$.a[', "$['a", '$.a b', '$.a[?(@.b ==)]', '$..'])(
  '%j is no path',
  (text) => {
    expect(isPath(text)).toBe(false);
  },
);

test.each([
  ['$.a.b[0]', true],
  ['$.a[-1]', false],
  ['$.a[*]', false],
  ['$..a', false],
])('%s as a reference path: %s', (text, reference) => {
  expect(parsePath(text).reference).toBe(reference);
});

test('writes beside what is there and shares the rest', () => {
  const document = { keep: { deep: true }, list: [1, 2] };
  const written = writePath(parsePath('$.new.inner'), document, 5);
  expect(written).toEqual({ keep: { deep: true }, list: [1, 2], new: { inner: 5 } });
  expect((written as typeof document).keep).toBe(document.keep);
  expect(document).not.toHaveProperty('new');
  expect(writePath(parsePath('$.list[1]'), document, 9)).toMatchObject({ list: [1, 9] });
  expect(writePath(parsePath('$.keep.deep.x'), document, 9)).toBeUndefined();
  expect(writePath(parsePath('$'), document, 9)).toBe(9);
});
