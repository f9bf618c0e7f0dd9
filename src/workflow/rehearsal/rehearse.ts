import type { StateMachine } from '../../asl/definition.js';
import type { HistoryEvent } from '../../asl/engine/history-event.js';
import type { Evaluate } from '../../asl/engine/map-item.js';
import type { Env, ExecutionSpec } from '../../asl/engine/protocol.js';
import { parseWritten } from '../../json/lossless.js';
import { detailsOf, textOf } from '../history/event-details.js';
import { REDACTED, redactedValue } from '../history/redact.js';
import { volatileIn } from './compare-data.js';
import { type ComparedWays, compareWays, endDifference, type WayEnd, wayOf } from './compare-ways.js';
import { type MapRunCall, type Played, type PlayWorld, play } from './play.js';
import { mapRunThen, sameMapRun } from './recorded-map-run.js';
import { type RecordedMapRun, type Recording, recordingOf, replyThen, silenceThen } from './recording.js';
import type { MapRunReply, Reply, TaskCall } from './reply.js';
import { attemptKey } from './step-place.js';

export interface RehearsalPlan {
  /** Of the execution that has run. */
  events: readonly HistoryEvent[];
  /** What ran then, and what is to run now: JSON texts. */
  ranDefinition: string;
  definition: string;
  /** `definition`, compiled. */
  machine: StateMachine;
  spec: ExecutionSpec;
  evaluate: Evaluate;
  /** Asked before the recording is; undefined: the recording answers. */
  reply?(
    call: TaskCall,
    recorded: readonly Reply[] | undefined,
  ): readonly Reply[] | undefined | Promise<readonly Reply[] | undefined>;
  /** Undefined: `then` it is, where the recording tells that the map run would end now as it did. */
  mapRun?(
    call: MapRunCall,
    recorded: RecordedMapRun | undefined,
    then: MapRunReply | undefined,
  ): Promise<MapRunReply | undefined>;
}

export interface Rehearsed {
  played: Played;
  ways: ComparedWays;
  /** How it ended then; RUNNING where it has not, or its history does not tell. */
  before: WayEnd;
}

/** Runs an execution again, its Tasks answering what they answered then, and compares the two ways. */
export async function rehearse(plan: RehearsalPlan): Promise<Rehearsed> {
  const events = redactedValue(plan.events);
  const recording = recordingOf(events);
  const world = recordedWorld(recording, plan);
  const ended = await play(plan.spec, plan.machine, world);
  // AWS gives the error of an execution's timeout in its last event only.
  const raw = { ...ended, error: ended.error ?? endOf(ended.events).error };
  // As histories are shown: what looks like a token in one of them would be a difference.
  const played: Played = { ...redactedValue({ ...raw, missing: undefined }), missing: raw.missing };
  const volatile = volatileIn(plan.ranDefinition, plan.definition);
  const ways = compareWays(wayOf(events), wayOf(played.events), volatile, {
    underWay: played.missing !== undefined,
  });
  const before = endOf(events);
  if (!played.missing && before.status !== 'RUNNING') ways.first ??= endDifference(before, played, volatile);
  return { played, ways, before };
}

/** How the execution of a history ended. */
export function endOf(events: readonly HistoryEvent[]): WayEnd {
  const last = events.at(-1);
  const [, how] = /^Execution(Succeeded|Failed|TimedOut|Aborted)$/.exec(last?.type ?? '') ?? [];
  if (!last || how === undefined) return { status: 'RUNNING' };
  const { output, error, cause } = detailsOf(last);
  const status = how === 'TimedOut' ? 'TIMED_OUT' : how.toUpperCase();
  return { status, output: textOf(output), error: textOf(error), cause: textOf(cause) };
}

/** Plays it as it was recorded, and compares nothing: a map run's child, for one. Tokens are not struck out of it. */
export const playAgain = (plan: RehearsalPlan): Promise<Played> =>
  play(plan.spec, plan.machine, recordedWorld(recordingOf(redactedValue(plan.events)), plan));

function recordedWorld(recording: Recording, plan: RehearsalPlan): PlayWorld {
  const { ranDefinition, definition, evaluate, reply, mapRun } = plan;
  const definitions = { ran: parseWritten(ranDefinition), now: parseWritten(definition) };
  const answered = new Set<string>();
  return {
    evaluate,
    env: rehearsing,
    hasActivity: (arn) => !recording.missingActivities.has(arn),
    stopped: recording.stopped,
    redrives: recording.redrives,
    async reply(call) {
      const then = replyThen(recording, call);
      const given = await reply?.(call, then);
      if (given) answered.add(attemptKey(call.place));
      return given ?? then;
    },
    silence: (call) =>
      answered.has(attemptKey(call.place)) ? Number.POSITIVE_INFINITY : silenceThen(recording, call),
    async mapRun(call) {
      const recorded = recording.mapRuns.get(attemptKey(call.place));
      const then =
        recorded && sameMapRun(recorded, call, definitions)
          ? mapRunThen(recorded, definitions.ran)
          : undefined;
      return (await mapRun?.(call, recorded, then)) ?? then;
    },
  };
}

/** Nobody hears of its tokens and map runs. */
export const rehearsing: Env = {
  taskToken: () => REDACTED,
  mapRunArn: (taskId, label) => `mapRun:${label ?? ''}:${taskId}`,
  random: () => 0.5,
};
