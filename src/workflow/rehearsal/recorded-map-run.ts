import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { jsonText, parseWritten } from '../../json/lossless.js';
import { dataDifference } from './compare-data.js';
import type { MapRunCall } from './play.js';
import type { RecordedMapRun } from './recording.js';
import type { MapRunReply } from './reply.js';
import type { Place } from './step-place.js';

/** Whether a map run would do now what it did then: the state is the same, and so is what came in. */
export function sameMapRun(
  { place, stateInput }: RecordedMapRun,
  { effect }: MapRunCall,
  { ran, now }: { ran: Json; now: Json },
): boolean {
  const before = stateNamed(ran, place.stateName);
  const after = stateNamed(now, place.stateName);
  if (!before || !after) return false;
  if (jsonText(workOf(before)) !== jsonText(workOf(after))) return false;
  const { InputPath } = after;
  const { input } = effect.spec;
  // What a path chose of the input is compared where that is all of it.
  const whole = InputPath === undefined || InputPath === '$';
  const nothing = { ids: true, times: true, numbers: false };
  return !whole || dataDifference(stateInput, jsonText(input), nothing) === undefined;
}

/** Whether the children run now what they ran then. */
export function sameProcessor({ stateName }: Place, { ran, now }: { ran: Json; now: Json }): boolean {
  const processors = [ran, now].map((definition) => {
    const state = stateNamed(definition, stateName);
    return jsonText(state?.ItemProcessor ?? state?.Iterator ?? null);
  });
  return processors[0] === processors[1];
}

/** Fields that decide which items the children get. */
const CHOOSING = [
  'ItemReader',
  'ItemsPath',
  'Items',
  'ItemSelector',
  'Parameters',
  'ItemBatcher',
  'InputPath',
];

/** Whether the children get now what they got then, as far as the definitions tell. */
export const sameItems = ({ stateName }: Place, { ran, now }: { ran: Json; now: Json }): boolean =>
  CHOOSING.every(
    (field) =>
      jsonText(stateNamed(ran, stateName)?.[field] ?? null) ===
      jsonText(stateNamed(now, stateName)?.[field] ?? null),
  );

/** All that decides what the children do. */
function workOf(state: JsonObject): Json {
  const { Next: _, End: __, Retry: ___, Catch: ____, Comment: _____, ...work } = state;
  for (const after of ['ResultPath', 'ResultSelector', 'OutputPath', 'Output', 'Assign']) delete work[after];
  return work;
}

/** How a map run ended then, as far as the parent's history tells: its result is seen behind the state's own fields. */
export function mapRunThen(
  { place, took = 0, failure, stateOutput }: RecordedMapRun,
  ran: Json,
): MapRunReply | undefined {
  if (failure) return { type: 'MapRunFailed', ...failure, after: took };
  if (stateOutput === undefined) return undefined;
  const state = stateNamed(ran, place.stateName);
  const output = state && resultBehind(state, stateOutput);
  return output === undefined ? undefined : { type: 'MapRunSucceeded', output, after: took };
}

/** Undefined where the state's fields changed the result beyond recognition. */
function resultBehind(state: JsonObject, output: string): string | undefined {
  const { ResultSelector, OutputPath = '$', ResultPath = '$', Output, Assign } = state;
  if (Output !== undefined || (Assign !== undefined && usesResult(Assign)))
    return usesResult([Output ?? null, Assign ?? null]) ? undefined : '[]';
  // A path of Assign may ask for anything of the result.
  if (ResultSelector !== undefined || OutputPath !== '$') return undefined;
  if (ResultPath === '$') return output;
  if (ResultPath === null) return Assign === undefined ? '[]' : undefined;
  const names =
    typeof ResultPath === 'string' ? /^\$((?:\.[\p{ID_Continue}$]+)+)$/u.exec(ResultPath)?.[1] : undefined;
  let found: Json | undefined = names === undefined ? undefined : parseWritten(output);
  for (const name of names?.slice(1).split('.') ?? []) found = isObject(found) ? found[name] : undefined;
  return found === undefined ? undefined : jsonText(found);
}

/** Of expressions in JSONata. */
const usesResult = (fields: Json): boolean => /\$states(?!\.(?:input|context)\b)/.test(jsonText(fields));

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
