import { isObject, type Json } from '../json/json.js';
import type { SourceNode } from '../json/json-positions.js';
import type { Resolver } from '../template/resolver.js';
import type { Source } from './parsed-source.js';

/** A text put together from a template's strings, and where in the file each of its characters was written. */
export interface Embedded {
  text: string;
  offsetOf(index: number): number;
}

interface Piece {
  text: string;
  /** Where it was written; a piece without `index` came from elsewhere and stands for the whole node. */
  node: SourceNode;
  index?: number;
}

/** A `DefinitionString`: a string, `Fn::Sub` or `Fn::Join` of strings and values. */
export function embeddedText(
  source: Source,
  value: Json,
  node: SourceNode,
  resolver: Resolver,
  substitutions: Record<string, string>,
): Embedded {
  const pieces = piecesOf(value, node, resolver).flatMap((piece) =>
    substituted(piece, (name) => substitutions[name]),
  );
  return {
    text: pieces.map(({ text }) => text).join(''),
    offsetOf(index) {
      let before = 0;
      for (const piece of pieces) {
        if (index < before + piece.text.length)
          return piece.index === undefined
            ? piece.node.start
            : stringOffset(source, piece.node, piece.index + index - before);
        before += piece.text.length;
      }
      return node.start;
    },
  };
}

function piecesOf(value: Json, node: SourceNode, resolver: Resolver): Piece[] {
  if (typeof value === 'string') return [{ text: value, node, index: 0 }];
  const [key = '', operand] = Object.entries(isObject(value) ? value : {})[0] ?? [];
  const inner = node.members?.get(key) ?? node;
  if (key === 'Fn::Join' && Array.isArray(operand)) {
    const [separator, items] = operand;
    const itemsNode = inner.members?.get(1) ?? inner;
    const between: Piece = { text: String(separator), node: itemsNode };
    return (Array.isArray(items) ? items : []).flatMap((item, index) => [
      ...(index > 0 && separator !== '' ? [between] : []),
      ...piecesOf(item, itemsNode.members?.get(index) ?? itemsNode, resolver),
    ]);
  }
  if (key === 'Fn::Sub') {
    const [format, own] = Array.isArray(operand) ? operand : [operand];
    const formatNode = Array.isArray(operand) ? (inner.members?.get(0) ?? inner) : inner;
    const value = (name: string): string => {
      const call = isObject(own) ? [`\${${name}}`, own] : `\${${name}}`;
      return resolvedText(resolver, { 'Fn::Sub': call });
    };
    return substituted({ text: String(format), node: formatNode, index: 0 }, value);
  }
  return [{ text: resolvedText(resolver, value), node }];
}

/** What only AWS knows stays a placeholder. */
function resolvedText(resolver: Resolver, value: Json): string {
  resolver.unresolved.clear();
  const resolved = resolver.resolve(value);
  const [unknown] = resolver.unresolved;
  if (unknown !== undefined) return `\${${unknown}}`;
  return typeof resolved === 'string' ? resolved : JSON.stringify(resolved ?? '');
}

/** `${name}` in a text as it was written, replaced where there is a value. */
function substituted(piece: Piece, replacement: (name: string) => string | undefined): Piece[] {
  const { text, node, index } = piece;
  if (index === undefined) return [piece];
  const found: Piece[] = [];
  let last = 0;
  for (const match of text.matchAll(/\$\{([^}!]*)\}/g)) {
    const value = replacement((match[1] ?? '').trim());
    if (value === undefined) continue;
    found.push({ text: text.slice(last, match.index), node, index: index + last }, { text: value, node });
    last = match.index + match[0].length;
  }
  found.push({ text: text.slice(last), node, index: index + last });
  return found;
}

/** Offset in the file of a character of a string written there. */
function stringOffset({ text }: Source, node: SourceNode, index: number): number {
  const written = text.slice(node.start, node.end);
  if (written.startsWith('"')) return node.start + 1 + escapedOffset(written.slice(1), index);
  if (/^[|>]/.test(written)) return node.start + blockOffset(written, index);
  return Math.min(node.start + (written.startsWith("'") ? 1 : 0) + index, node.end);
}

/** How far in a text with escapes its nth character begins. */
function escapedOffset(written: string, index: number): number {
  let at = 0;
  for (let read = 0; read < index && at < written.length; read++)
    at += written[at] === '\\' ? (written[at + 1] === 'u' ? 6 : 2) : 1;
  return at;
}

/** The same in a block scalar, whose lines begin after an indentation. */
function blockOffset(written: string, index: number): number {
  const start = written.indexOf('\n') + 1;
  const indent = /^[ \t]*/.exec(written.slice(start).replace(/^(?:[ \t]*\r?\n)+/, ''))?.[0].length ?? 0;
  let at = start;
  let left = index;
  for (const line of written.slice(start).split('\n')) {
    const content = Math.max(line.length - indent, 0);
    if (left <= content) return at + Math.min(indent, line.length) + left;
    left -= content + 1;
    at += line.length + 1;
  }
  return written.length;
}
