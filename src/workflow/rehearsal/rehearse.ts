import { compileMachine } from '../../asl/definition.js';
import type { HistoryEvent } from '../../asl/engine/history-event.js';
import type { Evaluate } from '../../asl/engine/map-item.js';
import type { Env, ExecutionSpec } from '../../asl/engine/protocol.js';
import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { parseWritten } from '../../json/written.js';
import { type ComparedWays, compareWays, wayOf } from './compare-ways.js';
import { attemptKey } from './place.js';
import { type MapRunCall, type Played, type PlayWorld, play } from './play.js';
import { type RecordedMapRun, type Recording, recordingOf, replyThen } from './recording.js';
import type { MapRunReply, Reply, TaskCall } from './reply.js';
import { volatileIn } from './same-data.js';

export interface RehearsalPlan {
  /** Of the execution that has run. */
  events: readonly HistoryEvent[];
  /** What ran then, and what is to run now: JSON texts. */
  ranDefinition: string;
  definition: string;
  spec: ExecutionSpec;
  evaluate: Evaluate;
  /** Asked before the recording is; undefined: the recording answers. */
  reply?(call: TaskCall): readonly Reply[] | undefined | Promise<readonly Reply[] | undefined>;
  mapRun?(call: MapRunCall, recorded: RecordedMapRun | undefined): Promise<MapRunReply | undefined>;
}

export interface Rehearsed {
  played: Played;
  ways: ComparedWays;
}

/** Runs an execution again, its Tasks answering what they answered then, and compares the two ways. */
export async function rehearse(plan: RehearsalPlan): Promise<Rehearsed> {
  const recording = recordingOf(plan.events);
  const machine = compileMachine(parseWritten(plan.definition) as JsonObject);
  const world = recordedWorld(recording, plan);
  const played = await play(plan.spec, machine, world);
  const ways = compareWays(
    wayOf(plan.events),
    wayOf(played.events),
    volatileIn(plan.ranDefinition, plan.definition),
  );
  return { played, ways };
}

function recordedWorld(
  recording: Recording,
  { ranDefinition, evaluate, reply, mapRun }: RehearsalPlan,
): PlayWorld {
  return {
    evaluate,
    env: rehearsing,
    hasActivity: (arn) => !recording.missingActivities.has(arn),
    reply: async (call) => (await reply?.(call)) ?? replyThen(recording, call),
    async mapRun(call) {
      const recorded = recording.mapRuns.get(attemptKey(call.place));
      return (await mapRun?.(call, recorded)) ?? (recorded && mapRunThen(recorded, ranDefinition));
    },
  };
}

/** Nobody hears of its tokens and map runs. */
const rehearsing: Env = {
  taskToken: () => 'token',
  mapRunArn: (taskId, label) => `mapRun:${label ?? ''}:${taskId}`,
  random: () => 0.5,
};

/** How a map run ended then, as far as the parent's history tells: its result is seen behind the state's own fields. */
export function mapRunThen(
  { place, took = 0, failure, stateOutput }: RecordedMapRun,
  definition: string,
): MapRunReply | undefined {
  if (failure) return { type: 'MapRunFailed', ...failure, after: took };
  if (stateOutput === undefined) return undefined;
  const state = stateNamed(parseWritten(definition), place.stateName);
  const output = state && resultBehind(state, stateOutput);
  return output === undefined ? undefined : { type: 'MapRunSucceeded', output, after: took };
}

/** Undefined where the state's fields changed the result beyond recognition. */
function resultBehind(state: JsonObject, output: string): string | undefined {
  const { ResultSelector, OutputPath = '$', ResultPath = '$', Output } = state;
  if (ResultSelector !== undefined || Output !== undefined || OutputPath !== '$') return undefined;
  if (ResultPath === '$') return output;
  if (ResultPath === null) return '[]';
  const names =
    typeof ResultPath === 'string' ? /^\$((?:\.[\p{ID_Continue}$]+)+)$/u.exec(ResultPath)?.[1] : undefined;
  let found: Json | undefined = names === undefined ? undefined : parseWritten(output);
  for (const name of names?.slice(1).split('.') ?? []) found = isObject(found) ? found[name] : undefined;
  return found === undefined ? undefined : JSON.stringify(found);
}

/** A state of a definition, in whichever branch or map it stands. */
export function stateNamed(definition: Json, name: string): JsonObject | undefined {
  if (Array.isArray(definition))
    return definition.map((each) => stateNamed(each, name)).find((found) => found !== undefined);
  if (!isObject(definition)) return undefined;
  if (isObject(definition.States)) {
    const own = Object.hasOwn(definition.States, name) ? definition.States[name] : undefined;
    if (isObject(own)) return own;
    return stateNamed(Object.values(definition.States), name);
  }
  return stateNamed(
    [definition.Branches ?? [], definition.ItemProcessor ?? definition.Iterator ?? null],
    name,
  );
}
