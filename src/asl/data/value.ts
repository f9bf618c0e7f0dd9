import { isObject, type Json } from '../../json/json.js';
import { jsonText, objectOf, parseOwn } from '../../json/lossless.js';
import { tooDeepAt } from '../../json/parse.mjs';

/**
 * A JSON value that flows through an execution, in any of the forms in which it is known. Whichever other form is asked
 * for is made on first use and kept, so that a value that passes ten states is parsed and written once, and one that
 * nobody looks into is not parsed at all.
 * Values are shared between states and must never be changed in place.
 */
export interface Value {
  json: Json | undefined;
  /** As it came in, blanks and all. */
  text: string | undefined;
  /** As `jsonText` writes it. */
  written: string | undefined;
  /** Of an object, in their order, each name once. */
  readonly members: readonly Member[] | undefined;
  /** Of an array. */
  readonly items: readonly Value[] | undefined;
}

export type Member = readonly [name: string, value: Value];

const value = (
  json: Json | undefined,
  text: string | undefined,
  written: string | undefined,
  members?: readonly Member[],
  items?: readonly Value[],
): Value => ({ json, text, written, members, items });

export const fromText = (text: string): Value => value(undefined, text, undefined);
export const fromJson = (json: Json): Value => value(json, undefined, undefined);
/** Of a text that `jsonText` wrote. */
export const fromWritten = (text: string): Value => value(undefined, text, text);
/** An object of values, and an array of them: neither is parsed or written before it is asked for. */
export const fromMembers = (members: readonly Member[]): Value =>
  value(undefined, undefined, undefined, members);
export const fromItems = (items: readonly Value[]): Value =>
  value(undefined, undefined, undefined, undefined, items);

export function jsonOf(value: Value): Json {
  if (value.json !== undefined) return value.json;
  value.json = parsed(value);
  return value.json;
}

function parsed({ members, items, text }: Value): Json {
  if (members) return objectOf(members.map(([name, member]) => [name, jsonOf(member)]));
  return items ? items.map(jsonOf) : parseOwn(text ?? 'null');
}

export function textOf(value: Value): string {
  value.text ??= value.items ? `[${value.items.map(textOf).join(',')}]` : writtenOf(value);
  return value.text;
}

/** The text that has a place in another one. */
export function writtenOf(value: Value): string {
  value.written ??= written(value);
  return value.written;
}

function written(value: Value): string {
  const { members, items } = value;
  if (members) return composed(members, writtenOf);
  return items ? `[${items.map(writtenOf).join(',')}]` : jsonText(jsonOf(value));
}

/**
 * An object's text, of the texts of its members. Added up and not joined: what is long in it, and in what that is a
 * member of, is copied when somebody reads the whole, which often nobody does.
 */
export function composed(members: readonly Member[], textOfMember: (member: Value) => string): string {
  let text = '{';
  for (const [name, member] of members)
    text += `${text.length > 1 ? ',' : ''}${JSON.stringify(name)}:${textOfMember(member)}`;
  return `${text}}`;
}

/** The member of that name; undefined where there is none, or the value is no object. */
export function memberOf(value: Value, name: string): Value | undefined {
  if (value.members) return value.members.find(([own]) => own === name)?.[1];
  const json = jsonOf(value);
  const member = isObject(json) && Object.hasOwn(json, name) ? json[name] : undefined;
  return member === undefined ? undefined : fromJson(member);
}

/** The quota of every input, output and result: UTF-8 bytes of the JSON text. */
export const MAX_DATA_BYTES = 262_144;

export function exceedsLimit(text: string): boolean {
  // A UTF-16 unit takes at most 3 bytes, so most texts need no count.
  return text.length * 3 > MAX_DATA_BYTES && Buffer.byteLength(text) > MAX_DATA_BYTES;
}

export const nestsTooDeeply = (text: string): boolean => tooDeepAt(text) !== undefined;
