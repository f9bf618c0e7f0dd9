import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writePrivateFile } from '../whole-file.js';

export interface LastExecution {
  /** ARNs, the newest first. */
  read(): Promise<string[]>;
  write(executionArn: string): Promise<void>;
}

/** So many are remembered. */
const MOST = 100;

/** What distinguishes targets. */
interface Place {
  kind: string;
  name: string;
  profile?: string;
  region?: string;
  endpoints: { states?: string };
}

/** Tells targets of the same name in two projects apart; those on the local server by its data as well. */
export function placeOf({ kind, name, profile, region, endpoints }: Place, dataDir = ''): string {
  return [name, profile, region, endpoints.states, kind === 'local' ? dataDir : ''].join('|');
}

/**
 * What `@last`, `@2`, `@3` … mean on a target: kept with the data of the local server, for others in the user's state directory
 * (one file for each profile, region and endpoint, so that targets of two projects stay apart).
 * @param onLost hears why it could not be kept: what was started has started
 */
export function lastExecution(
  settings: Place,
  dataDir: string,
  stateDir: string,
  onLost: (error: Error) => void,
): LastExecution {
  const { kind } = settings;
  const digest = createHash('sha256').update(placeOf(settings)).digest('hex').slice(0, 16);
  const folder = kind === 'local' ? dataDir : join(stateDir, 'mbc-flow');
  const file = join(folder, kind === 'local' ? 'last.json' : `last-${digest}.json`);
  const read = async (): Promise<string[]> => {
    // A file that is not there or is damaged remembers nothing.
    const text = await readFile(file, 'utf8').catch(() => '{}');
    try {
      const { executionArn, before = [] } = JSON.parse(text) as { executionArn?: string; before?: string[] };
      return executionArn === undefined ? [] : [executionArn, ...before];
    } catch {
      return [];
    }
  };
  let writing = Promise.resolve();
  const add = async (executionArn: string): Promise<void> => {
    try {
      const before = (await read()).filter((arn) => arn !== executionArn).slice(0, MOST - 1);
      await writePrivateFile(file, `${JSON.stringify({ executionArn, before })}\n`);
    } catch (error) {
      onLost(error as Error);
    }
  };
  return {
    read,
    write(executionArn) {
      // One after the other: none of those that are started side by side is lost.
      writing = writing.then(() => add(executionArn));
      return writing;
    },
  };
}
