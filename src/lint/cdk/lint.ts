import { type About, cdkChecks } from './rules.js';
import { parse } from './syntax.js';

/** What practice advises against in the source of a stack: its place, by rule. */
export function lintCdk(
  file: string,
  text: string,
  about: About,
  report: (code: string, offset: number, message: string) => void,
): void {
  const source = parse(file, text);
  for (const { code, check } of cdkChecks)
    check(source, (offset, message) => report(code, offset, message), about);
}
