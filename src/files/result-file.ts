import { access, constants, lstat, open, realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { exitCodes, FlowError } from '../errors.js';
import { faultWords, unwritable } from './system-errors.js';
import { replaceFile } from './whole-file.js';

/**
 * @param by the flag that names the file, and what goes into it
 * @param others files that are read
 * @throws FlowError 2 where a file can't be written there, or is one of `others`
 */
export async function refuseFile(
  cwd: string,
  by: { flag: string; what: string },
  file: string,
  others: string[],
): Promise<void> {
  const path = resolve(cwd, file);
  const refuse = (message: string): never => {
    throw new FlowError(exitCodes.usage, 'FileNotWritable', message, { where: `${by.flag} ${file}` });
  };
  if (others.some((other) => resolve(cwd, other) === path))
    refuse(`${by.what} would overwrite the input file`);
  if ((await stat(path).catch(() => undefined))?.isDirectory()) refuse('the path is a directory');
  const there = await lstat(path).catch((error: NodeJS.ErrnoException) =>
    error.code === 'ENAMETOOLONG' ? refuse(faultWords(error)) : undefined,
  );
  if (there?.isSymbolicLink() && (await stat(path).catch(() => undefined))?.isFile() !== false)
    refuse('the file is a symbolic link: name the file that it leads to');
  if (there?.isFile()) await access(path, constants.W_OK).catch((error) => refuse(faultWords(error)));
  // Root may write what its owner has closed.
  if (there?.isFile() && (there.mode & 0o222) === 0) refuse('the file is read-only');
  const folder = await stat(dirname(path)).catch(() => undefined);
  if (!folder?.isDirectory()) refuse('the directory does not exist');
  await access(dirname(path), constants.W_OK).catch((error) => refuse(faultWords(error)));
}

/**
 * Writes a file of the user's that is whole or as it was: its mode stays, and so does a link to it. Into a device or a
 * pipe it writes as it goes.
 * @throws FlowError 2
 */
export async function writeWhole(
  cwd: string,
  file: string,
  bytes: AsyncIterable<Uint8Array> | Iterable<string>,
): Promise<void> {
  const path = await realpath(resolve(cwd, file)).catch(() => resolve(cwd, file));
  const there = await stat(path).catch(() => undefined);
  const write = async (place: string): Promise<void> => {
    const handle = await open(place, 'w');
    try {
      if (there?.isFile()) await handle.chmod(there.mode);
      for await (const piece of bytes) await handle.writeFile(piece);
      if (place !== path) await handle.sync();
    } finally {
      await handle.close();
    }
  };
  try {
    if (there?.isFile()) await access(path, constants.W_OK);
    if (there && !there.isFile()) await write(path);
    else await replaceFile(path, write);
  } catch (error) {
    // What is written may come from elsewhere.
    if (error instanceof FlowError) throw error;
    throw unwritable(file, faultWords(error), error);
  }
}
