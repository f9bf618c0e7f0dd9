import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { isObject, type Json, type JsonObject, parsedAsWritten } from '../../json/json.js';
import { entriesOf, jsonText, objectOf } from '../../json/lossless.js';
import { detailsOf, textOf } from '../history/event-details.js';
import { redactTokens } from '../history/redact.js';
import { mapRunThen } from '../rehearsal/recorded-map-run.js';
import { type RecordedCall, recordingOf } from '../rehearsal/recording.js';
import { createPlaces, type Place } from '../rehearsal/step-place.js';
import { durationText, stepText } from './expectations.js';

export interface RecordedExecution {
  name: string;
  events: readonly HistoryEvent[];
  /** JSON text of what ran. */
  definition: string;
}

interface Answered {
  place: Place;
  answer: JsonObject;
}

/** Longer ways are told by the states that are on them. */
const LONGEST_PATH = 100;

/**
 * How much of what happened a case says. `exact`: answers come after as many milliseconds as they did; else after whole
 * seconds. `short`: nothing of what an SDK tells of its call, nor a cause twice.
 */
export const recordedForms = ['short', 'plain', 'exact'] as const;
export type RecordedForm = (typeof recordedForms)[number];

export function caseOf({ name, events, definition }: RecordedExecution, form: RecordedForm): JsonObject {
  const exact = form === 'exact';
  const recording = recordingOf(events);
  const ran = parsedAsWritten(definition) ?? null;
  const byState = new Map<string, Answered[]>();
  const add = (place: Place, answer: JsonObject): void => {
    byState.set(place.stateName, [...(byState.get(place.stateName) ?? []), { place, answer }]);
  };
  for (const call of recording.calls.values()) if (!call.unknown) add(call.place, answerOf(call, form));
  for (const run of recording.mapRuns.values()) {
    const reply = mapRunThen(run, ran);
    const after = delay(run.took ?? 0, exact);
    const { place } = run;
    if (reply?.type === 'MapRunSucceeded') add(place, { value: json(reply.output), ...after });
    else if (reply) add(place, { error: reply.error, ...cause(reply.cause), ...after });
  }
  const answers = Object.fromEntries([...byState].map(([state, calls]) => [state, inTurn(calls)]));
  const started = detailsOf(events[0] ?? noEvent);
  const last = events.at(-1) ?? noEvent;
  const start = new Date(events[0]?.timestamp ?? 0).toISOString();
  return {
    name,
    input: json(textOf(started.input)),
    start,
    ...(byState.size > 0 && { answers }),
    expect: { ...endOf(last, form === 'short' ? causesIn(byState) : undefined), ...wayOf(events) },
  };
}

const noEvent: HistoryEvent = { id: 0, previousEventId: 0, timestamp: 0, type: '' };

const json = (text: string | undefined): Json => parsedAsWritten(text) ?? text ?? null;
const cause = (text: string | undefined): JsonObject => (text === undefined ? {} : { cause: text });

function delay(milliseconds: number, exact: boolean): JsonObject {
  const after = exact ? milliseconds : Math.round(milliseconds / 1000) * 1000;
  return after > 0 ? { after: durationText(after) } : {};
}

const causesIn = (byState: Map<string, Answered[]>): Set<Json | undefined> =>
  new Set([...byState.values()].flat().map(({ answer }) => answer.cause));

const toldByTheSdk = new Set(['SdkHttpMetadata', 'SdkResponseMetadata', 'ExecutedVersion', 'StatusCode']);

/** What a Lambda function returned is its payload. */
function withoutCall(value: Json): Json {
  if (!isObject(value) || !Object.hasOwn(value, 'Payload')) return value;
  return objectOf(entriesOf(value).filter(([name]) => !toldByTheSdk.has(name)));
}

function answerOf({ replies }: RecordedCall, form: RecordedForm): JsonObject {
  const exact = form === 'exact';
  const end = replies.find(({ what }) => what.type === 'TaskSucceeded' || what.type === 'TaskFailed');
  if (end?.what.type === 'TaskSucceeded') {
    const value = json(end.what.output);
    return { value: form === 'short' ? withoutCall(value) : value, ...delay(end.after, exact) };
  }
  if (end?.what.type !== 'TaskFailed') return { never: true };
  return { error: end.what.error ?? '', ...cause(end.what.cause), ...delay(end.after, exact) };
}

/** One answer where they are all the same; one for each call; or by iteration. */
function inTurn(calls: Answered[]): Json {
  const texts = new Set(calls.map(({ answer }) => jsonText(answer)));
  const [first] = calls;
  if (texts.size === 1 && first) return first.answer;
  if (calls.every(({ place }) => place.iterations.length === 0)) return calls.map(({ answer }) => answer);
  return calls.map(({ place, answer }) => {
    const { iterations, visit, attempt } = place;
    const several = calls.filter((one) => String(one.place.iterations) === String(iterations));
    return {
      iteration: iterations.length === 1 ? (iterations[0] ?? 0) : [...iterations],
      ...(several.some((one) => one.place.visit !== visit) && { visit }),
      ...(several.some((one) => one.place.attempt !== attempt) && { attempt }),
      ...answer,
    };
  });
}

/** @param known causes that are said already */
function endOf({ type, ...event }: HistoryEvent, known?: Set<Json | undefined>): JsonObject {
  const { output, error, cause } = detailsOf({ type, ...event });
  if (type === 'ExecutionSucceeded') return { status: 'SUCCEEDED', output: json(textOf(output)) };
  if (type === 'ExecutionFailed')
    return {
      status: 'FAILED',
      ...(textOf(error) && { error: textOf(error) ?? '' }),
      ...(known?.has(textOf(cause)) ? {} : causeExpected(textOf(cause))),
    };
  return { status: type === 'ExecutionTimedOut' ? 'TIMED_OUT' : 'RUNNING' };
}

/** Ids of events and requests are others the next time. */
function causeExpected(text: string | undefined): JsonObject {
  if (!text) return {};
  const [, reason] = /\(entered at the event id #\d+\)\. ([\s\S]*)$/.exec(text) ?? [];
  return { cause: reason === undefined ? text : { $contains: reason } };
}

function wayOf(events: readonly HistoryEvent[]): JsonObject {
  const placeOf = createPlaces();
  const path = events.flatMap((event) => {
    const place = placeOf(event);
    return place && event.type.endsWith('StateEntered') ? [stepText(place.stateName, place.iterations)] : [];
  });
  if (path.length <= LONGEST_PATH) return { path };
  return { visits: [...new Set(path.map((step) => step.replace(/(\[\d+\])+$/, '')))] };
}

/** Members whose values are struck out of a recorded case, besides task tokens. */
export const scrubbedNames = [
  '*password*',
  '*secret*',
  '*token*',
  'authorization',
  '*apikey*',
  '*api_key*',
  '*accesskey*',
  'cookie',
  '*email*',
  '*phone*',
];

/** The same with the values of these members struck out, wherever else their texts stand; equal ones stay equal. */
export function scrubbed(value: JsonObject, names: readonly string[]): JsonObject {
  const patterns = names.map((name) => new RegExp(`^${name.split('*').map(escaped).join('.*')}$`, 'is'));
  const texts = new Map<string, string>();
  const struck = (one: Json): Json => {
    if (typeof one === 'string') {
      if (!texts.has(one)) texts.set(one, `scrubbed-${texts.size + 1}`);
      return texts.get(one) ?? '';
    }
    if (Array.isArray(one)) return one.map(struck);
    if (typeof one === 'object' && one !== null)
      return Object.fromEntries(Object.entries(one).map(([key, inner]) => [key, struck(inner)]));
    return typeof one === 'number' ? 0 : one;
  };
  const walked = (one: Json): Json => {
    if (typeof one === 'string') return inText(one, walked);
    if (Array.isArray(one)) return one.map(walked);
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(
      Object.entries(one).map(([key, inner]) => [
        key,
        patterns.some((pattern) => pattern.test(key)) ? struck(inner) : walked(inner),
      ]),
    );
  };
  const plain = JSON.parse(redactTokens(jsonText(value))) as JsonObject;
  const parts = Object.entries(plain).map(([key, part]): [string, Json] => [key, walked(part)]);
  const known = [...texts.keys()].filter((text) => text.length >= 4).sort((a, b) => b.length - a.length);
  let text = JSON.stringify(Object.fromEntries(parts));
  for (const one of known) text = text.replaceAll(JSON.stringify(one).slice(1, -1), texts.get(one) ?? '');
  return JSON.parse(text) as JsonObject;
}

/** JSON in a text is looked into as well. */
function inText(text: string, walked: (value: Json) => Json): string {
  if (!/^\s*[{[]/.test(text)) return text;
  const value = parsedAsWritten(text);
  if (value === undefined) return text;
  const after = walked(value);
  return jsonText(after) === jsonText(value) ? text : jsonText(after);
}

const escaped = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
