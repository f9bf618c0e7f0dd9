import { isMap, isScalar, type Pair, parseDocument, stringify, type YAMLMap } from 'yaml';
import type { JsonObject } from '../../json/json.js';
import type { Patched } from '../project.js';

/**
 * Adds a state machine to `stepFunctions.stateMachines` of the local environment's serverless.yml. Nothing else of
 * the file changes: what is added is text at the end of that section.
 */
export function addLocalMachine(text: string, name: string, definition: JsonObject): Patched {
  const document = parseDocument(text);
  if (document.errors.length > 0) return { kind: 'refused', why: 'it is not valid YAML' };
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const stepFunctions = mapAt(document.contents, 'stepFunctions');
  const machines = stepFunctions && mapAt(stepFunctions, 'stateMachines');
  if (machines?.has(name)) return { kind: 'unchanged' };
  const entry = { [name]: { name, definition } };
  if (machines && machines.items.length > 0) {
    if (machines.flow) return { kind: 'refused', why: 'its stateMachines are in flow style (braces)' };
    const indent = columnOf(text, machines);
    return { kind: 'patched', text: insertAfter(text, machines, block(entry, indent, newline), newline) };
  }
  if (!stepFunctions && !document.has('stepFunctions')) {
    const gap = text === '' || text.endsWith('\n') ? '' : newline;
    const whole = stringify({ stepFunctions: { stateMachines: entry } }, { lineWidth: 0 });
    return { kind: 'patched', text: text + gap + whole.replaceAll('\n', newline) };
  }
  return { kind: 'refused', why: 'it has stepFunctions but no stepFunctions.stateMachines' };
}

function mapAt(node: unknown, key: string): YAMLMap | undefined {
  const found = isMap(node) ? node.get(key, true) : undefined;
  return isMap(found) ? found : undefined;
}

/** How far the section's keys are indented. */
function columnOf(text: string, map: YAMLMap): number {
  const [first] = map.items as Pair[];
  const start = first && isScalar(first.key) ? (first.key.range?.[0] ?? 0) : 0;
  return start - (text.lastIndexOf('\n', start - 1) + 1);
}

function block(entry: JsonObject, indent: number, newline: string): string {
  const lines = stringify(entry, { lineWidth: 0 }).trimEnd().split('\n');
  return lines.map((line) => (line === '' ? line : ' '.repeat(indent) + line)).join(newline);
}

/** The end of a section is the end of its last line that is neither blank nor a comment of what follows. */
function insertAfter(text: string, map: YAMLMap, added: string, newline: string): string {
  const end = map.range?.[1] ?? text.length;
  const before = text.slice(0, end).trimEnd();
  return `${before}${newline}${added}${text.slice(before.length) || newline}`;
}
