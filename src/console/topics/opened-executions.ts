import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { exitCodes, FlowError } from '../../errors.js';
import { parentOfChild } from '../../operations/execution/parent-of-child.js';
import { findRootFailure, type RootFailure } from '../../operations/execution/root-failure.js';
import { followAnyExecution } from '../../operations/follow/follow-any.js';
import { type MapRunFailures, mapRunFailures } from '../../operations/follow/map-run-failures.js';
import { allowed } from '../../operations/pace/unless-denied.js';
import type { ExecutionDescription, MapRunDescription } from '../../ports/aws.js';
import { createEventRows, type EventRow } from '../../views/execution/event-row.js';
import { createTimeline, type TimelineRow } from '../../views/execution/timeline.js';
import type { ExecutionModel } from '../../workflow/history/execution-model.js';
import { isExpress } from '../../workflow/names/arn.js';
import type { Console } from '../console.js';
import { createBell } from './woken-clock.js';

/** An execution that pages look at: read once, however many of its topics are read. */
export interface Opened {
  description?: ExecutionDescription;
  /** The execution whose map run started it. */
  parent?: string;
  model?: ExecutionModel;
  mapRuns: MapRunDescription[];
  root?: RootFailure;
  failures: MapRunFailures[];
  /** Epoch milliseconds of the last look. */
  at?: number;
  trouble?: string;
  missing?: string;
}

/** What one topic has not taken yet. */
export interface News {
  opened: Opened;
  steps: ReadonlyMap<string, TimelineRow>;
  events: readonly (readonly [key: string, row: EventRow])[];
}

export interface OpenedExecutions {
  /** All that is known, and then what is new, until `signal` fires. */
  follow(executionArn: string, signal: AbortSignal): AsyncGenerator<News>;
}

interface Held extends Opened {
  steps: Map<string, TimelineRow>;
  events: [string, EventRow][];
  readers: Set<Reader>;
  stop: AbortController;
}

interface Reader {
  steps: Map<string, TimelineRow>;
  events: [string, EventRow][];
  changed: boolean;
  wake(): void;
}

/** Milliseconds between two looks, where nobody tells of a redrive, or the last one failed. */
const LOOK_PAUSE = 10_000;

export function createOpenedExecutions(console: Console): OpenedExecutions {
  const held = new Map<string, Held>();
  return {
    async *follow(executionArn, signal) {
      const one = held.get(executionArn) ?? open(executionArn, held, console);
      let wake = (): void => {};
      const reader: Reader = {
        steps: new Map(one.steps),
        events: [...one.events],
        changed: true,
        wake: () => wake(),
      };
      one.readers.add(reader);
      const end = (): void => wake();
      signal.addEventListener('abort', end);
      try {
        while (!signal.aborted) {
          if (!reader.changed)
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          if (signal.aborted) return;
          const { steps, events } = reader;
          reader.changed = false;
          reader.steps = new Map();
          reader.events = [];
          yield { opened: one, steps, events };
        }
      } finally {
        signal.removeEventListener('abort', end);
        one.readers.delete(reader);
        if (one.readers.size === 0) {
          one.stop.abort();
          if (held.get(executionArn) === one) held.delete(executionArn);
        }
      }
    },
  };
}

function open(executionArn: string, held: Map<string, Held>, console: Console): Held {
  const one: Held = {
    mapRuns: [],
    failures: [],
    steps: new Map(),
    events: [],
    readers: new Set(),
    stop: new AbortController(),
  };
  held.set(executionArn, one);
  const signal = AbortSignal.any([console.signal, one.stop.signal]);
  void keepReading(executionArn, one, console, signal);
  return one;
}

function tellReaders(one: Held): void {
  for (const reader of one.readers) {
    reader.changed = true;
    reader.wake();
  }
}

/** Reads it to its end, and on where it is redriven; again where that failed, unless there is no such execution. */
async function keepReading(
  executionArn: string,
  one: Held,
  console: Console,
  signal: AbortSignal,
): Promise<void> {
  const bell = createBell(console.context.clock);
  const take = createTaking(one);
  let stopListening: (() => void) | undefined;
  while (!signal.aborted) {
    let pause: number | undefined = LOOK_PAUSE;
    try {
      const { changes } = await console.target();
      if (changes)
        stopListening ??= console.desk.onChange(({ all, executionArns }) => {
          if (all || executionArns.includes(executionArn)) bell.ring();
        });
      await read(executionArn, one, { console, signal, bell, take });
      if (changes) pause = undefined;
    } catch (error) {
      if (signal.aborted) break;
      const message = error instanceof Error ? error.message : String(error);
      const never =
        error instanceof FlowError &&
        (error.exitCode === exitCodes.notFound || error.code === 'ExpressExecution');
      if (never) one.missing = message;
      else one.trouble = message;
      tellReaders(one);
    }
    await bell.pause(pause, signal);
  }
  stopListening?.();
}

interface Reading {
  console: Console;
  signal: AbortSignal;
  bell: ReturnType<typeof createBell>;
  take(events: readonly HistoryEvent[]): void;
}

/** Until its end, or a look later: the next reading begins where it goes on. */
async function read(
  executionArn: string,
  one: Held,
  { console, signal, bell, take }: Reading,
): Promise<void> {
  const { gateways, pollMilliseconds } = await console.target();
  const { states } = gateways;
  const express = isExpress(executionArn);
  const ended = one.model?.stoppedAt;
  if (!express) {
    const description = await states.describeExecution(executionArn);
    one.parent ??= await allowed(() => parentOfChild(states, description));
    one.at = console.context.clock.now();
    one.missing = one.trouble = undefined;
    const former = one.description;
    one.description = description;
    const { status, redriveCount } = description;
    if (ended !== undefined && status !== 'RUNNING' && former?.redriveCount === redriveCount) return;
  } else if (ended !== undefined) return;
  one.model = await followAnyExecution(gateways, executionArn, {
    signal,
    since: ended === undefined ? undefined : ended + 1,
    clock: bell.clock,
    pollMilliseconds,
    onUpdate(model, mapRuns, events) {
      Object.assign(one, { model, mapRuns, at: console.context.clock.now(), root: undefined, failures: [] });
      take(events);
      tellReaders(one);
    },
  });
  if (signal.aborted) return;
  await explain(executionArn, one, console);
  tellReaders(one);
}

/** Keeps what events come to, for those who read it and those who will. */
function createTaking(one: Held): (events: readonly HistoryEvent[]) => void {
  const timeline = createTimeline();
  const lineOf = createEventRows();
  let lastId = 0;
  return (events) => {
    const fresh: [string, EventRow][] = [];
    for (const event of events) {
      if (event.id <= lastId) continue;
      lastId = event.id;
      fresh.push([String(event.id), lineOf(event, timeline.take(event))]);
    }
    const steps = timeline.changed();
    for (const [key, row] of steps) one.steps.set(key, row);
    one.events = one.events.concat(fresh);
    for (const reader of one.readers) {
      for (const [key, row] of steps) reader.steps.set(key, row);
      reader.events = reader.events.concat(fresh);
    }
  };
}

/** Why it ended as it did, where that was inside others. */
async function explain(executionArn: string, one: Held, { target, context }: Console): Promise<void> {
  const { states } = (await target()).gateways;
  const { model, mapRuns } = one;
  if (isExpress(executionArn) || !model) return;
  one.description = await states.describeExecution(executionArn);
  if (model.failure) one.root = await allowed(() => findRootFailure(states, model));
  one.failures = await mapRunFailures(states, mapRuns);
  one.at = context.clock.now();
}
