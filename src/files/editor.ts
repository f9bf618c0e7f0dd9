import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { exitCodes, FlowError } from '../errors.js';
import { jsonErrorOffset, positionOf } from '../json/json-positions.js';
import { jsonFault } from '../json/parse.mjs';

interface EditorWorld {
  env: Record<string, string | undefined>;
  terminal: { stdinIsTTY: boolean };
}

/**
 * Opens a JSON text in the user's editor and gives back what was saved. Left as it was, emptied or removed, it is
 * cancelled.
 * @throws FlowError 130 when cancelled; 2 without a terminal or an editor, or when the saved text is not valid JSON (the file is kept for another try)
 */
export async function editJson({ env, terminal }: EditorWorld, text: string, what: string): Promise<string> {
  const editor = env.VISUAL || env.EDITOR;
  if (!editor) {
    throw new FlowError(exitCodes.usage, 'NoEditor', `no editor is set to edit the ${what}`, {
      where: '--edit',
      hint: 'EDITOR=vi mbc-flow …',
    });
  }
  const folder = await mkdtemp(join(tmpdir(), 'mbc-flow-'));
  const file = join(folder, `${what}.json`);
  await writeFile(file, `${pretty(text)}\n`, { mode: 0o600 });
  const forget = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const status = await runEditor(editor, file, env, terminal.stdinIsTTY);
  const edited = await readFile(file, 'utf8').catch(() => '');
  const why =
    status !== 0
      ? `the editor (${editor}) ${status === undefined ? 'could not be started' : `exited with ${status}`}`
      : edited.trim() === ''
        ? `the ${what} is empty`
        : jsonErrorOffset(edited) === undefined && isDeepStrictEqual(JSON.parse(edited), JSON.parse(text))
          ? `the ${what} was not changed`
          : undefined;
  if (why !== undefined) {
    await forget();
    throw new FlowError(exitCodes.interrupted, 'Declined', `Canceled: ${why}; nothing was started`);
  }
  const offset = jsonErrorOffset(edited);
  if (offset !== undefined) {
    const { line, column } = positionOf(edited, offset);
    throw new FlowError(exitCodes.usage, 'InvalidInput', `the saved ${what} ${jsonFault(edited)}`, {
      where: `${file}:${line}:${column}`,
      hint: `correct the file, then run mbc-flow start <machine> --input @${file}`,
    });
  }
  await forget();
  return JSON.stringify(JSON.parse(edited));
}

const pretty = (text: string): string => JSON.stringify(JSON.parse(text), null, 2);

/** Its exit status or signal; undefined where it could not be started. */
async function runEditor(
  editor: string,
  file: string,
  env: EditorWorld['env'],
  interactive: boolean,
): Promise<number | string | undefined> {
  // As git does: the variable is a shell's words, with arguments and quotes.
  const [command, args] =
    process.platform === 'win32' ? [editor, [file]] : ['sh', ['-c', `${editor} "$@"`, editor, file]];
  return await new Promise<number | string | undefined>((resolve) => {
    spawn(command, args, {
      env,
      stdio: interactive ? 'inherit' : 'ignore',
      shell: process.platform === 'win32',
    })
      .once('error', () => resolve(undefined))
      .once('exit', (code, signal) => resolve(code ?? signal ?? undefined));
  });
}
