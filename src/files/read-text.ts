import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { exitCodes, FlowError } from '../errors.js';
import { textInFile } from './text-in-file.js';

/** The text of a file of the user's, or (`-`) of stdin. @throws FlowError 3 when it is not there, 2 when it is no text */
export async function readText(context: { cwd: string; stdin: Readable }, file: string): Promise<string> {
  if (file === '-') {
    return textInFile('stdin', await buffer(context.stdin));
  }
  try {
    return textInFile(file, await readFile(resolve(context.cwd, file)));
  } catch (error) {
    if (error instanceof FlowError) throw error;
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new FlowError(
      missing ? exitCodes.notFound : exitCodes.usage,
      missing ? 'FileNotFound' : 'FileNotReadable',
      missing ? 'there is no such file' : `the file can't be read: ${(error as Error).message}`,
      { where: file, cause: error },
    );
  }
}
