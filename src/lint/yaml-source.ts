import type { Json } from '../json/json.js';
import type { SourceNode } from '../json/json-positions.js';
import { MOST_ALIASED, noAnchor, TOO_MANY_ALIASED, yamlParser } from '../template/parse.js';
import { UnreadableSource } from './unreadable.js';

interface Read {
  value: Json;
  node: SourceNode;
}

/** YAML with CloudFormation's short tags in their long form; anchors are resolved where they are used. */
export async function parseYamlSource(text: string): Promise<{ value: Json; root: SourceNode }> {
  const { isAlias, isMap, isScalar, isSeq, parseYamlDocument } = await yamlParser();
  const document = parseYamlDocument(text);
  const [error] = document.errors;
  if (error) throw new UnreadableSource(messageOf(error), error.pos[0]);

  let left = MOST_ALIASED;
  let aliases = 0;
  const read = (source: unknown, at: number): Read => {
    if (aliases > 0 && left-- === 0) throw new UnreadableSource(TOO_MANY_ALIASED, at);
    if (isAlias(source)) {
      aliases++;
      const target = source.resolve(document);
      if (!target) throw new UnreadableSource(noAnchor(source.source), place(source, at).start);
      const { value } = read(target, at);
      aliases--;
      return { value, node: place(source, at) };
    }
    const found = untagged(source, at);
    const { tag } = (source ?? {}) as { tag?: string };
    return tag?.startsWith('!') ? longForm(tag.slice(1), found) : found;
  };
  const place = (source: unknown, at: number): SourceNode => {
    const [start = at, end = start] = (source as { range?: number[] } | null)?.range ?? [];
    return { start, end };
  };
  const untagged = (source: unknown, at: number): Read => {
    const node = place(source, at);
    if (isMap(source)) {
      const members = new Map<string | number, SourceNode>();
      const entries = source.items.map(({ key, value }): [string, Json] => {
        const name = String(read(key, node.start).value);
        const keyStart = place(key, node.start).start;
        const member = read(value, keyStart);
        members.set(name, { ...member.node, keyStart });
        return [name, member.value];
      });
      return { value: Object.fromEntries(entries), node: { ...node, members } };
    }
    if (isSeq(source)) {
      const items = source.items.map((item) => read(item, node.start));
      const members = new Map<string | number, SourceNode>(items.map((item, index) => [index, item.node]));
      return { value: items.map(({ value }) => value), node: { ...node, members } };
    }
    if (!isScalar(source)) return { value: null, node };
    const { value } = source;
    return { value: value instanceof Date ? value.toISOString() : ((value ?? null) as Json), node };
  };

  const { value, node } = read(document.contents, 0);
  return { value, root: node };
}

/** `!Sub x` is `{"Fn::Sub": x}`; `!GetAtt A.b` splits at its first dot. */
function longForm(tag: string, { value, node }: Read): Read {
  const name = tag === 'Ref' || tag === 'Condition' ? tag : `Fn::${tag}`;
  const dotted = tag === 'GetAtt' && typeof value === 'string' ? value.indexOf('.') : -1;
  const operand = dotted < 0 ? value : [String(value).slice(0, dotted), String(value).slice(dotted + 1)];
  return {
    value: { [name]: operand },
    node: { start: node.start, end: node.end, members: new Map([[name, node]]) },
  };
}

/** Without its place, which is told beside it. */
const messageOf = ({ message }: Error): string =>
  (message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '') || 'it is no YAML';
