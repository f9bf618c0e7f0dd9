import type { Json, JsonObject } from '../../json/json.js';

/** Elements that may be there several times, and the member that holds them. */
export type ListElements = Readonly<Record<string, string>>;

const token = /<(\/?)([^\s/>?!]+)[^>]*?(\/?)>|<[?!][^>]*>|([^<]+)/g;
const entities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

const decoded = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) =>
    name === undefined
      ? String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16))
      : (entities[name as string] ?? whole),
  );

/** What a service answered in XML: elements as members, text as strings, `lists` as arrays. The root's name is dropped. */
export function readXml(source: string, lists: ListElements): JsonObject {
  const open: { name: string; members: JsonObject; text: string }[] = [{ name: '', members: {}, text: '' }];
  for (const [, closing, name = '', empty, text] of source.matchAll(token)) {
    const top = open.at(-1);
    if (!top) break;
    if (text !== undefined) top.text += decoded(text);
    if (name === '') continue;
    if (!closing) open.push({ name, members: {}, text: '' });
    if (closing || empty) {
      const done = open.pop();
      const parent = open.at(-1);
      if (done && parent) put(parent.members, done.name, elementValue(done), lists);
    }
  }
  const [root] = Object.values(open[0]?.members ?? {});
  return typeof root === 'object' && root !== null && !Array.isArray(root) ? root : {};
}

const elementValue = ({ members, text }: { members: JsonObject; text: string }): Json =>
  Object.keys(members).length > 0 ? members : text;

function put(members: JsonObject, name: string, value: Json, lists: ListElements): void {
  const list = lists[name];
  if (list === undefined) {
    members[name] = value;
    return;
  }
  const found = members[list];
  if (Array.isArray(found)) found.push(value);
  else members[list] = [value];
}

export const escapeXml = (text: string): string =>
  text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
