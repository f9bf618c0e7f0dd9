import type { Place } from '../asl/validate/diagnostic.js';
import type { Json } from '../json/json.js';
import type { SourceNode } from '../json/json-positions.js';
import { nodeAt, type Source } from './parsed-source.js';
import type { Fix } from './rule.js';

interface Edit {
  at: number;
  insert: string;
}

/** The text with the fixes in it; what stands around them stays byte for byte. */
export function applyFixes(source: Source, fixes: { fix: Fix; prefix: Place }[]): string {
  const edits = fixes
    .flatMap(({ fix, prefix }) => editOf(source, fix, prefix) ?? [])
    .sort((one, other) => other.at - one.at);
  return edits.reduce((text, { at, insert }) => text.slice(0, at) + insert + text.slice(at), source.text);
}

function editOf(source: Source, fix: Fix, prefix: Place): Edit | undefined {
  const { node, found } = nodeAt(source.root, [...prefix, ...fix.place]);
  const members = [...(node.members?.values() ?? [])];
  const last = members.at(-1);
  if (!found || !last) return undefined;
  const flow = '{['.includes(source.text[node.start] ?? '');
  const added = fix.kind === 'item' ? [JSON.stringify(fix.item)] : [];
  const lines =
    fix.kind === 'members'
      ? Object.entries(fix.members).map(([key, value]) =>
          flow ? `${JSON.stringify(key)}: ${json(value)}` : `${key}: ${json(value)}`,
        )
      : flow
        ? added
        : added.map((item) => `- ${item}`);
  const separator = separation(source.text, node, members);
  if (flow) return { at: last.end, insert: lines.map((line) => `,${separator}${line}`).join('') };
  // A block of YAML: flow values are YAML too, each on a line of its own at the first member's column.
  return {
    at: endOfLine(source.text, last),
    insert: lines.map((line) => `\n${column(source.text, node, members)}${line}`).join(''),
  };
}

const json = (value: Json): string => JSON.stringify(value);

/** What stands between two members: a blank, or the line end and the indentation of the first. */
function separation(text: string, node: SourceNode, members: SourceNode[]): string {
  const [first] = members;
  const before = text.slice(node.start + 1, first?.keyStart ?? first?.start ?? node.start + 1);
  return before.includes('\n')
    ? before.slice(before.lastIndexOf('\n', before.length) - (before.includes('\r\n') ? 1 : 0))
    : ' ';
}

function column(text: string, node: SourceNode, members: SourceNode[]): string {
  const start = members[0]?.keyStart ?? node.start;
  return ' '.repeat(start - (text.lastIndexOf('\n', start - 1) + 1));
}

/** A YAML value's range may include the line end after it. */
function endOfLine(text: string, node: SourceNode): number {
  let at = node.end;
  while (at > node.start && /\s/.test(text[at - 1] ?? '')) at--;
  const end = text.indexOf('\n', at);
  const rest = end < 0 ? text.length : end;
  return text[rest - 1] === '\r' ? rest - 1 : rest;
}
