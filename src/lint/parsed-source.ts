import type { Place } from '../asl/validate/diagnostic.js';
import { duplicateName } from '../json/duplicate-names.js';
import type { Json } from '../json/json.js';
import { JsonSyntaxError, parseJsonSource, type SourceNode } from '../json/json-positions.js';
import { parseLargeJson, TOO_DEEP } from '../json/parse.mjs';
import { plainYaml } from './plain-yaml.js';
import { maskPlaceholders, restored } from './unquoted-placeholders.js';
import { UnreadableSource } from './unreadable.js';
import { parseYamlSource } from './yaml-source.js';

/** A file's data, and where each part of it stands in the text. */
export interface Source {
  file: string;
  text: string;
  value: Json;
  root: SourceNode;
  yaml: boolean;
}

const isJson = (file: string, text: string): boolean =>
  /\.json$/i.test(file) || (/^\ufeff?\s*[{[]/.test(text) && !/\.ya?ml$/i.test(file));

/** The data alone, in a fraction of the time that its places take; undefined where only readSource can tell. */
export function readPlain(file: string, text: string): { value: Json; yaml: boolean } | undefined {
  const yaml = !isJson(file, text);
  try {
    const value = yaml ? plainYaml(text) : (parseLargeJson(text) as Json);
    const unclear = value === undefined || (!yaml && duplicateName(text, value));
    return unclear ? undefined : { value, yaml };
  } catch {
    return undefined;
  }
}

/** JSON, or what does not begin as JSON does: YAML; no name twice in either. Throws UnreadableSource. */
export async function readSource(file: string, text: string): Promise<Source> {
  try {
    if (isJson(file, text)) return { file, text, ...parseWithPlaceholders(text), yaml: false };
    return { file, text, ...(await parseYamlSource(text)), yaml: true };
  } catch (error) {
    if (error instanceof RangeError) throw new UnreadableSource(TOO_DEEP, 0);
    if (error instanceof JsonSyntaxError) throw new UnreadableSource(error.message, error.start);
    throw error;
  }
}

/** JSON; where it is none for the unquoted placeholders in it (`${limit}`), these are taken for values of their own. */
function parseWithPlaceholders(text: string): { value: Json; root: SourceNode } {
  try {
    return parseJsonSource(text, { unique: true });
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const masked = maskPlaceholders(text);
    if (!masked) throw error;
    const { value, root } = parseJsonSource(masked.text, { unique: true });
    return { value: restored(value, root, masked.placeholders), root };
  }
}

/** The node at a place, or the nearest above it that the text has. */
export function nodeAt(root: SourceNode, place: Place): { node: SourceNode; found: boolean } {
  let node = root;
  for (const step of place) {
    const next = node.members?.get(step);
    if (!next) return { node, found: false };
    node = next;
  }
  return { node, found: true };
}

/** Where a finding points: at a member's name, else at its value. */
export const startOf = (node: SourceNode): number => node.keyStart ?? node.start;
