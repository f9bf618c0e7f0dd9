import { isObject, type Json } from '../json/json.js';
import type { SourceNode } from '../json/json-positions.js';

/** A JSON string, or (group 1) a value that templating puts in: `${x}`, `{{ x }}`, `<%= x %>`, with what is glued to it. */
const TOKENS =
  /"(?:[^"\\]|\\.)*"|((?:[\w.+-]*(?:\$\{(?:[^{}"]|"[^"]*"|\{[^{}]*\})*\}|\{\{[^{}]*\}\}|<%[^%]*%>)[\w.+-]*)+)/g;

/**
 * The text with each unquoted placeholder as a string of the same length, so that every other place stays what it was.
 * Undefined where there is none.
 */
export function maskPlaceholders(
  text: string,
): { text: string; placeholders: ReadonlyMap<number, string> } | undefined {
  const placeholders = new Map<number, string>();
  const masked = text.replace(TOKENS, (token, placeholder: string | undefined, at: number) => {
    if (placeholder === undefined) return token;
    placeholders.set(at, placeholder);
    // Line breaks stay, as spaces between tokens: a string may hold none.
    const blank = placeholder.slice(2).replace(/[^\r\n]/g, ' ');
    return `""${blank}`;
  });
  return placeholders.size > 0 ? { text: masked, placeholders } : undefined;
}

/** The value with the placeholders back in their places, as text. */
export function restored(value: Json, node: SourceNode, placeholders: ReadonlyMap<number, string>): Json {
  const inner = (child: Json, key: string | number): Json => {
    const member = node.members?.get(key);
    return member ? restored(child, member, placeholders) : child;
  };
  if (Array.isArray(value)) return value.map(inner);
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, inner(child, key)]));
  return placeholders.get(node.start) ?? value;
}
