import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export type Kind = 'state machine' | 'function' | 'bucket' | 'log group' | 'activity';

export interface Made {
  kind: Kind;
  name: string;
}

/** `made: false`: it was noted before, but the endpoint has no operation that would make it. */
export type Note = Made & { made?: false };

/** What was made, or may have been, of all that was noted. */
export const madeOf = (notes: Note[]): Made[] =>
  notes.filter(
    ({ kind, name, made }) =>
      made !== false &&
      !notes.some((note) => note.made === false && note.kind === kind && note.name === name),
  );

/** Where a run works. */
export interface Place {
  endpointUrl?: string;
  account: string;
  region: string;
}

/** What a run is about to make, written to disk before it does, so that whatever ends it leaves a list. */
export interface Journal {
  /** Of the run: a part of the names of all that it makes. */
  run: string;
  /** Files of the run, gone with the journal. */
  scratch: string;
  note(note: Note): void;
}

export function openJournal(directory: string, run: string, place: Place): Journal {
  const scratch = join(directory, run);
  mkdirSync(scratch, { recursive: true, mode: 0o700 });
  const file = join(directory, `${run}.ndjson`);
  const write = (value: object): void =>
    appendFileSync(file, `${JSON.stringify(value)}\n`, { mode: 0o600, flush: true });
  write({ run, ...place, began: new Date().toISOString() });
  return { run, scratch, note: write };
}

export interface Former {
  run: string;
  made: Made[];
}

/** The journals of runs at a place, whole lines only. */
export function formerRuns(directory: string, place: Place): Former[] {
  return files(directory).flatMap((file) => {
    const [head, ...made] = linesOf(join(directory, file)) as [Partial<Place & { run: string }>?, ...Note[]];
    // One that was broken off in its first line has made nothing yet.
    if (!head?.run) return [{ run: file.replace(/\.ndjson$/, ''), made: [] }];
    const same =
      head.endpointUrl === place.endpointUrl &&
      head.account === place.account &&
      head.region === place.region;
    return same ? [{ run: head.run, made: madeOf(made) }] : [];
  });
}

export function dropJournal(directory: string, run: string): void {
  rmSync(join(directory, run), { recursive: true, force: true, maxRetries: 5 });
  rmSync(join(directory, `${run}.ndjson`), { force: true });
}

function files(directory: string): string[] {
  try {
    return readdirSync(directory).filter((file) => file.endsWith('.ndjson'));
  } catch {
    return [];
  }
}

function linesOf(path: string): unknown[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}
