import type { Json, JsonObject } from '../../json/json.js';
import { parseXml, type XmlElement, XmlError } from '../http/xml.js';

/** Elements that may be there several times, and the member that holds them. */
export type ListElements = Readonly<Record<string, string>>;

/**
 * What a service answered in XML: elements as members, text as strings, `lists` as arrays. The root's name is dropped;
 * what is no XML (a proxy's page) has no members.
 */
export function readXml(source: string, lists: ListElements): JsonObject {
  try {
    const members = membersOf(parseXml(source), lists);
    return typeof members === 'object' && members !== null && !Array.isArray(members) ? members : {};
  } catch (error) {
    if (error instanceof XmlError) return {};
    throw error;
  }
}

function membersOf({ children, text }: XmlElement, lists: ListElements): Json {
  if (children.length === 0) return text;
  const members: JsonObject = {};
  for (const child of children) put(members, child.name, membersOf(child, lists), lists);
  return members;
}

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
