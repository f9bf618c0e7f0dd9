import { exitCodes, FlowError } from '../errors.js';
import type { Context } from './command.js';

/** The text of a file of the user's, or (`-`) of stdin. @throws FlowError 3 when it is not there, 2 when it is no text */
export async function readText(context: Pick<Context, 'cwd' | 'stdin'>, file: string): Promise<string> {
  const { textInFile } = await import('../operations/text-in-file.js');
  if (file === '-') {
    const { buffer } = await import('node:stream/consumers');
    return textInFile('stdin', await buffer(context.stdin));
  }
  const [{ readFile }, { resolve }] = await Promise.all([import('node:fs/promises'), import('node:path')]);
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
