import type { AnswerField } from '../../../../workflow/answer/answer-fields.js';

/** Under which the form keeps what was typed. */
export const fieldName = ({ path }: AnswerField): string => `field ${path.join('.')}`;

/** As the machine compares it; what may be anything is JSON where it reads as such. */
export function typedValue(text: string, kind: AnswerField['kind']): unknown {
  if (kind === 'boolean') return text === 'true';
  if (kind === 'number') return Number(text);
  return kind === 'any' && isJson(text) ? JSON.parse(text) : text;
}

export function put(members: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [first = '', ...rest] = path;
  if (rest.length === 0) {
    members[first] = value;
    return;
  }
  const inner = (members[first] ?? {}) as Record<string, unknown>;
  members[first] = inner;
  put(inner, rest, value);
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
