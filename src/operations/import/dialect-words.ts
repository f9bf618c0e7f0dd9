import type { CsvCheckOptions } from '../../csv/check.js';
import type { Delimiter } from '../../csv/dialect.js';
import { encodingLabel } from '../../csv/encoding.js';
import { exitCodes, FlowError } from '../../errors.js';

/** How a file is to be read, in the words of the command line. */
export interface DialectWords {
  encoding?: string;
  delimiter?: string;
  header?: boolean;
  /** Separated by commas. */
  columns?: string;
  fix?: boolean;
  maxProblems?: string;
}

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

/** @throws FlowError 2 for words that mean nothing */
export function checkOptions(words: DialectWords): CsvCheckOptions {
  const columns = words.columns?.split(',');
  if (columns && words.header === true) {
    throw bad('--columns', 'names the columns of a file without a header; --header says that it has one');
  }
  return {
    ...(words.encoding !== undefined && { encoding: encodingOf(words.encoding) }),
    ...(words.delimiter !== undefined && { delimiter: delimiterOf(words.delimiter) }),
    ...((words.header === false || columns) && { header: false }),
    ...(columns && { columns }),
    ...(words.fix && { mend: true }),
    ...(words.maxProblems !== undefined && { maxProblems: countOf('--max-problems', words.maxProblems) }),
  };
}

/** A whole number of at least one. */
export function countOf(flag: string, text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw bad(flag, `'${text}' is no number of at least 1`);
}

function encodingOf(name: string): string {
  // Windows' name for the Shift_JIS that everybody means.
  const label = encodingLabel(/^(cp|ms)?932$/i.test(name) ? 'shift_jis' : name);
  if (label !== undefined) return label;
  throw bad('--encoding', `'${name}' is no encoding that is known`, 'utf-8, shift_jis, euc-jp, utf-16le, …');
}

function delimiterOf(word: string): Delimiter {
  const delimiter = Object.hasOwn(delimiters, word) ? delimiters[word] : undefined;
  if (delimiter !== undefined) return delimiter;
  throw bad(
    '--delimiter',
    `'${word}' is no delimiter that AWS knows`,
    'comma, tab, semicolon, pipe or space',
  );
}

const bad = (where: string, message: string, hint?: string): FlowError =>
  new FlowError(exitCodes.usage, 'BadUsage', message, { where, hint });
