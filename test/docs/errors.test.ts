import { expect, test } from 'vitest';
import { errorMeanings } from '../../scripts/docs/error-meanings.mjs';
import { errorCodes, errorRows } from '../../scripts/docs/errors.mjs';
import { root } from './pages.js';

// docs/errors.md: what scripts and people look up.
const codes = errorCodes(root);

test('each error has an exit code, a meaning and what to do about it', () => {
  const lacking = errorRows(codes).flatMap(([code, exits, meaning, remedy]) =>
    exits && /\p{L}{3}/u.test(meaning) && remedy ? [] : [code],
  );
  expect(lacking).toEqual([]);
});

test('what is written of an error by hand is of one that exists', () => {
  expect(Object.keys(errorMeanings).filter((code) => !codes.has(code))).toEqual([]);
});
