import { textOfBytes } from '../../../asl/engine/map-item.js';
import { CsvItemReader, type CsvReaderOptions } from '../../../csv/item-reader.js';
import type { JsonRow } from '../../../csv/json-rows.js';
import type { Json } from '../../../json/json.js';
import { objectBytes, type Place } from './object-bytes.js';
import {
  type Item,
  type ItemReader,
  ItemReaderError,
  type ItemSource,
  type ObjectSource,
  sourceOf,
} from './source.js';

const delimiters = { COMMA: ',', PIPE: '|', SEMICOLON: ';', SPACE: ' ', TAB: '\t' } as const;

export const csvDelimiter = ({ readerConfig }: ItemReader): CsvReaderOptions['delimiter'] =>
  delimiters[(readerConfig.csvDelimiter ?? 'COMMA') as keyof typeof delimiters];

/** A row as a child gets it, unless somebody looks into it. */
class WrittenRow implements Item {
  readonly cursor: number;

  constructor(
    readonly written: JsonRow,
    readonly source: string,
  ) {
    this.cursor = written.offset;
  }

  get value(): Json {
    return JSON.parse(textOfBytes(this.written)) as Json;
  }
}

/**
 * Rows of a CSV object; the cursor is a byte offset at a record's border.
 * @param passedOn nobody looks into them, so that they need no more than their texts
 */
export function csvItems(
  reader: ItemReader,
  objects: ObjectSource,
  place: Place,
  passedOn = false,
): ItemSource {
  const { readerConfig } = reader;
  const delimiter = csvDelimiter(reader);
  const given = readerConfig.csvHeaderLocation === 'GIVEN' ? (readerConfig.csvHeaders ?? []) : undefined;
  return async function* (from) {
    if (given && new Set(given).size < given.length)
      throw new ItemReaderError('CSV headers cannot contain duplicates.');
    const offset = typeof from === 'number' ? from : 0;
    const headers = given ?? (offset > 0 ? await headersOf(objects, place, delimiter) : undefined);
    const csv = new CsvItemReader({ delimiter, headers, offset });
    const source = sourceOf(place.bucket, place.key);
    const page = (chunk: Uint8Array | undefined): Item[] => {
      if (passedOn)
        return (chunk ? csv.pushJson(chunk) : csv.endJson()).map((row) => new WrittenRow(row, source));
      const rows = chunk ? csv.push(chunk) : csv.end();
      return rows.map(({ item, offset: cursor }) => ({ value: item, source, cursor }));
    };
    let any = offset > 0 || given !== undefined;
    for await (const chunk of objectBytes(objects, place, offset)) {
      const rows = page(chunk);
      any ||= rows.length > 0;
      if (rows.length > 0) yield rows;
    }
    const last = page(undefined);
    if (last.length > 0) yield last;
    else if (!any) throw new ItemReaderError('The CSV file contains only CSV headers or is empty.');
  };
}

/** The columns that the first record names, for a reading that goes on in the middle. */
async function headersOf(
  objects: ObjectSource,
  place: Place,
  delimiter: CsvReaderOptions['delimiter'],
): Promise<string[] | undefined> {
  const csv = new CsvItemReader({ delimiter });
  for await (const chunk of objectBytes(objects, place)) {
    csv.push(chunk);
    if (csv.headers) return csv.headers;
  }
  return undefined;
}
