import type { CsvReport } from '../../csv/check.js';
import { type Delimiter, isDelimiter } from '../../csv/dialect.js';
import { createTextEncoding } from '../../csv/encoding/encode.js';
import type { FileDialect } from '../../csv/transcode.js';
import { isObject, parsedJson } from '../../json/json.js';

/** How a file is written, so that rows of it are written like the file. */
export interface WrittenForm {
  /** WHATWG label. */
  encoding: string;
  delimiter: Delimiter;
  newline: '\n' | '\r\n' | '\r';
  bom: boolean;
  header: boolean;
}

interface Written {
  report: CsvReport;
  dialect: FileDialect;
}

export const formOf = ({ report, dialect }: Written): WrittenForm => ({
  encoding: dialect.encoding,
  delimiter: dialect.delimiter,
  newline: ({ LF: '\n', CRLF: '\r\n', CR: '\r', mixed: '\n' } as const)[report.newline ?? 'LF'],
  bom: report.bom,
  header: dialect.columns === undefined,
});

/** For the metadata of an object, which is UTF-8 whatever its file was. */
export const formText = (file: Written): string => JSON.stringify(formOf(file));

/** Undefined where nothing says it, or nothing that can be written. */
export function formIn(text: string | undefined): WrittenForm | undefined {
  const form = parsedJson(text);
  if (!isObject(form)) return undefined;
  const { encoding, delimiter, newline, bom, header } = form;
  if (typeof encoding !== 'string' || typeof delimiter !== 'string' || !isDelimiter(delimiter))
    return undefined;
  if (newline !== '\n' && newline !== '\r\n' && newline !== '\r') return undefined;
  try {
    createTextEncoding(encoding);
  } catch {
    return undefined;
  }
  return { encoding, delimiter, newline, bom: bom === true, header: header !== false };
}
