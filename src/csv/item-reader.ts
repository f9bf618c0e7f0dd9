/**
 * The rows that a Distributed Map makes of a CSV object, by AWS's rules (see `CsvItemReader`).
 * Byte oriented and resumable: after any row, `offset` is where the next record begins, so that a reader made
 * with that offset and the same headers yields exactly the rows that were still to come.
 */
export interface CsvItem {
  item: Record<string, string>;
  /** Byte offset in the object just past this record's newline. */
  offset: number;
}
export interface CsvReaderOptions {
  delimiter?: ',' | '|' | ';' | ' ' | '\t';
  /** Given headers (`CSVHeaderLocation: GIVEN`, or of a resumed read); absent: the first record is the header. */
  headers?: string[];
  /** Where in the object the first pushed chunk begins; 0 unless resumed. */
  offset?: number;
}
