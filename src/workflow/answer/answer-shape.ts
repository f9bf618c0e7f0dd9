import type { Evaluate } from '../../asl/engine/map-item.js';
import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { parseJson } from '../../json/parse.mjs';
import { type DefinedState, languageOf } from '../definition/definition-states.js';
import { type AnswerTrial, nextOf, type Standing, tryAnswer } from '../trial/answer-trial.js';

/** Member names and array indexes, from the root. */
export type Place = (string | number)[];

export interface ShapedAnswer {
  /** What is sent. */
  output: Json;
  /** Undefined: this definition cannot be tried here. */
  trial?: AnswerTrial;
}

/**
 * The form of an answer that the waiting state can digest. Its `OutputPath`, `ResultSelector`, `Output` and the state
 * after it say where in a result they look (`$.Payload[0][0]`, from the days when a function answered): the value is
 * put there, and each form is tried. The form that lets most of those places be found wins; of equals, the one
 * that changes the value least. With none that gets through, the value as it is, with what would happen to it.
 */
export async function shapeAnswer(
  standing: Standing,
  value: Json,
  evaluate: Evaluate,
): Promise<ShapedAnswer> {
  const { defined } = standing;
  const whole = placeOfWhole(defined);
  const own = distinct([...(whole ? [whole] : []), ...placesOfState(defined)]);
  const following = placesOfNext(defined);
  const candidates = distinct([
    [],
    ...own.flatMap((path) => splits(path, value)),
    ...own.filter((path) => path === whole || isFunctionAnswer(path)),
    ...following.flatMap((path) => splits(path, value)),
  ]);
  let best: (ShapedAnswer & { score: number }) | undefined;
  for (const place of candidates) {
    const output = wrapped(value, place);
    const trial = await tryAnswer(standing, { type: 'success', output }, evaluate);
    if (!trial) return { output: wrapped(value, whole ?? []) };
    if (trial.breaks) continue;
    const handedOn = parsed(trial.output);
    const score =
      own.filter((path) => has(output, path)).length +
      inputPlaces(defined).filter((path) => has(handedOn, path)).length;
    if (!best || score > best.score) best = { output, trial, score };
  }
  if (best) return { output: best.output, trial: best.trial };
  return { output: value, trial: await tryAnswer(standing, { type: 'success', output: value }, evaluate) };
}

/** The place in the raw result that becomes all of the state's output, where it is one. */
function placeOfWhole({ state, scope }: DefinedState): Place | undefined {
  if (languageOf(state, scope.queryLanguage) === 'JSONata') {
    const [, steps] = ONLY_RESULT.exec(typeof state.Output === 'string' ? state.Output : '') ?? [];
    return steps ? stepsOf(steps) : undefined;
  }
  const at = resultPlace(state);
  if (!at || state.ResultSelector !== undefined || typeof state.OutputPath !== 'string') return undefined;
  const place = within(at, placeOf(state.OutputPath));
  return place && place.length > 0 ? place : undefined;
}

/** Where else the state's own fields look in the raw result. */
function placesOfState({ state, scope }: DefinedState): Place[] {
  if (languageOf(state, scope.queryLanguage) === 'JSONata')
    return [state.Output, state.Assign].flatMap((field) => jsonataPlaces(field, 'result'));
  return pathPlaces(state.ResultSelector ?? state.Assign);
}

/** What a function answers stands there, whole; any other member is one of many. */
const isFunctionAnswer = ([first, ...rest]: Place): boolean =>
  first === 'Payload' && rest.every((step) => typeof step === 'number');

/** Where the next state looks, as a place in the raw result: only where the result is handed on as it is. */
function placesOfNext(defined: DefinedState): Place[] {
  const { state } = defined;
  if (state.ResultSelector !== undefined || state.OutputPath !== undefined || state.Output !== undefined)
    return [];
  const at = resultPlace(state);
  if (!at) return [];
  return inputPlaces(defined).map((path) => within(at, path) ?? []);
}

/** Where the next state looks in its input. */
function inputPlaces(defined: DefinedState): Place[] {
  const next = nextOf(defined);
  if (!next) return [];
  return languageOf(next, defined.scope.queryLanguage) === 'JSONata'
    ? distinct(jsonataPlaces(next, 'input'))
    : distinct(pathPlaces(next));
}

/** Where the state's own fields and the state after it look in the raw result. */
export const placesRead = (defined: DefinedState): Place[] =>
  distinct([...placesOfState(defined), ...placesOfNext(defined)]);

/** Where `ResultPath` puts the result; undefined where it is thrown away. */
function resultPlace({ ResultPath: path }: JsonObject): Place | undefined {
  if (path === null) return undefined;
  return typeof path === 'string' ? placeOf(path) : [];
}

const within = (outer: Place, path: Place): Place | undefined =>
  outer.every((step, index) => path[index] === step) ? path.slice(outer.length) : undefined;

const STEP = String.raw`(?:\.[A-Za-z_][\w-]*|\.?\[\d+\]|\['[^'\]]*'\])`;
const PATH = new RegExp(String.raw`(?<![$\w])\$(${STEP}+)`, 'g');

/** An expression that is nothing but a place in the result. */
const ONLY_RESULT = new RegExp(String.raw`^\{%\s*\$states\.result(${STEP}+)\s*%\}$`);

/** Places that JSONPaths (also inside intrinsic functions) name, anywhere in a part of a definition. */
function pathPlaces(json: Json | undefined): Place[] {
  return texts(json).flatMap((text) =>
    text.startsWith('$') || text.startsWith('States.')
      ? [...text.matchAll(PATH)].map(([, steps]) => stepsOf(steps ?? ''))
      : [],
  );
}

/** Places that `$states.result…` or `$states.input…` name. */
function jsonataPlaces(json: Json | undefined, variable: 'result' | 'input'): Place[] {
  const pattern = new RegExp(String.raw`\$states\.${variable}(${STEP}+)`, 'g');
  return texts(json).flatMap((text) => [...text.matchAll(pattern)].map(([, steps]) => stepsOf(steps ?? '')));
}

const placeOf = (path: string): Place => stepsOf(path.slice(1));

function stepsOf(text: string): Place {
  return [...text.matchAll(/\.([A-Za-z_][\w-]*)|\[(\d+)\]|\['([^'\]]*)'\]/g)].map(
    ([, name, index, quoted]) => (index === undefined ? (name ?? quoted ?? '') : Number(index)),
  );
}

function texts(json: Json | undefined): string[] {
  if (typeof json === 'string') return [json];
  return json !== null && typeof json === 'object' ? Object.values(json).flatMap(texts) : [];
}

/** Where the value would have to be put so that the rest of the path leads on into it. */
const splits = (path: Place, value: Json): Place[] =>
  path.map((_, index) => path.slice(0, index)).filter((outer) => has(value, path.slice(outer.length)));

function distinct(places: Place[]): Place[] {
  return [...new Map(places.map((place) => [JSON.stringify(place), place])).values()];
}

function wrapped(value: Json, place: Place): Json {
  return place.reduceRight<Json>((inner, step) => {
    if (typeof step === 'string') return { [step]: inner };
    return [...Array<Json>(step).fill(null), inner];
  }, value);
}

function has(json: Json | undefined, place: Place): boolean {
  let at = json;
  for (const step of place) {
    if (typeof step === 'number') at = Array.isArray(at) ? at[step] : undefined;
    else at = isObject(at) && Object.hasOwn(at, step) ? at[step] : undefined;
    if (at === undefined) return false;
  }
  return true;
}

function parsed(text: string | undefined): Json | undefined {
  return text === undefined ? undefined : (parseJson(text) as Json);
}
