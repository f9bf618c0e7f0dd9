import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { type Diagnostic, locationOf, type Place } from './diagnostic.js';

/** Fields that AWS takes and this engine does not run yet, with the values that it does run. */
const NOT_YET: Record<string, readonly Json[]> = {
  ItemsPointer: [],
  Transformation: ['NONE', 'COMPACT', 'FLATTEN'],
  ManifestType: [],
};
/** What the author writes into these is data, and no field of the language. */
const DATA = new Set([
  'Parameters',
  'Result',
  'ResultSelector',
  'ItemSelector',
  'BatchInput',
  'Assign',
  'Arguments',
  'Output',
]);

export function unsupported(value: Json, place: Place = []): Diagnostic[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => unsupported(item, [...place, index]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    if (DATA.has(key) && place.at(-1) !== 'States') return [];
    const runs = Object.hasOwn(NOT_YET, key) && !(place.at(-1) === 'States') ? NOT_YET[key] : undefined;
    if (runs && !runs.includes(item as Exclude<Json, Json[] | JsonObject>))
      return [refusal(key, item, [...place, key])];
    return unsupported(item, [...place, key]);
  });
}

function refusal(key: string, value: Json, place: Place): Diagnostic {
  const what = typeof value === 'string' ? `${key} '${value}'` : `Field '${key}'`;
  return {
    severity: 'ERROR',
    code: 'SCHEMA_VALIDATION_FAILED',
    message: `${what} is not supported by the local engine yet`,
    location: locationOf(place),
    place,
  };
}
