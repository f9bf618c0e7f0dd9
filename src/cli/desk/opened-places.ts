import { followChildren, type SeenChildren } from '../../operations/desk/map-run-children.js';
import {
  followOpened,
  newlyOpened,
  type Opening,
  readDefinition,
  readLog,
} from '../../operations/desk/open-execution.js';
import type { OpenedExecution } from '../../operations/desk/snapshot.js';
import type { JobNamed, OpenedJob, Place } from '../../views/desk/state.js';
import { createLogLines, createLogReader } from '../../views/execution/log-lines.js';
import type { Context } from '../shell/context.js';

/** What is read for the places that are open; it is given up when they are closed. */
export interface OpenedPlaces {
  readonly all: ReadonlyMap<string, OpenedExecution>;
  readonly jobs: ReadonlyMap<string, OpenedJob>;
  /** These places are open now. */
  keep(places: readonly Place[]): void;
  /** It runs again. `since`: epoch milliseconds. */
  again(executionArn: string, since: number): void;
  close(): void;
}

export function openPlaces(
  { terminal, signal }: Pick<Context, 'terminal' | 'signal'>,
  opening: Omit<Opening, 'signal'>,
  {
    seen,
    follow,
    onFailure,
  }: {
    /** Of the executions of a map run. */
    seen(mapRunArn: string): SeenChildren;
    follow(job: JobNamed, around: { signal: AbortSignal; onRead(job: OpenedJob): void }): Promise<void>;
    onFailure(error: unknown): void;
  },
): OpenedPlaces {
  const all = new Map<string, OpenedExecution>();
  const jobs = new Map<string, OpenedJob>();
  const reading = new Map<string, AbortController>();
  const begin = (key: string, work: (opening: Opening) => Promise<void>): void => {
    if (reading.has(key)) return;
    const stop = new AbortController();
    reading.set(key, stop);
    const both = AbortSignal.any([signal, stop.signal]);
    work({ ...opening, signal: both }).catch((error: unknown) => {
      if (!both.aborted) onFailure(error);
    });
  };
  const end = (key: string): void => {
    reading.get(key)?.abort();
    reading.delete(key);
  };
  const openedOf = (executionArn: string): OpenedExecution => {
    const opened = all.get(executionArn) ?? newlyOpened(executionArn);
    all.set(executionArn, opened);
    return opened;
  };
  const linesOf = () => {
    const read = createLogReader({ errors: false });
    const lines = createLogLines({ ...terminal, stdoutIsTTY: true, color: false, several: false });
    return (line: Parameters<typeof read>[0]): string[] => {
      const document = read(line);
      return document ? lines(document) : [];
    };
  };
  return {
    all,
    jobs,
    keep(places) {
      const wanted = new Set<string>();
      const want = (key: string, work: (opening: Opening) => Promise<void>): void => {
        wanted.add(key);
        begin(key, work);
      };
      const arns = new Set<string>();
      for (const place of places) {
        if (place.kind === 'job') {
          const { job } = place;
          want(`job ${job.key}`, ({ signal, onChange }) =>
            follow(job, {
              signal,
              onRead(read) {
                jobs.set(job.key, read);
                onChange();
              },
            }),
          );
        }
        if (place.kind !== 'execution' && place.kind !== 'items') continue;
        const { executionArn } = place;
        const opened = openedOf(executionArn);
        arns.add(executionArn);
        want(executionArn, (around) => followOpened(opened, around));
        if (place.kind === 'items')
          want(place.mapRunArn, (around) =>
            followChildren(opened, place.mapRunArn, around, () => seen(place.mapRunArn)),
          );
        else if (place.pane === 'graph')
          want(`graph ${executionArn}`, (around) => readDefinition(opened, around));
        else if (place.pane === 'logs') {
          opened.log ??= [];
          want(`log ${executionArn}`, (around) => readLog(opened, around, linesOf()));
        }
      }
      for (const key of reading.keys()) {
        // What was read of an open execution stays with it.
        const stays = [...arns].some((arn) => key === `graph ${arn}` || key === `log ${arn}`);
        if (!wanted.has(key) && !stays) end(key);
      }
      for (const arn of all.keys()) if (!arns.has(arn)) all.delete(arn);
      for (const key of jobs.keys()) if (!wanted.has(`job ${key}`)) jobs.delete(key);
    },
    again(executionArn, since) {
      const opened = all.get(executionArn);
      if (!opened) return;
      end(executionArn);
      for (const mapRunArn of opened.children.keys()) end(mapRunArn);
      begin(executionArn, (around) => followOpened(opened, around, since));
    },
    close() {
      for (const key of [...reading.keys()]) end(key);
    },
  };
}
