interface Signature {
  /** The first bytes, as Latin-1 text. */
  begins: string;
  /** What stands further on, for containers that hold many things. */
  holds?: string;
  kind: string;
}

/** What is often taken for CSV: the first that fits is named. */
const signatures: readonly Signature[] = [
  { begins: '\x89PNG\r\n\x1a\n', kind: 'a PNG image' },
  { begins: '\xff\xd8\xff', kind: 'a JPEG image' },
  { begins: 'GIF87a', kind: 'a GIF image' },
  { begins: 'GIF89a', kind: 'a GIF image' },
  { begins: '%PDF-', kind: 'a PDF document: export its table as CSV' },
  { begins: 'PK\x03\x04', holds: 'xl/', kind: 'an .xlsx (Excel) file: export it as CSV' },
  { begins: 'PK\x03\x04', holds: '[Content_Types].xml', kind: 'an .xlsx (Excel) file: export it as CSV' },
  { begins: 'PK\x03\x04', holds: 'opendocument', kind: 'an .ods (OpenDocument) file: export it as CSV' },
  { begins: 'PK\x03\x04', holds: 'Index/', kind: 'a .numbers file: export it as CSV' },
  { begins: 'PK\x03\x04', kind: 'a ZIP archive: unpack it first' },
  { begins: 'PK\x05\x06', kind: 'an empty ZIP archive' },
  { begins: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', kind: 'an .xls (Excel) file: export it as CSV' },
  { begins: '\x1f\x8b', kind: 'a gzip file: unpack it first' },
  { begins: 'BZh91AY&SY', kind: 'a bzip2 file: unpack it first' },
  { begins: '\xfd7zXZ\0', kind: 'an xz file: unpack it first' },
  { begins: '\x28\xb5\x2f\xfd', kind: 'a zstd file: unpack it first' },
  { begins: "7z\xbc\xaf'\x1c", kind: 'a 7z archive: unpack it first' },
  { begins: 'Rar!\x1a\x07', kind: 'a RAR archive: unpack it first' },
  { begins: 'PAR1', holds: '\0', kind: 'a Parquet file: export it as CSV' },
  { begins: 'SQLite format 3\0', kind: 'an SQLite database: export its table as CSV' },
  { begins: '{\\rtf', kind: 'an RTF document: export its table as CSV' },
];
/** A NUL here and there is a fault in a text; where one byte in ten is a control character, it is no text. */
const binaryShare = 0.1;

/**
 * Says what a file is that is no text, by its content: `a PNG image`, `an .xlsx (Excel) file: export it as CSV`;
 * undefined where it may be text. UTF-16 must be told apart before.
 */
export function recogniseBinary(head: Uint8Array): string | undefined {
  const text = Buffer.from(head).toString('latin1');
  const known = signatures.find(
    ({ begins, holds }) => text.startsWith(begins) && (!holds || text.includes(holds)),
  );
  if (known) return known.kind;
  const controls = head.reduce((count, byte) => (isControl(byte) ? count + 1 : count), 0);
  return controls > 1 && controls > binaryShare * head.length ? 'a binary file' : undefined;
}

/** A control character that text has no use for (tab, newlines, form feed, DOS's Ctrl-Z and ESC have some). */
export function isControl(code: number): boolean {
  return code < 0x20 && !(code >= 0x09 && code <= 0x0d) && code !== 0x1a && code !== 0x1b;
}
