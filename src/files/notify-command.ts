import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A command that hangs is ended. */
const LONGEST_MS = 60_000;

/**
 * Runs a command of the user's with a text on its standard input: nothing of the text gets into its words.
 * @returns why it failed; undefined where it did not
 */
export async function runNotifyCommand(
  command: string,
  text: string,
  { cwd, env }: { cwd: string; env: Record<string, string | undefined> },
): Promise<string | undefined> {
  const child = spawn(command, {
    cwd,
    env,
    shell: true,
    stdio: ['pipe', 'ignore', 'pipe'],
    timeout: LONGEST_MS,
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    if (said.length < 1000) said += String(chunk);
  });
  // It need not read what it is given.
  child.stdin.on('error', () => {});
  child.stdin.end(text);
  try {
    const [code, signal] = await once(child, 'close');
    if (code === 0) return undefined;
    return [code === null ? `ended by ${signal}` : `exit ${code}`, said.trim()].filter(Boolean).join(': ');
  } catch (error) {
    return (error as Error).message;
  }
}
