import { isObject, type Json, type JsonObject } from '../../src/json/json.js';
import { account, region } from '../../src/local/arns.js';
import type { Omit } from './compare.js';

export interface RecordedApi {
  id: string;
  test: string;
  recordedDate: string;
  awsValidated: boolean;
  definitions: string[];
  inputs: string[];
  /** What was asked of AWS, in order, by the name that the recorded test gave it. */
  recorded: Record<string, Json>;
}

export const roleArn = (name: string): string => `arn:aws:iam::${account}:role/${name}`;

/**
 * The record with names of our own in place of what the recording took out, the same for the same: ARNs of our account,
 * and `prefix` before each name, so that cases do not meet.
 */
export function ours(value: Json, prefix: string, key = ''): Json {
  if (typeof value === 'string') return ourText(value, prefix, key);
  if (Array.isArray(value)) return value.map((item) => ours(item, prefix));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([member, item]) => [member, ours(item, prefix, member)]),
  );
}

const kinds = { Execution: 'execution:none', 'State Machine': 'stateMachine', Activity: 'activity' } as const;

function ourText(text: string, prefix: string, key: string): string {
  const plain = text
    .replaceAll('<partition>', 'aws')
    .replaceAll('<region>', region)
    .replaceAll('111111111111', account)
    .replaceAll('<execution-name>', `${prefix}-execution`)
    .replace(
      /<((?:Exec)?ArnPart|resource)[_:](\w+)>/g,
      (_, kind: string, at: string) => `${prefix}-${kind}-${at}`,
    );
  if (key === 'roleArn' && !plain.startsWith('arn:')) return roleArn(plain);
  if (/^activity_arn/.test(plain)) return arn('activity', prefix, plain);
  if (key === 'name' && /^activity_name/.test(plain)) return `${prefix}-${plain}`;
  // An error names what is not there by a name of the recording's.
  return plain.replace(
    /(Execution|State Machine|Activity) Does Not Exist: '(?!arn:)(\w+)'/,
    (_, kind: keyof typeof kinds, name: string) =>
      `${kind} Does Not Exist: '${arn(kinds[kind], prefix, name)}'`,
  );
}

const arn = (kind: string, prefix: string, name: string): string =>
  `arn:aws:states:${region}:${account}:${kind}:${prefix}-${name.replace('_arn', '_name')}`;

/** All ARNs in a value, of the resource type. */
export function arnsIn(value: Json, type: string): string[] {
  const found = JSON.stringify(value).matchAll(
    new RegExp(`arn:aws:states:[^:]*:[^:]*:${type}:[^"'\\\\\\s,)\\]]+`, 'g'),
  );
  return [...new Set([...found].map(([text]) => text))];
}

/** The client's own, of a call. */
const OF_CLIENT = new Set(['ResponseMetadata', '$metadata']);

/** Whether the answer is what was expected, `omit` left out. `<…>` stands for anything. */
export function answers(expected: Json | undefined, actual: Json | undefined, omit: Omit): boolean {
  if (typeof expected === 'string' && /^(?:<[^<>]*>|datetime|date|timestamp|creation-date)$/.test(expected))
    return actual !== undefined;
  if (typeof expected === 'string' && typeof actual === 'string')
    return expected === actual || sameText(expected, actual);
  if (Array.isArray(expected))
    return (
      Array.isArray(actual) &&
      expected.length === actual.length &&
      expected.every((item, index) => answers(item, actual[index], omit))
    );
  if (!isObject(expected)) return expected === actual;
  const object = typeof actual === 'string' ? parsedJson(actual) : actual;
  if (!isObject(object)) return false;
  const names = [...new Set([...Object.keys(expected), ...Object.keys(object)])];
  return names
    .filter((name) => !OF_CLIENT.has(name) && !omit.has(name))
    .every((name) => answers(expected[name], object[name], omit));
}

/** Text with placeholders in it. */
function sameText(expected: string, actual: string): boolean {
  const parts = expected.split(/<[^<>]*>/);
  if (parts.length === 1) return false;
  const source = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[\\s\\S]*');
  return new RegExp(`^${source}$`).test(actual);
}

/** JSON texts inside of answers were parsed by the recording. */
export function parsedJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}

export const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
