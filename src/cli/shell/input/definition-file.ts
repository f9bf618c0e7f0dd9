import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { readText } from '../../../files/read-text.js';
import { definitionInFile } from '../../../operations/execution/definition-in-file.js';
import { readTypedName } from '../../../workflow/names/typed-name.js';
import type { Context } from '../context.js';

/** Whether a word means a file (or stdin), where it could also be a state machine or an execution. */
export async function isFile(context: Pick<Context, 'cwd'>, source: string): Promise<boolean> {
  if (source === '-') return true;
  if (/^(arn:|@|https?:)/.test(source)) return false;
  const stats = await stat(resolve(context.cwd, source)).catch(() => undefined);
  // What is written as a path is missed as one; an execution may be written so too.
  return stats ? stats.isFile() : !readTypedName(source) && /[\\/]|\.(json|asl|ya?ml)$/.test(source);
}

/** The state machine in a file. `commandFor`: the command line that takes one of several. */
export const readDefinitionFile = async (
  context: Context,
  path: string,
  machine: string | undefined,
  commandFor: (machine: string) => string,
) =>
  await definitionInFile({
    path,
    text: await readText(context, path),
    machine,
    commandFor,
    read: (beside) => readText(context, join(dirname(path), beside)).catch(() => undefined),
  });
