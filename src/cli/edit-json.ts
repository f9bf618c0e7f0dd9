import { jsonErrorOffset, positionAt } from '../config/json-syntax.js';
import { exitCodes, FlowError } from '../errors.js';
import type { Context } from './command.js';

/**
 * Opens a JSON text in the user's editor and gives back what was saved.
 * @throws FlowError 2 without a terminal or an editor, or when what was saved is no JSON (it is kept for another try)
 */
export async function editJson(context: Context, text: string, what: string): Promise<string> {
  const { env, terminal } = context;
  const editor = env.VISUAL || env.EDITOR;
  if (!editor) {
    throw new FlowError(exitCodes.usage, 'NoEditor', `no editor is known for the ${what}`, {
      where: '--edit',
      hint: 'EDITOR=vi mbc-flow …',
    });
  }
  const [{ mkdtemp, readFile, rm, writeFile }, { tmpdir }, { join }] = await Promise.all([
    import('node:fs/promises'),
    import('node:os'),
    import('node:path'),
  ]);
  const folder = await mkdtemp(join(tmpdir(), 'mbc-flow-'));
  const file = join(folder, `${what}.json`);
  await writeFile(file, `${pretty(text)}\n`, { mode: 0o600 });
  await runEditor(editor, file, env, terminal.stdinIsTTY);
  const edited = await readFile(file, 'utf8');
  const offset = jsonErrorOffset(edited);
  if (offset !== undefined) {
    const { line, column } = positionAt(edited, offset);
    throw new FlowError(exitCodes.usage, 'InvalidInput', `the ${what} that was saved is not valid JSON`, {
      where: `${file}:${line}:${column}`,
      hint: `correct it there, then: mbc-flow start <machine> --input @${file}`,
    });
  }
  await rm(folder, { recursive: true, force: true });
  return JSON.stringify(JSON.parse(edited));
}

const pretty = (text: string): string => JSON.stringify(JSON.parse(text), null, 2);

async function runEditor(
  editor: string,
  file: string,
  env: Context['env'],
  interactive: boolean,
): Promise<void> {
  const { spawn } = await import('node:child_process');
  // As git does: the variable may hold arguments.
  const [command = editor, ...args] = editor.split(/\s+/);
  const code = await new Promise<number | null>((resolve, reject) => {
    spawn(command, [...args, file], { env, stdio: interactive ? 'inherit' : 'ignore' })
      .once('error', reject)
      .once('exit', resolve);
  }).catch(() => null);
  if (code === 0) return;
  throw new FlowError(
    exitCodes.interrupted,
    'Declined',
    `The editor (${command}) did not end well: nothing was changed.`,
  );
}
