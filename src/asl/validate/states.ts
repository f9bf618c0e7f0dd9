import type { JsonObject } from '../../json/json.js';
import { choices } from './choice.js';
import type { Context } from './context.js';
import type { Place } from './diagnostic.js';
import {
  anything,
  evaluated,
  flag,
  integer,
  nullablePath,
  pathOrIntrinsic,
  referencePath,
  text,
  timestamp,
} from './field-rules.js';
import { MAP_EXCLUSIVE, MAP_FIELDS, map } from './map.js';
import { catching, retry } from './retry-catch.js';
import { both, exactlyOneOf, type Fields, jsonata, jsonPath, orPath, type Shape } from './shape.js';
import { credentials, resource, task } from './task.js';
import { assignment, objectTemplate, template } from './template.js';

/** A type of state: its fields, and what concerns several of them. What it contains is judged by machine.ts. */
export interface StateShape extends Shape {
  more?: (context: Context, state: JsonObject, place: Place) => void;
}

const COMMON: Fields = { Type: both(anything), Comment: both(text), QueryLanguage: both(anything) };
const PATHS: Fields = { InputPath: jsonPath(nullablePath), OutputPath: jsonPath(nullablePath) };
const TRANSITION: Fields = { Next: both(text), End: both(flag) };
const OUTPUT: Fields = { Output: jsonata(template()), Assign: both(assignment()) };
const RESULT: Fields = {
  Output: jsonata(template('result')),
  Assign: both(assignment('result')),
  Parameters: jsonPath(template()),
  ResultSelector: jsonPath(objectTemplate()),
  ResultPath: jsonPath(referencePath({ null: true })),
  Retry: both(retry),
  Catch: both(catching),
  ...PATHS,
  ...TRANSITION,
};

const SECONDS = evaluated(integer(1, 99_999_999));
const PATH = referencePath();
const ANY_PATH = referencePath({ context: true });
const WAITS = ['SecondsPath', 'Seconds', 'TimestampPath', 'Timestamp'];

export const STATES: Readonly<Record<string, StateShape>> = {
  Task: {
    fields: {
      ...COMMON,
      ...RESULT,
      Resource: both(resource),
      Arguments: jsonata(template()),
      Credentials: both(credentials),
      ...orPath('TimeoutSeconds', SECONDS, PATH),
      ...orPath('HeartbeatSeconds', SECONDS, PATH),
    },
    required: ['Resource'],
    exclusive: [
      ['TimeoutSeconds', 'TimeoutSecondsPath'],
      ['HeartbeatSeconds', 'HeartbeatSecondsPath'],
    ],
    more: task,
  },
  Wait: {
    fields: {
      ...COMMON,
      ...OUTPUT,
      ...PATHS,
      ...TRANSITION,
      ...orPath('Seconds', evaluated(integer(0, 99_999_999)), ANY_PATH),
      ...orPath('Timestamp', evaluated(timestamp), ANY_PATH),
    },
    more: (context, state, place) => exactlyOneOf(context, state, WAITS, place),
  },
  Pass: {
    fields: {
      ...COMMON,
      ...OUTPUT,
      ...PATHS,
      ...TRANSITION,
      Result: jsonPath(anything),
      Parameters: jsonPath(template()),
      ResultPath: jsonPath(referencePath({ null: true })),
    },
  },
  Succeed: { fields: { ...COMMON, ...PATHS, Output: jsonata(template()) } },
  Fail: {
    fields: {
      ...COMMON,
      ...orPath('Error', evaluated(text), pathOrIntrinsic),
      ...orPath('Cause', evaluated(text), pathOrIntrinsic),
    },
    exclusive: [
      ['Error', 'ErrorPath'],
      ['Cause', 'CausePath'],
    ],
  },
  Choice: {
    fields: { ...COMMON, ...OUTPUT, ...PATHS, Choices: both(choices), Default: both(text) },
    required: ['Choices'],
  },
  Parallel: {
    fields: { ...COMMON, ...RESULT, Arguments: jsonata(template()), Branches: both(anything) },
    required: ['Branches'],
  },
  Map: {
    fields: { ...COMMON, ...RESULT, ...MAP_FIELDS, ItemProcessor: both(anything), Iterator: both(anything) },
    exclusive: MAP_EXCLUSIVE,
    more: map,
  },
};

/** Every state but those that choose or end says what follows. */
export function transition(context: Context, state: JsonObject, shape: Shape, place: Place): void {
  if (!Object.hasOwn(shape.fields, 'End')) return;
  const ways = state.End === true ? state : { ...state, End: undefined };
  exactlyOneOf(context, ways, ['Next', 'End'], place);
}
