import { tooDeepAt } from '../json/text.mjs';

/**
 * Where a JSON text goes wrong: JSON.parse says it on some errors only.
 * @returns offset of the first character that cannot stand there; undefined when the text is JSON that parseJson takes.
 */
export function jsonErrorOffset(text: string): number | undefined {
  const tooDeep = tooDeepAt(text);
  if (tooDeep !== undefined) return tooDeep;
  let at = 0;
  const space = (): void => {
    while (/\s/.test(text[at] ?? '')) at++;
  };
  const token = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) at = pattern.lastIndex;
    return match !== null;
  };
  const list = (close: string, member: () => boolean): boolean => {
    at++;
    space();
    if (text[at] === close) return ++at > 0;
    for (;;) {
      space();
      if (!member()) return false;
      space();
      if (text[at] === close) return ++at > 0;
      if (text[at] !== ',') return false;
      at++;
    }
  };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in strings.
  const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
  const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
  const value = (): boolean => {
    space();
    if (text[at] === '{') {
      return list('}', () => {
        if (!token(string)) return false;
        space();
        if (text[at] !== ':') return false;
        at++;
        return value();
      });
    }
    if (text[at] === '[') return list(']', value);
    return token(string) || token(scalar);
  };
  if (!value()) return at;
  space();
  return at < text.length ? at : undefined;
}

/** 1-based line and column of an offset. */
export function positionAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - before.lastIndexOf('\n') };
}
