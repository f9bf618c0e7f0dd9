import type { Json, JsonObject } from '../json/json.js';
import { parseJson, TOO_DEEP } from '../json/parse.mjs';

/** The YAML parser, loaded where there is YAML. */
export const yamlParser = (): Promise<typeof import('./yaml.js')> => import('./yaml.js');

/** Values that the aliases of one text stand for: a few lines of aliases of aliases are more than fits into memory. */
export const MOST_ALIASED = 100_000;
export const noAnchor = (name: string): string => `no &${name} stands before this *${name}`;
export const TOO_MANY_ALIASED = `its aliases stand for more than ${MOST_ALIASED} values`;

/** JSON or YAML; CloudFormation's short tags (`!Sub`) become their long form. @throws Error with the parser's own words */
export async function parseJsonOrYaml(text: string): Promise<Json> {
  if (/^\s*[{[]/.test(text)) return parseJson(text) as Json;
  try {
    return await parseYaml(text);
  } catch (error) {
    throw error instanceof RangeError ? new SyntaxError(TOO_DEEP) : error;
  }
}

async function parseYaml(text: string): Promise<Json> {
  const { isAlias, isMap, isScalar, isSeq, parseYamlDocument } = await yamlParser();
  const document = parseYamlDocument(text);
  const [error] = document.errors;
  if (error) throw error;
  let left = MOST_ALIASED;
  let aliases = 0;
  const plain = (node: unknown): Json => {
    if (aliases > 0 && left-- === 0) throw new SyntaxError(TOO_MANY_ALIASED);
    if (isAlias(node)) {
      aliases++;
      const target = node.resolve(document);
      if (!target) throw new SyntaxError(noAnchor(node.source));
      const value = plain(target);
      aliases--;
      return value;
    }
    const { tag } = (node ?? {}) as { tag?: string };
    const value = untagged(node);
    return tag?.startsWith('!') ? longForm(tag.slice(1), value) : value;
  };
  const untagged = (node: unknown): Json => {
    if (isMap(node))
      return Object.fromEntries(node.items.map(({ key, value }) => [String(plain(key)), plain(value)]));
    if (isSeq(node)) return node.items.map(plain);
    if (!isScalar(node)) return null;
    return node.value instanceof Date ? node.value.toISOString() : ((node.value ?? null) as Json);
  };
  return plain(document.contents);
}

/** `!Sub x` is `{"Fn::Sub": x}`, `!GetAtt A.b` splits at the first dot. */
function longForm(tag: string, value: Json): JsonObject {
  if (tag === 'Ref' || tag === 'Condition') return { [tag]: value };
  if (tag === 'GetAtt' && typeof value === 'string') {
    const dot = value.indexOf('.');
    return { 'Fn::GetAtt': [value.slice(0, dot), value.slice(dot + 1)] };
  }
  return { [`Fn::${tag}`]: value };
}
