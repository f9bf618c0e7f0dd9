import type { CsvCheckOptions } from '../../csv/check.js';
import type { Delimiter } from '../../csv/dialect.js';
import { exitCodes, FlowError } from '../../errors.js';

const delimiters: Record<string, Delimiter> = {
  ',': ',',
  comma: ',',
  '\t': '\t',
  '\\t': '\t',
  tab: '\t',
  ';': ';',
  semicolon: ';',
  '|': '|',
  pipe: '|',
  ' ': ' ',
  space: ' ',
};

/** For `parse` of a flag. */
export function delimiter(text: string, flag: string): Delimiter {
  const found = Object.hasOwn(delimiters, text) ? delimiters[text] : undefined;
  if (found !== undefined) return found;
  throw bad(flag, `'${text}' is not a delimiter that AWS supports`, 'comma, tab, semicolon, pipe or space');
}

/** As it can be typed without quotes. */
export const delimiterWord = (delimiter: Delimiter): string =>
  Object.keys(delimiters).find((word) => /^[a-z]+$/.test(word) && delimiters[word] === delimiter) ??
  delimiter;

/** For `parse` of a flag: a WHATWG label. */
export function encoding(text: string, flag: string): string {
  // Windows' name for the Shift_JIS that everybody means.
  const name = /^(cp|ms)?932$/i.test(text) ? 'shift_jis' : text;
  try {
    return new TextDecoder(name).encoding;
  } catch {
    throw bad(flag, `'${text}' is not a known encoding`, 'utf-8, shift_jis, euc-jp, utf-16le, …');
  }
}

/** For `parse` of a flag: names of columns. */
export function names(text: string, flag: string): string[] {
  const all = text.split(',');
  const twice = all.find((name, index) => all.indexOf(name) < index);
  if (twice === undefined) return all;
  throw bad(flag, `'${twice}' names two columns: CSV headers cannot contain duplicates`);
}

/** How the flags say that a file is read. @throws FlowError 2 where they contradict each other */
export function checkOptions(flags: {
  encoding?: string;
  delimiter?: Delimiter;
  header?: boolean;
  columns?: string[];
  fix?: boolean;
  maxProblems?: number;
}): CsvCheckOptions {
  const { encoding, delimiter, columns, fix: mend, maxProblems } = flags;
  if (columns && flags.header)
    throw bad('--columns', 'names the columns of a file without a header, and --header says there is one');
  return { encoding, delimiter, columns, header: columns ? false : flags.header, mend, maxProblems };
}

const bad = (where: string, message: string, hint?: string): FlowError =>
  new FlowError(exitCodes.usage, 'BadUsage', message, { where, hint });
