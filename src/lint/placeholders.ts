import type { Place } from '../asl/validate/diagnostic.js';
import { isObject, type Json } from '../json/json.js';

const TOKEN = /\$\{([^}]*)\}/g;
const ARN = 'arn:aws:lambda:ap-northeast-1:123456789012:function:';

/** A definition with something that fits where a value is put in later: an ARN for a whole string, else a name. */
export function filled(value: Json, substitutions: Record<string, string> = {}): Json {
  if (Array.isArray(value)) return value.map((item) => filled(item, substitutions));
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, substitutions)]));
  if (typeof value !== 'string') return value;
  const known = value.replace(TOKEN, (whole, name: string) => substitutions[name.trim()] ?? whole);
  const whole = known.replace(TOKEN, '') === '' && known !== '';
  return known.replace(
    TOKEN,
    (_, name: string) => (whole ? ARN : '') + name.replace(/[^A-Za-z0-9_-]+/g, '-'),
  );
}

/** Nobody can judge a value that is known only when it is deployed. */
export function isJudgeable(written: Json, place: Place): boolean {
  let node: Json | undefined = written;
  for (const step of place) {
    if (isPending(node)) return false;
    node = Array.isArray(node)
      ? node[Number(step)]
      : isObject(node) && Object.hasOwn(node, step)
        ? node[step]
        : undefined;
  }
  return !isPending(node);
}

function isPending(node: Json | undefined): boolean {
  if (typeof node === 'string') return /\$\{|\{\{|<%/.test(node);
  if (!isObject(node)) return false;
  const keys = Object.keys(node);
  return keys.length === 1 && /^(Ref|Fn::\w+)$/.test(keys[0] ?? '');
}
