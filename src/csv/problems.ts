/** What the check finds: errors stop an import; of warnings, AWS takes the file and does something with it. */
const severities = {
  NotText: 'error',
  InvalidEncoding: 'error',
  Empty: 'error',
  HeaderOnly: 'error',
  HeaderTooLong: 'error',
  DuplicateHeader: 'error',
  UnclosedQuote: 'error',
  Nul: 'error',
  RecordTooLong: 'error',
  SepLine: 'warning',
  EndMark: 'warning',
  Converted: 'warning',
  DelimiterRewritten: 'warning',
  OneColumn: 'warning',
  Bom: 'warning',
  MixedNewlines: 'warning',
  BlankLine: 'warning',
  EmptyHeader: 'warning',
  PaddedHeader: 'warning',
  UnprintableHeader: 'warning',
  ShortRow: 'warning',
  LongRow: 'warning',
  PaddedCell: 'warning',
  StrayBackslash: 'warning',
  TextAfterQuote: 'warning',
} as const;
export type CsvProblemCode = keyof typeof severities;

/** Of the warnings: what is put right on the way, whatever the flags. */
const settled: ReadonlySet<CsvProblemCode> = new Set(['Converted', 'DelimiterRewritten', 'MixedNewlines']);

/** How many rows of a file arrive otherwise than they stand in it: with cells cut off, or filled in. */
export const lostRows = (problems: CsvProblem[]): { cut: number; filled: number } => ({
  cut: countOf(problems, 'LongRow'),
  filled: countOf(problems, 'ShortRow'),
});

const countOf = (problems: CsvProblem[], wanted: CsvProblemCode): number =>
  countOfAll(problems.filter(({ code }) => code === wanted));

/** With those that are counted only. */
export const countOfAll = (problems: CsvProblem[]): number =>
  problems.reduce((sum, { count }) => sum + (count ?? 1), 0);

/** What `--strict` refuses: every warning, but what is put right on the way. */
export const concerns = ({ severity, code, fix }: CsvProblem): boolean =>
  severity === 'error' || (fix !== 'done' && !settled.has(code));

/** What `--fix` puts right in the uploaded bytes (`createMender`). */
const mendable: ReadonlySet<CsvProblemCode> = new Set([
  'SepLine',
  'EndMark',
  'Bom',
  'MixedNewlines',
  'BlankLine',
  'PaddedHeader',
  'UnprintableHeader',
  'PaddedCell',
  'StrayBackslash',
  'TextAfterQuote',
]);

export interface CsvProblem {
  severity: 'error' | 'warning';
  code: CsvProblemCode;
  /** 1-based physical line, and column in characters (code points). */
  line: number;
  column: number;
  message: string;
  /** On the last one listed of its code, where more were found than are listed: how many were found in all. */
  count?: number;
  /** The upload can be mended of it, or is. */
  fix?: 'offered' | 'done';
}

/** 1-based; the column in characters (code points). */
export interface Place {
  line: number;
  column: number;
}

export interface ProblemList {
  /** `at` and `message` are called only where the problem is going to be listed. */
  add(code: CsvProblemCode, at: () => Place, message: () => string): void;
  /** In the order of the file. */
  list(): CsvProblem[];
}

/** Lists the first `limit` problems of each code, and counts the rest. @param mends the file is uploaded mended */
export function createProblemList(limit: number, mends: boolean): ProblemList {
  const fix = mends ? 'done' : 'offered';
  const found = new Map<CsvProblemCode, { count: number; listed: CsvProblem[] }>();
  return {
    add(code, at, message) {
      let entry = found.get(code);
      if (!entry) {
        entry = { count: 0, listed: [] };
        found.set(code, entry);
      }
      entry.count++;
      if (entry.listed.length >= limit) return;
      entry.listed.push({
        severity: severities[code],
        code,
        ...at(),
        message: message(),
        ...(mendable.has(code) && { fix }),
      });
    },
    list() {
      const all = [...found.values()].flatMap(({ count, listed }) =>
        listed.map((problem, index) =>
          count > listed.length && index === listed.length - 1 ? { ...problem, count } : problem,
        ),
      );
      return all.sort((a, b) => a.line - b.line || a.column - b.column);
    },
  };
}

/** Text of the file in a message: in quotes, not too long, newlines escaped. */
export function excerpt(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
