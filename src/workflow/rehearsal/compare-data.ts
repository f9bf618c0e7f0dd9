import { isObject, type Json } from '../../json/json.js';
import { jsonText, parseWritten } from '../../json/lossless.js';
import { REDACTED } from '../history/redact.js';

/** What an execution makes anew each time it runs, as far as its definition asks for it. */
export interface Volatile {
  ids: boolean;
  times: boolean;
  numbers: boolean;
}

/** By the texts of the definitions. */
export const volatileIn = (...definitions: string[]): Volatile => {
  const text = definitions.join('\n');
  return {
    ids: /States\.UUID|\$uuid\(/.test(text),
    times: /\$now\(|\$millis\(|EnteredTime|StartTime/.test(text),
    numbers: /States\.MathRandom|\$random\(|\$millis\(/.test(text),
  };
};

/** Where two JSON values part, as a JSONPath, with what is there; undefined: nowhere. */
export interface DataDifference {
  path: string;
  /** Undefined: absent. */
  before?: Json;
  after?: Json;
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const time = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})/g;
/** A token that was struck out, or one of ours. */
const token = new RegExp(`^(\\*+|token|${REDACTED}|[\\w+/=-]{300,})$`);

/** Compares two JSON texts; objects by their members, whatever their order. Undefined texts are not known. */
export function dataDifference(
  before: string | undefined,
  after: string | undefined,
  volatile: Volatile,
): DataDifference | undefined {
  if (before === after || before === undefined || after === undefined) return undefined;
  return difference(parsed(before), parsed(after), '$', volatile);
}

function parsed(text: string): Json {
  try {
    return parseWritten(text);
  } catch {
    return text;
  }
}

function difference(before: Json, after: Json, path: string, volatile: Volatile): DataDifference | undefined {
  if (Array.isArray(before) && Array.isArray(after)) {
    for (let index = 0; index < Math.max(before.length, after.length); index++) {
      const found = member(before[index], after[index], `${path}[${index}]`, volatile);
      if (found) return found;
    }
    return undefined;
  }
  if (isObject(before) && isObject(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const step = /^[\p{ID_Start}_][\p{ID_Continue}]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
      const found = member(
        Object.hasOwn(before, key) ? before[key] : undefined,
        Object.hasOwn(after, key) ? after[key] : undefined,
        path + step,
        volatile,
      );
      if (found) return found;
    }
    return undefined;
  }
  return sameLeaf(before, after, volatile) ? undefined : { path, before, after };
}

function member(
  before: Json | undefined,
  after: Json | undefined,
  path: string,
  volatile: Volatile,
): DataDifference | undefined {
  if (before === undefined || after === undefined)
    return before === after ? undefined : { path, before, after };
  return difference(before, after, path, volatile);
}

function sameLeaf(before: Json, after: Json, { ids, times, numbers }: Volatile): boolean {
  if (typeof before === 'string' && typeof after === 'string') {
    const masked = (text: string): string => {
      const withoutIds = ids ? text.replace(uuid, '<id>') : text;
      return times ? withoutIds.replace(time, '<time>') : withoutIds;
    };
    return masked(before) === masked(after) || (token.test(before) && token.test(after));
  }
  if (numbers && typeof before === 'number' && typeof after === 'number') return true;
  return jsonText(before) === jsonText(after);
}
