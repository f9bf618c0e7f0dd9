// What lies beside the clone and not in it (../shared). A clone alone leaves out what needs it, and says so (left-out.mjs).
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { needing } from './left-out.mjs';

const part = (name: string) => {
  const folder = join(import.meta.dirname, '../../shared', name);
  const there = existsSync(folder);
  const marked = (title: string): string => needing(title, `../shared/${name}`);
  return {
    folder,
    there,
    marked,
    path: (file: string): string => join(folder, file),
    text: (file: string): string => readFileSync(join(folder, file), 'utf8'),
    /** A table that tests are made of: empty where there is none. */
    table: <T>(file: string): T[] =>
      there ? (JSON.parse(readFileSync(join(folder, file), 'utf8')) as T[]) : [],
    test: (title: string, body: () => void | Promise<void>, milliseconds?: number): void => {
      test.skipIf(!there)(marked(title), body, milliseconds);
    },
    describe: (title: string, body: () => void): void => {
      describe.skipIf(!there)(marked(title), body);
    },
  };
};

export const material = part('material');
export const facts = part('facts');
