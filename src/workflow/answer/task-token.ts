import { isObject, type Json, type JsonObject, parsedJson } from '../../json/json.js';
import { REDACTED } from '../history/redact.js';

/**
 * A task token: whoever holds it can answer the task. Only `reveal` gives it away; whatever prints, stringifies or
 * inspects one shows a placeholder.
 */
export class TaskToken {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  reveal(): string {
    return this.#text;
  }
  equals(other: TaskToken): boolean {
    return this.#text === other.#text;
  }
  toString(): string {
    return REDACTED;
  }
  toJSON(): string {
    return REDACTED;
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return REDACTED;
  }
}

/** AWS's tokens begin so and are long. */
const BY_FORM = /AQ[A-Za-z0-9+/=_-]{298,}/g;
const CONTEXT_TOKEN = /\$\$\.Task\.Token|\$states\.context\.Task\.Token/;

/**
 * The token in what a paused task was sent with (`parameters`: JSON text of its TaskScheduled event).
 * By the definition first, which says where it put the token; then by the context object's shape, the usual names,
 * and the token's own form. Undefined where there is none, or several that nothing tells apart.
 */
export function findToken(
  parameters: string | undefined,
  state: JsonObject | undefined,
): TaskToken | undefined {
  const sent = parsedJson(parameters);
  if (sent === undefined) return undefined;
  const template = state?.Parameters ?? state?.Arguments;
  for (const candidates of [byDefinition(template, sent), inContext(sent), byName(sent), byForm(sent)]) {
    const [first, ...others] = new Set(candidates);
    if (first !== undefined) return others.length === 0 ? new TaskToken(first) : undefined;
  }
  return undefined;
}

/** Where the template names the token, what was sent has it. */
function byDefinition(template: Json | undefined, sent: Json | undefined): string[] {
  if (sent === undefined) return [];
  if (typeof template === 'string' && CONTEXT_TOKEN.test(template)) return tokensOf(sent);
  if (Array.isArray(template))
    return template.flatMap((item, index) =>
      byDefinition(item, Array.isArray(sent) ? sent[index] : undefined),
    );
  if (!isObject(template) || !isObject(sent)) return [];
  return Object.entries(template).flatMap(([key, inner]) =>
    byDefinition(inner, sent[key.replace(/\.\$$/, '')]),
  );
}

/** A value that is the token, or text in which the template put it (`States.Format`). */
function tokensOf(sent: Json): string[] {
  if (typeof sent !== 'string') return byForm(sent);
  const inside = sent.match(BY_FORM);
  return inside ?? (/[\s{}"'?&]/.test(sent) ? [] : [sent]);
}

/** The context object's `Task.Token`: the shallowest, since what was sent may hold other executions' data. */
const inContext = (sent: Json): string[] =>
  shallowest(sent, ({ Task: task }) =>
    isObject(task) && typeof task.Token === 'string' ? task.Token : undefined,
  );

const byName = (sent: Json): string[] =>
  shallowest(sent, (object) => {
    const [, found] = Object.entries(object).find(([key]) => /^task_?token$/i.test(key)) ?? [];
    return typeof found === 'string' ? found : undefined;
  });

const byForm = (sent: Json): string[] => JSON.stringify(sent).match(BY_FORM) ?? [];

/** What `pick` finds on the first level that has any; JSON inside a string counts as what it holds. */
function shallowest(sent: Json, pick: (object: JsonObject) => string | undefined): string[] {
  let level: Json[] = [sent];
  while (level.length > 0) {
    const found = level.flatMap((value) => (isObject(value) ? (pick(value) ?? []) : []));
    if (found.length > 0) return found;
    level = level.flatMap((value) => {
      if (typeof value === 'string') return /^\s*[{[]/.test(value) ? (parsedJson(value) ?? []) : [];
      return value !== null && typeof value === 'object' ? Object.values(value) : [];
    });
  }
  return [];
}
