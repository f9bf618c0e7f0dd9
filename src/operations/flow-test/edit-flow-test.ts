import { isObject, type Json } from '../../json/json.js';
import type { SourceNode } from '../../json/json-positions.js';
import { jsonText, parseWritten } from '../../json/lossless.js';
import type { MemberPath } from '../../json/schema.js';
import { nodeAt } from '../../lint/parsed-source.js';
import { yamlParser } from '../../template/parse.js';

/** A value in a file of data; undefined: it goes. */
export interface Edit {
  at: MemberPath;
  value: Json | undefined;
}

/** The text of a YAML or JSON file with other values; all else stays as it is written. */
export async function edited(
  text: string,
  { yaml, root }: { yaml: boolean; root: SourceNode },
  edits: readonly Edit[],
): Promise<string> {
  return (await spliced(text, yaml, root, edits)) ?? (await rewritten(text, yaml, edits));
}

/** Undefined: a value that comes, goes or stands in several lines is for a writer of whole files. */
async function spliced(
  text: string,
  yaml: boolean,
  root: SourceNode,
  edits: readonly Edit[],
): Promise<string | undefined> {
  const pieces: { start: number; end: number; text: string }[] = [];
  for (const { at, value } of edits) {
    const { node, found } = nodeAt(root, at);
    if (!found || value === undefined || /\n/.test(text.slice(node.start, node.end))) return undefined;
    pieces.push({ ...node, text: yaml ? await inOneLine(value) : jsonText(value) });
  }
  pieces.sort((a, b) => b.start - a.start);
  return pieces.reduce((made, { start, end, text }) => made.slice(0, start) + text + made.slice(end), text);
}

async function inOneLine(value: Json): Promise<string> {
  const { stringify } = await yamlParser();
  const written = stringify(JSON.parse(jsonText(value)), {
    lineWidth: 0,
    collectionStyle: 'flow',
    flowCollectionPadding: !Array.isArray(value),
  }).trimEnd();
  return written.includes('\n') ? jsonText(value) : written;
}

async function rewritten(text: string, yaml: boolean, edits: readonly Edit[]): Promise<string> {
  // What goes from a list must not move what goes after it.
  const ordered = [...edits].sort((a, b) => Number(a.value === undefined) - Number(b.value === undefined));
  const gone = ordered.filter(({ value }) => value === undefined).reverse();
  const all = [...ordered.filter(({ value }) => value !== undefined), ...gone];
  if (!yaml) return editedJson(text, all);
  const { parseYamlDocument } = await yamlParser();
  const document = parseYamlDocument(text);
  for (const { at, value } of all) {
    if (value === undefined) document.deleteIn(at);
    else document.setIn(at, document.createNode(JSON.parse(jsonText(value))));
  }
  return document.toString({ lineWidth: 0 });
}

function editedJson(text: string, edits: readonly Edit[]): string {
  const root = parseWritten(text);
  for (const { at, value } of edits) {
    let holder: Json | undefined = root;
    for (const step of at.slice(0, -1)) {
      if (Array.isArray(holder)) holder = holder[Number(step)];
      else if (isObject(holder)) holder = holder[step] ??= {};
    }
    const last = at.at(-1) ?? '';
    if (Array.isArray(holder)) {
      if (value === undefined) holder.splice(Number(last), 1);
      else holder[Number(last)] = value;
    } else if (isObject(holder)) {
      if (value === undefined) delete holder[last];
      else holder[last] = value;
    }
  }
  const indent = /\n([ \t]+)"/.exec(text)?.[1]?.replaceAll('\t', '  ').length ?? 2;
  return `${jsonText(root, indent)}\n`;
}

/** The text of a file with one more case. */
export async function withCase(text: string, yaml: boolean, one: Json): Promise<string> {
  if (!yaml) {
    const cases = (parseWritten(text) as { cases?: Json[] }).cases ?? [];
    return editedJson(text, [{ at: ['cases'], value: [...cases, one] }]);
  }
  const { parseYamlDocument, isSeq } = await yamlParser();
  const document = parseYamlDocument(text);
  const node = document.createNode(JSON.parse(jsonText(one)));
  const cases = document.get('cases');
  if (isSeq(cases)) {
    cases.flow = false;
    cases.add(node);
  } else document.set('cases', [node]);
  return document.toString({ lineWidth: 0 });
}

/** A value as YAML. */
export async function yamlText(value: Json): Promise<string> {
  const { stringify } = await yamlParser();
  return stringify(JSON.parse(jsonText(value)), { lineWidth: 0 });
}
