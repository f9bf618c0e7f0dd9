import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writePrivateFile } from '../whole-file.js';

/** What is kept of the consoles of one place: where the latest one listens, and digests of the tokens that open it. */
export interface ConsoleFile {
  read(): Promise<string[]>;
  note(digest: string): Promise<void>;
  /** Of the console that runs, or ran last. */
  address(): Promise<{ pid: number; port: number } | undefined>;
  register(address: { pid: number; port: number }): Promise<void>;
}

interface Kept {
  pid?: number;
  port?: number;
  keys?: { digest: string; at: number }[];
}

const MOST = 32;
/** Milliseconds that a token opens after its run has ended. */
const VALID = 24 * 3_600_000;

/** @param place tells targets and data directories apart */
export function consoleFile(stateDir: string, place: string, now: () => number): ConsoleFile {
  const digest = createHash('sha256').update(place).digest('hex').slice(0, 16);
  const file = join(stateDir, 'mbc-flow', `console-${digest}.json`);
  const kept = async (): Promise<Kept> => {
    try {
      return JSON.parse(await readFile(file, 'utf8')) as Kept;
    } catch {
      return {};
    }
  };
  const valid = ({ keys = [] }: Kept): { digest: string; at: number }[] =>
    keys.filter(({ at }) => at > now() - VALID && at <= now());
  const save = (next: Kept): Promise<void> => writePrivateFile(file, `${JSON.stringify(next)}\n`);
  return {
    read: async () => valid(await kept()).map((key) => key.digest),
    async note(digest) {
      const before = await kept();
      await save({ ...before, keys: [{ digest, at: now() }, ...valid(before)].slice(0, MOST) });
    },
    async address() {
      const { pid, port } = await kept();
      return pid === undefined || port === undefined ? undefined : { pid, port };
    },
    register: async (address) => save({ ...(await kept()), ...address }),
  };
}
