import type { Readable } from 'node:stream';
import { exitCodes, FlowError } from '../errors.js';

/** The text of a file of the user's, or (`-`) of stdin. @throws FlowError 3 when it is not there, 2 when unreadable */
export async function readText(context: { cwd: string; stdin: Readable }, file: string): Promise<string> {
  if (file === '-') {
    const { text } = await import('node:stream/consumers');
    return withoutBom(await text(context.stdin));
  }
  const [{ readFile }, { resolve }] = await Promise.all([import('node:fs/promises'), import('node:path')]);
  try {
    return withoutBom(await readFile(resolve(context.cwd, file), 'utf8'));
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new FlowError(
      missing ? exitCodes.notFound : exitCodes.usage,
      missing ? 'FileNotFound' : 'FileNotReadable',
      missing ? 'there is no such file' : `the file can't be read: ${(error as Error).message}`,
      { where: file, cause: error },
    );
  }
}

const withoutBom = (text: string): string => text.replace(/^\ufeff/, '');
