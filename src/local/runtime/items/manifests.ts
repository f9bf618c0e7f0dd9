import { isObject, type Json } from '../../../json/json.js';
import { parseJson } from '../../../json/parse.mjs';
import { csvItems } from './csv.js';
import { filesInTurn, manifestText } from './listed-objects.js';
import type { Place } from './object-bytes.js';
import { type ItemReader, ItemReaderError, type ItemSource, type ObjectSource } from './source.js';

/** A manifest of S3 Inventory: JSON that names CSV files, whose columns it tells. */
export function inventoryItems(reader: ItemReader, objects: ObjectSource, manifest: Place): ItemSource {
  return async function* (from) {
    const { columns, files } = parseInventory(await manifestText(objects, manifest));
    const { csvDelimiter } = reader.readerConfig;
    const readerConfig = { inputType: 'CSV', csvHeaderLocation: 'GIVEN', csvHeaders: columns, csvDelimiter };
    const rows = { ...reader, readerConfig };
    const bucket = inventoryBucket(files.destination) ?? manifest.bucket;
    const places = files.keys.map((key): Place => ({ bucket, key }));
    yield* filesInTurn(
      async () => places,
      (place) => csvItems(rows, objects, place),
    )(from);
  };
}

function parseInventory(text: string): {
  columns: string[];
  files: { destination: string; keys: string[] };
} {
  const manifest = parsed(text);
  const { fileFormat, fileSchema, files, destinationBucket } = isObject(manifest) ? manifest : {};
  if (typeof fileSchema !== 'string' || !Array.isArray(files))
    throw new ItemReaderError('The file is no manifest of S3 Inventory: it needs fileSchema and files.');
  if (fileFormat !== undefined && fileFormat !== 'CSV')
    throw new ItemReaderError(
      `An S3 Inventory can be read as CSV only, and this one is ${JSON.stringify(fileFormat)}.`,
    );
  return {
    columns: fileSchema.split(',').map((column) => column.trim()),
    files: {
      destination: typeof destinationBucket === 'string' ? destinationBucket : '',
      keys: files.map((file) => (isObject(file) ? String(file.key) : '')),
    },
  };
}

/** `arn:aws:s3:::name` or the name itself. */
const inventoryBucket = (destination: string): string | undefined =>
  destination.replace(/^arn:[^:]+:s3:::/, '') || undefined;

/** A manifest of Athena's UNLOAD: the URI of a file on each line. */
export function athenaItems(
  objects: ObjectSource,
  manifest: Place,
  sourceOf: (place: Place) => ItemSource,
): ItemSource {
  const places = async (): Promise<Place[]> =>
    (await manifestText(objects, manifest))
      .split(/\r?\n/)
      .map((line) => line.trim().replace(/^"(.*)"$/, '$1'))
      .filter((line) => line !== '')
      .map((line) => {
        const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(line) ?? [];
        if (bucket !== undefined && key !== undefined) return { bucket, key };
        throw new ItemReaderError(`The manifest has a line that is no S3 URI: ${line}`);
      });
  return filesInTurn(places, sourceOf);
}

function parsed(text: string): Json {
  try {
    return parseJson(text) as Json;
  } catch {
    throw new ItemReaderError('The manifest is not valid JSON.');
  }
}
