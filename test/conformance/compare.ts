import { isObject, type Json } from '../../src/json/json.js';
import { detailsOf, type RecordedEvent } from './record.js';

/** `RedriveCount` is missing in recordings from before there was one. */
const NOISE = new Set([
  'SdkHttpMetadata',
  'SdkResponseMetadata',
  'timestamp',
  'EnteredTime',
  'StartTime',
  'RedriveCount',
]);

/** JSON texts parsed, noise dropped. */
export function normal(value: unknown): Json {
  if (typeof value === 'string') {
    // A placeholder that stood for a quoted text has lost one or both of the quotes.
    const json = value.replace(/("\s*:\s*)(<[^<>"]*>)"?(?=\s*[,}])/g, '$1"$2"');
    if (!/^\s*[[{"]/.test(json) || !isJson(json)) return value;
    return normal(JSON.parse(json));
  }
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value !== 'object' || value === null) return value as Json;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (NOISE.has(key) ? [] : [[key, normal(item)]])),
  );
}

/** Both normalised. `<…>` and the like stand for what differs from run to run. */
export function alike(expected: Json | undefined, actual: Json | undefined): boolean {
  if (typeof expected === 'string' && typeof actual === 'string')
    return expected === actual || like(expected, actual);
  if (typeof expected === 'string' && /^<[^>]+>$|^RandomNumberGenerated$/.test(expected)) return true;
  // Whether a scalar's JSON text was parsed differs between recordings.
  if (typeof expected !== typeof actual && String(expected) === String(actual)) return true;
  if (Array.isArray(expected) && Array.isArray(actual))
    return expected.length === actual.length && expected.every((item, i) => alike(item, actual[i]));
  if (isObject(expected) && isObject(actual)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...keys].every((key) => alike(expected[key], actual[key]));
  }
  return expected === actual;
}

const PLACEHOLDERS =
  /(<(?:<[^<>]*>|[^<>])*>|activity_arn|map_run_arn|(?:lambda_)?function(?:_\d+)?_name|^date$|^datetime$|^timestamp$|^generated-uuid$|^RandomNumberGenerated$)/;

function like(expected: string, actual: string): boolean {
  if (!PLACEHOLDERS.test(expected)) return false;
  const source = expected
    .split(PLACEHOLDERS)
    .map((part, i) => (i % 2 === 1 ? '[\\s\\S]*' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  return new RegExp(`^${source.join('')}$`).test(actual);
}

/** The first difference by the material's rules, or undefined. */
export function difference(expected: RecordedEvent[], actual: RecordedEvent[]): string | undefined {
  const open = actual.map((event) => ({
    event,
    shown: normal({ type: event.type, details: detailsOf(event) }),
  }));
  const partner = new Map<number, RecordedEvent>();
  for (const event of expected) {
    const shown = normal({ type: event.type, details: detailsOf(event) });
    const index = open.findIndex((candidate) => alike(shown, candidate.shown));
    const found = open[index];
    if (!found) {
      const near = open.find((candidate) => candidate.event.type === event.type);
      return `expected ${event.id}<${event.previousEventId} ${JSON.stringify(shown)}\n     got ${JSON.stringify(near?.shown)}`;
    }
    open.splice(index, 1);
    partner.set(event.id, found.event);
  }
  // Recordings with ids taken out have lost some of their events too, and some were made before the end.
  const last = expected.at(-1);
  const lost = ENDS.test(last?.type ?? '') ? (last?.id ?? 0) - expected.length : Number.POSITIVE_INFINITY;
  if (open.length > lost && open[0]) return `unexpected ${JSON.stringify(open[0].shown)}`;
  return expected
    .map((event) => chainDifference(event, expected, actual, partner))
    .find((found) => found !== undefined);
}

const ENDS = /^Execution(Succeeded|Failed|Aborted|TimedOut)$/;

/** Two recordings of the same thing differ in these. */
const LOOSE = new Set(['MapStateExited', 'EvaluationFailed']);

function chainDifference(
  event: RecordedEvent,
  expected: RecordedEvent[],
  actual: RecordedEvent[],
  partner: Map<number, RecordedEvent>,
): string | undefined {
  // Some recordings have the ids of parallel events taken out.
  if (LOOSE.has(event.type) || Number(event.id) === 0) return undefined;
  const before = expected.find(({ id }) => id !== 0 && id === event.previousEventId);
  const ours = partner.get(event.id);
  const oursBefore = actual.find(({ id }) => id === ours?.previousEventId);
  if (before === undefined && event.previousEventId !== 0) return undefined;
  if (before?.type === oursBefore?.type) return undefined;
  return `${event.type} ${event.id} follows ${before?.type}, ours ${oursBefore?.type}`;
}

export function isJson(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}
