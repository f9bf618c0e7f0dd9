import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { FlowError } from '../errors.js';
import { unreadable } from './read-error.js';
import { textInFile } from './text-in-file.js';

/** The text of a file of the user's, or (`-`) of stdin. @throws FlowError 3 when it is not there, 2 when it is no text */
export async function readText(context: { cwd: string; stdin: Readable }, file: string): Promise<string> {
  if (file === '-') return textInFile('stdin', await buffer(context.stdin));
  try {
    return textInFile(file, await readFile(resolve(context.cwd, file)));
  } catch (error) {
    throw error instanceof FlowError ? error : unreadable(file, error);
  }
}
