// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is what a .env holds
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseDotenv, readDotenv } from '../../src/config/dotenv.js';
import { directory } from '../cli/world.js';

test('the framework’s file: defaults like a shell’s, references to lines before, comments, quotes', () => {
  const text = [
    '# local',
    'LOCAL_SFN_PORT=9083',
    'SFN_ENDPOINT=http://localhost:${LOCAL_SFN_PORT:-8083}',
    'S3_ENDPOINT="http://localhost:${LOCAL_S3_PORT:-4566}" # comment',
    'export S3_BUCKET_NAME=local-bucket # comment',
    "RAW='$HOME # not a comment'",
    'HASH=a#b',
    'EMPTY=',
    'FROM_EMPTY=${EMPTY:-filled}-${EMPTY-kept}',
    'NESTED=${NONE:-${HOME}}',
    'PLAIN=$HOME/x',
    'PRICE="\\$5"',
    'no assignment',
  ].join('\r\n');
  expect(parseDotenv(text, { HOME: '/home/u', EMPTY: 'outside' })).toEqual({
    LOCAL_SFN_PORT: '9083',
    SFN_ENDPOINT: 'http://localhost:9083',
    S3_ENDPOINT: 'http://localhost:4566',
    S3_BUCKET_NAME: 'local-bucket',
    RAW: '$HOME # not a comment',
    HASH: 'a#b',
    EMPTY: '',
    FROM_EMPTY: 'filled-',
    NESTED: '/home/u',
    PLAIN: '/home/u/x',
    PRICE: '$5',
  });
});

test('read from the working directory up to the project’s folder, and no further', () => {
  const root = directory();
  mkdirSync(join(root, 'app/src'), { recursive: true });
  writeFileSync(join(root, '.env'), 'A=outside');
  writeFileSync(join(root, 'app/package.json'), '{}');
  expect(readDotenv(join(root, 'app/src'), {})).toEqual({});
  writeFileSync(join(root, 'app/.env'), 'A=inside');
  expect(readDotenv(join(root, 'app/src'), {})).toEqual({ A: 'inside' });
  expect(readDotenv(root, {})).toEqual({ A: 'outside' });
});
