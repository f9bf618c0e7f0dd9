import { MissingOperation } from './clients.js';
import type { Made } from './journal.js';
import type { Shelf } from './kinds.js';

/** The one tag that everything has; its value is the prefix. */
export const tagKey = 'mbc-flow-acceptance';

export interface TakenDown {
  removed: Made[];
  /** What is still there, and why. */
  left: (Made & { why: string })[];
}

interface Order {
  prefix: string;
  /** Only what this run made. */
  run?: string;
  /** What journals say was about to be made. */
  noted: Made[];
  /** Asked once what was found is known; true: go on. */
  allow?(found: Made[]): Promise<boolean>;
}

const atOnce = 5;
/** What was being made when a run was killed may appear after it was looked for. */
const looks = 4;

/**
 * Removes what runs have made: it has the prefix and a run's part in its name, and the tag. A thing whose tag cannot
 * be read, or is not there yet (a bucket gets it in a second call), is removed if a journal has its whole name.
 */
export async function takeDown(all: Shelf[], order: Order): Promise<TakenDown> {
  const removed = new Map<string, Made>();
  let left: TakenDown['left'] = [];
  for (let look = 0; look < looks; look++) {
    const { ours, others } = await find(all, order);
    left = others;
    if (ours.length === 0) break;
    if (look === 0 && order.allow && !(await order.allow(ours))) {
      left.push(...ours.map((made) => ({ ...made, why: 'not removed: nobody allowed it' })));
      break;
    }
    const failed: TakenDown['left'] = [];
    for (const shelf of all) {
      const names = ours.filter(({ kind }) => kind === shelf.kind);
      await eachOf(names, async (made) => {
        try {
          await shelf.remove(made.name);
          removed.set(`${made.kind} ${made.name}`, made);
        } catch (error) {
          failed.push({ ...made, why: (error as Error).message });
        }
      });
    }
    left = [...others, ...failed];
    await new Promise((resolve) => setTimeout(resolve, look * 1000));
  }
  return { removed: [...removed.values()], left };
}

async function find(all: Shelf[], { prefix, run, noted }: Order) {
  const ours: Made[] = [];
  const others: TakenDown['left'] = [];
  for (const shelf of all) {
    const written = noted.filter(({ kind }) => kind === shelf.kind).map(({ name }) => name);
    const listed = await unlessMissing(shelf.names(run === undefined ? `${prefix}-` : `${prefix}-${run}-`));
    const names = [...new Set([...(listed ?? []), ...written])].filter((name) => isOfRun(name, prefix, run));
    await eachOf(names, async (name) => {
      const made = { kind: shelf.kind, name };
      const noted = written.includes(name);
      const tags = await tagsOf(shelf, name, listed);
      if (tags === 'gone') return;
      if (tags === 'unknown' ? noted : tags[tagKey] === prefix || (noted && !(tagKey in tags)))
        ours.push(made);
      else others.push({ ...made, why: `it does not have the tag ${tagKey}=${prefix}` });
    });
  }
  return { ours, others };
}

async function tagsOf(
  shelf: Shelf,
  name: string,
  listed: string[] | undefined,
): Promise<Record<string, string> | 'gone' | 'unknown'> {
  try {
    return (await shelf.tags(name)) ?? 'gone';
  } catch (error) {
    if (!(error instanceof MissingOperation)) throw error;
    return listed && !listed.includes(name) ? 'gone' : 'unknown';
  }
}

/** Names of ours have a run's part behind the prefix. */
function isOfRun(name: string, prefix: string, run = '[a-z0-9]{8}'): boolean {
  return new RegExp(`^(/aws/(vendedlogs/states|lambda)/)?${prefix}-${run}-[A-Za-z0-9_-]+$`).test(name);
}

async function unlessMissing<T>(send: Promise<T>): Promise<T | undefined> {
  try {
    return await send;
  } catch (error) {
    if (error instanceof MissingOperation) return undefined;
    throw error;
  }
}

export async function eachOf<T>(
  items: T[],
  work: (item: T) => Promise<void>,
  workers = atOnce,
): Promise<void> {
  const open = items.values();
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (const item of open) await work(item);
    }),
  );
}
