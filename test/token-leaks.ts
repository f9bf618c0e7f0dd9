import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** How every task token begins, the local server's as AWS's. */
const tokenForm = /AQCEAAAAK[A-Za-z0-9+/]{12}/;

/** Where commands keep what they know between runs; the local server's own data is not among it. */
const kept = ['.cache', '.config', '.local/state'];

const leaks: string[] = [];

/** Notes a command whose line or output has a task token in it, but for one that was asked to reveal it. */
export function watchForTokens(args: string[], output: string): void {
  if (args.some((arg) => tokenForm.test(arg))) leaks.push(`the arguments of ${args[0]}`);
  if (!args.includes('--reveal-token') && tokenForm.test(output))
    leaks.push(`the output of mbc-flow ${args.join(' ')}`);
}

/** The same for the files that commands have left in a home directory. */
export function watchFilesForTokens(home: string): void {
  for (const folder of kept.map((name) => join(home, name)).filter(existsSync)) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile() && tokenForm.test(readFileSync(path, 'latin1'))) leaks.push(path);
    }
  }
}

/** @throws Error when a token was seen since the last call */
export function expectNoTokens(): void {
  const seen = leaks.splice(0);
  if (seen.length > 0) throw new Error(`task tokens in ${seen.join('; ')}`);
}
