import { ChunkScan } from './chunk-scan.js';
import { type Delimiter, delimiterName, isDelimiter, sniffDelimiter, unreadDelimiter } from './dialect.js';
import {
  countTelling,
  type DetectedEncoding,
  detectAtStart,
  detectEncoding,
  encodingName,
  isPlainAscii,
} from './encoding/detect-encoding.js';
import { createUtf8Converter, decodedWhole, type Utf8Converter } from './encoding/utf8.js';
import { recogniseBinary } from './file-kind.js';
import { maxRecordBytes } from './item-reader.js';
import { type CsvProblem, type CsvProblemCode, createProblemList } from './problems.js';
import { createRecordCheck, type RecordCheck } from './record-check.js';
import { type Newline, RecordScanner } from './scanner.js';

export interface CsvCheckOptions {
  /** Told, not sniffed. */
  delimiter?: Delimiter;
  /** Told, not detected: a WHATWG label. */
  encoding?: string;
  /** False: the first record is data; the columns are then called `1`, `2`, … unless `columns` names them. */
  header?: boolean;
  /** Names of the columns of a file that has no header. */
  columns?: string[];
  /** The file is uploaded mended (`createTranscoder`): what of it AWS will not see counts as mended. */
  mend?: boolean;
  /** Most bytes of one record's item as JSON; default AWS's limit of a child's input, 262,144. */
  batchLimitBytes?: number;
  /** How many problems of each code are listed; the rest is counted (`CsvProblem.count`). Default 20. */
  maxProblems?: number;
}

/** What `import --check -o json` prints, but for the file's name. Null where the file is no text, or has none. */
export interface CsvReport {
  bytes: number;
  /** WHATWG label. */
  encoding: string | null;
  /** How sure that is, 0 to 1; 1 where it was told. */
  confidence: number | null;
  bom: boolean;
  delimiter: Delimiter | null;
  /** Of the newlines that end records. */
  newline: Newline | 'mixed' | null;
  /** Without the BOM that AWS would leave in the first name. */
  columns: string[];
  /** Data records: neither the header nor blank lines. */
  rows: number;
  /** The row with the most bytes as JSON, where it is beyond half of the limit. */
  largestRow?: { line: number; bytes: number };
  /** No problem is an error. */
  ok: boolean;
  problems: CsvProblem[];
}

const oneColumn = (character: string): string => {
  const shown = character === '\t' ? 'a tab' : character === '\u3000' ? 'a wide space' : `'${character}'`;
  const way = isDelimiter(character)
    ? `--delimiter '${character === '\t' ? '\\t' : character}' reads it so`
    : 'supported delimiters are comma, tab, semicolon, pipe and space';
  return `the file has a single column, but every line contains ${shown}, which looks like a delimiter: ${way}`;
};

export interface CsvCheck {
  push(chunk: Uint8Array): void;
  end(): CsvReport;
}

/** So much is looked at to tell what a file is: at its start, and from the first character that is not ASCII. */
const sampleBytes = 64 * 1024;
/** Where fewer bytes of it than these tell of an encoding, more is looked at, so that a stray byte decides nothing. */
const enoughTelling = 1024;
const mostSampleBytes = 4 * sampleBytes;

/**
 * The first pass of an import: reads a file's bytes in any encoding, in constant memory, and tells what the machine
 * will make of it and what is wrong with it. `createTranscoder(report)` then gives the bytes to upload.
 */
export function createCsvCheck(options: CsvCheckOptions = {}): CsvCheck {
  const problems = createProblemList(options.maxProblems ?? 20, options.mend === true);
  let bytes = 0;
  /** Bytes that wait for a sample to be complete; undefined when none is being taken. */
  let sample: Uint8Array[] | undefined = [];
  let sampled = 0;
  /** Of these, how many tell of an encoding. */
  let telling = 0;
  let refused = false;
  let encoding: string | undefined;
  let confidence = 1;
  let bom = false;
  let delimiter: Delimiter = ',';
  let converter: Utf8Converter = createUtf8Converter('utf-8');
  let scanner: RecordScanner | undefined;
  let chunks: ChunkScan | undefined;
  let records: RecordCheck | undefined;
  let newline: Newline | 'mixed' | undefined;

  /** Of the file as a whole. */
  function note(code: CsvProblemCode, message: string, line = 1): void {
    problems.add(
      code,
      () => ({ line, column: 1 }),
      () => message,
    );
  }

  function setEncoding(detected: DetectedEncoding): void {
    ({ encoding, confidence } = detected);
    converter = createUtf8Converter(encoding, true);
    if (encoding === 'utf-8') return;
    const sure = confidence < 1 ? ` (confidence ${confidence}; --encoding decides)` : '';
    note('Converted', `${encodingName(encoding)}${sure}: converted to UTF-8`);
  }

  function open(head: Uint8Array, whole: boolean): void {
    const start = detectAtStart(head);
    const told = options.encoding === undefined ? start : { encoding: options.encoding, confidence: 1 };
    const kind = told?.encoding.startsWith('utf-16') ? undefined : recogniseBinary(head);
    if (kind) {
      refused = true;
      note('NotText', `this is ${kind}`);
      return;
    }
    const detected = told ?? (isPlainAscii(head) ? undefined : detectEncoding(head, whole));
    if (detected) setEncoding(detected);
    bom = start?.bom === true && start.encoding === encoding;
    if (bom && encoding === 'utf-8' && options.header !== false && !options.columns) {
      note('Bom', 'the file begins with a BOM (U+FEFF): AWS keeps it in the name of the first column');
    }
    const text = detected ? createUtf8Converter(detected.encoding).push(head) : head;
    delimiter = options.delimiter ?? sniffDelimiter(text, whole);
    if (delimiter !== ',') {
      note('DelimiterRewritten', `separated by ${delimiterName(delimiter)}: converted to commas`);
    }
    const unread = unreadDelimiter(text, delimiter, whole);
    if (unread !== undefined) note('OneColumn', oneColumn(unread));
    scanner = new RecordScanner({ delimiter, maxRecordBytes });
    chunks = new ChunkScan(scanner);
    records = createRecordCheck({
      delimiter,
      columns: options.columns,
      noHeader: options.header === false,
      mend: options.mend === true,
      maxItemBytes: options.batchLimitBytes ?? 262_144,
      problems,
    });
  }

  function take(part: Uint8Array): void {
    sample ??= [];
    sample.push(Uint8Array.from(part));
    sampled += part.length;
    telling += countTelling(part);
    const enough = telling === 0 || telling >= enoughTelling ? sampleBytes : mostSampleBytes;
    if (sampled >= enough) settle(false);
  }

  /** The sample is complete: now is known how to read it. */
  function settle(whole: boolean): void {
    const taken = Buffer.concat(sample ?? []);
    sample = undefined;
    sampled = telling = 0;
    if (!scanner) open(taken, whole);
    else setEncoding(detectEncoding(taken, whole));
    scan(taken);
  }

  function scan(chunk: Uint8Array): void {
    if (!scanner || !records || !chunks) return;
    const [reader, looks] = [scanner, records];
    const { characters } = converter;
    chunks.push(characters ? chunk : converter.push(chunk), {
      isSound: characters ? () => true : decodedWhole(encoding ?? 'utf-8'),
      passOver: (lines) => looks.passOver(reader, lines, newline, characters),
      scan(lines) {
        reader.push(characters ? converter.push(lines) : lines);
        drain();
      },
    });
  }

  function drain(): void {
    while (scanner?.next()) {
      if (scanner.newline) noteNewline(scanner.newline, scanner.line);
      records?.check(scanner, encoding ?? 'utf-8');
    }
  }

  function noteNewline(kind: Newline, line: number): void {
    if (newline === kind || newline === 'mixed') return;
    const usual = newline;
    newline = usual ? 'mixed' : kind;
    if (!usual) return;
    note(
      'MixedNewlines',
      `this record ends with ${kind}, those before it with ${usual}: AWS takes both`,
      line,
    );
  }

  return {
    push(chunk) {
      bytes += chunk.length;
      for (let rest = chunk; rest.length > 0 && !refused; ) {
        const known = !sample && (encoding !== undefined || isPlainAscii(rest));
        const part = known ? rest : rest.subarray(0, sampleBytes);
        rest = rest.subarray(part.length);
        if (known || (!sample && isPlainAscii(part))) scan(part);
        else take(part);
      }
    },
    end() {
      if (sample) settle(true);
      scanner?.push(converter.end());
      scanner?.end();
      drain();
      const columns = records?.columns() ?? [];
      const rows = records?.rows() ?? 0;
      const unclosed = scanner?.unclosed !== undefined;
      if (!refused && !unclosed && rows === 0) {
        if (records?.columns() && !options.columns) note('HeaderOnly', 'the file has a header but no rows');
        else note('Empty', 'the file is empty');
      }
      const found = problems.list();
      const read = !refused && bytes > 0;
      return {
        bytes,
        encoding: read ? (encoding ?? 'utf-8') : null,
        confidence: read ? confidence : null,
        bom,
        delimiter: read ? delimiter : null,
        newline: newline ?? null,
        columns,
        rows,
        ...(records?.largest() && { largestRow: records.largest() }),
        ok: !found.some(({ severity }) => severity === 'error'),
        problems: found,
      };
    },
  };
}
