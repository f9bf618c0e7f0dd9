import { listItems } from '../../../asl/engine/map-item.js';
import type { MapRunSpec } from '../../../asl/engine/protocol.js';
import type { Json, JsonObject } from '../../../json/json.js';
import { csvItems } from './csv.js';
import { jsonItems, jsonLines } from './json.js';
import { listedObjects, loadedObjects } from './listed-objects.js';
import { athenaItems, inventoryItems } from './manifests.js';
import type { Place } from './object-bytes.js';
import {
  type Cursor,
  type Item,
  type ItemReader,
  ItemReaderError,
  type ItemSource,
  type ObjectSource,
  parameter,
} from './source.js';

/** The items of a map run, by its ItemReader or from its input. */
export function itemSource(spec: MapRunSpec, objects: ObjectSource): ItemSource {
  const { itemReader } = spec;
  if (!itemReader) return inlineItems(spec.items ?? []);
  if (itemReader.resource.endsWith(':s3:listObjectsV2')) {
    return itemReader.readerConfig.transformation === 'LOAD_AND_FLATTEN'
      ? loadedObjects(itemReader, objects, (place) => fileItems(itemReader, objects, place))
      : listedObjects(itemReader, objects, spec.queryLanguage);
  }
  const place = { bucket: parameter(itemReader, 'Bucket'), key: parameter(itemReader, 'Key') };
  switch (itemReader.readerConfig.manifestType) {
    case 'S3_INVENTORY':
      return inventoryItems(itemReader, objects, place);
    case 'ATHENA_DATA':
      return athenaItems(objects, place, (file) => fileItems(itemReader, objects, file));
    default:
      if (itemReader.readerConfig.inputType === 'MANIFEST') return inventoryItems(itemReader, objects, place);
      return fileItems(itemReader, objects, place, spec.itemSelector === undefined);
  }
}

/** The items of one file, by the reader's InputType. */
function fileItems(reader: ItemReader, objects: ObjectSource, place: Place, passedOn = false): ItemSource {
  const { inputType, itemsPointer } = reader.readerConfig;
  switch (inputType) {
    case 'CSV':
      return csvItems(reader, objects, place, passedOn);
    case 'JSON':
      return jsonItems(objects, place, itemsPointer);
    case 'JSONL':
      return jsonLines(objects, place);
    case 'PARQUET':
      return async function* (from) {
        const { parquetItems } = await import('./parquet.js');
        yield* parquetItems(objects, place)(from);
      };
    default:
      throw new ItemReaderError(
        `The InputType ${inputType ? `'${inputType}' cannot be read here` : 'is missing'}: it must be one of CSV, JSON, JSONL and PARQUET.`,
      );
  }
}

const inlineItems = (given: Json[] | JsonObject): ItemSource =>
  async function* (from?: Cursor): AsyncGenerator<Item[]> {
    const begin = typeof from === 'number' ? from : 0;
    yield listItems(given)
      .slice(begin)
      .map(({ value, key }, index) => ({ value, key, cursor: begin + index + 1 }));
  };
