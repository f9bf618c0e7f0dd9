import { join } from 'node:path';
import { digestOf, newToken } from '../../src/console/index.js';
import { consoleFile } from '../../src/files/kept/console-file.js';
import { homeOf } from '../e2e/cli.js';

/** A token that opens the console of a `dev`, or of another place, as `open` gets one: noted where only the user may. */
export async function tokenFor(
  { cwd, dataDir }: { cwd: string; dataDir: string },
  {
    place = JSON.stringify(['local', dataDir]),
    readOnly = false,
  }: { place?: string; readOnly?: boolean } = {},
): Promise<string> {
  const token = newToken();
  const state = join(homeOf(cwd), '.local/state');
  await consoleFile(state, readOnly ? `${place} read-only` : place, Date.now).note(digestOf(token));
  return token;
}
