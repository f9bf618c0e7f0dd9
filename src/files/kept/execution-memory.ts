import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  bothExecutions,
  type ExecutionMemory,
  type RememberedExecution,
  type RememberedMachine,
} from '../../ports/execution-memory.js';
import { writePrivateFile } from '../whole-file.js';

/** Of the files' form: another one is as good as none. */
const VERSION = 2;
/** Executions of a machine: what AWS keeps for ninety days may be millions. */
const MOST_KEPT = 50_000;
/** To read files that others put into newer ones meanwhile. */
const MOST_ATTEMPTS = 10;

/**
 * What is known of executions for good, in the user's cache directory: a folder for each machine, whose files together
 * are what is known; none of them ever changes. Who adds to it writes all that it has read there in one new file and then
 * removes what it has read: several that do so at once leave a file each, and lose nothing.
 * @param place distinguishes targets
 */
export function executionMemory(place: string, cacheDir: string, mostKept = MOST_KEPT): ExecutionMemory {
  const folderOf = (stateMachineArn: string): string => {
    const digest = createHash('sha256').update(`${place} ${stateMachineArn}`).digest('hex').slice(0, 24);
    return join(cacheDir, 'mbc-flow', 'executions', digest);
  };
  /** The same names are the same files. */
  const read = new Map<string, { names: string; machine: RememberedMachine }>();
  const load = async (folder: string): Promise<{ names: string[]; machine: RememberedMachine }> => {
    for (let attempt = 1; ; attempt++) {
      const files = await readdir(folder).catch(() => []);
      const names = files.filter((name) => name.endsWith('.json')).sort();
      const before = read.get(folder);
      if (before?.names === names.join()) return { names, machine: before.machine };
      const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8').catch(gone)));
      // Somebody has put it in a newer file meanwhile.
      if (texts.includes(undefined) && attempt < MOST_ATTEMPTS) continue;
      const machine = texts.map(parsed).reduce(both, nothing);
      read.set(folder, { names: names.join(), machine });
      return { names, machine };
    }
  };
  return {
    load: async (stateMachineArn) => (await load(folderOf(stateMachineArn))).machine,
    async add(stateMachineArn, learned) {
      const folder = folderOf(stateMachineArn);
      const { names, machine } = await load(folder);
      const all = newest(both(machine, learned), mostKept);
      const name = `${randomUUID()}.json`;
      try {
        await writePrivateFile(join(folder, name), written(all));
        for (const former of names) await rm(join(folder, former), { force: true });
      } catch {
        // A cache that can't be written (a full disk, a read-only home) must not keep anyone from answering.
        return undefined;
      }
      read.set(folder, { names: name, machine: all });
      return all;
    },
  };
}

const nothing: RememberedMachine = { executions: new Map() };

/** A file that is not to be read at all is empty: it must not be waited for. */
function gone(error: NodeJS.ErrnoException): string | undefined {
  return error.code === 'ENOENT' ? undefined : '';
}

function both(known: RememberedMachine, learned: RememberedMachine): RememberedMachine {
  const executions = new Map(known.executions);
  for (const [name, one] of learned.executions)
    executions.set(name, bothExecutions(executions.get(name), one));
  return { pauses: learned.pauses ?? known.pauses, executions };
}

/** Those that still sleep are worth more than newer ones that were read once. */
function newest({ pauses, executions }: RememberedMachine, most: number): RememberedMachine {
  if (executions.size <= most) return { pauses, executions };
  const lasts = ({ startDate, steps }: RememberedExecution): number =>
    Math.max(startDate, steps?.asleep?.until ?? 0);
  const kept = [...executions].sort(([, a], [, b]) => lasts(b) - lasts(a)).slice(0, most);
  return { pauses, executions: new Map(kept) };
}

const written = ({ pauses, executions }: RememberedMachine): string =>
  JSON.stringify({ version: VERSION, pauses, executions: Object.fromEntries(executions) });

interface Written {
  version: number;
  pauses?: boolean;
  executions: Record<string, RememberedExecution>;
}

/** What is damaged, or of another form, remembers nothing. */
function parsed(text = ''): RememberedMachine {
  try {
    const { version, pauses, executions } = JSON.parse(text) as Written;
    if (version !== VERSION) return nothing;
    const sound = Object.entries(executions).filter(([, one]) => isSound(one));
    // Of several files one that says so is enough.
    return { pauses: pauses === true || undefined, executions: new Map(sound) };
  } catch {
    return nothing;
  }
}

function isSound(one: RememberedExecution | null): boolean {
  const { startDate, inputIds = [], steps } = one ?? {};
  if (typeof startDate !== 'number' || !Array.isArray(inputIds)) return false;
  if (steps === undefined) return true;
  const { redriveCount, requestIds, asleep } = steps;
  const soundSleep = asleep === undefined || typeof asleep.until === 'number';
  return typeof redriveCount === 'number' && Array.isArray(requestIds) && soundSleep;
}
