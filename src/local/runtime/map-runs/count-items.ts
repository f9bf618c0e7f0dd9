import { listItems } from '../../../asl/engine/map-item.js';
import type { MapRunSpec } from '../../../asl/engine/protocol.js';
import { RecordScanner } from '../../../csv/scanner.js';
import type { ObjectStore } from '../../ports.js';
import { csvDelimiter } from '../items/csv.js';
import { objectBytes } from '../items/object-bytes.js';
import { parameter } from '../items/source.js';

/**
 * How many items a map run will have, counted ahead of the dispatch, as AWS tells the total before all has run.
 * Much cheaper than reading them, as no item is made. Undefined when it is unknown, or `over` became true.
 */
export async function countItems(
  spec: MapRunSpec,
  objects: ObjectStore,
  over: () => boolean,
): Promise<number | undefined> {
  const { itemReader } = spec;
  if (!itemReader) return spec.items && listItems(spec.items).length;
  const { inputType, manifestType } = itemReader.readerConfig;
  const isFile = itemReader.resource.endsWith(':s3:getObject') && manifestType === undefined;
  if (!isFile || inputType !== 'CSV') return undefined;
  const place = { bucket: parameter(itemReader, 'Bucket'), key: parameter(itemReader, 'Key') };
  const scanner = new RecordScanner({ delimiter: csvDelimiter(itemReader) });
  let records = 0;
  const count = (): void => {
    // An empty line is no record to AWS either.
    while (scanner.next()) if (scanner.from !== scanner.to) records++;
  };
  for await (const chunk of objectBytes(objects, place)) {
    if (over()) return undefined;
    scanner.push(chunk);
    count();
  }
  scanner.end();
  count();
  const header = itemReader.readerConfig.csvHeaderLocation === 'GIVEN' ? 0 : 1;
  const items = Math.max(0, records - header);
  const max = itemReader.readerConfig.maxItems ?? 0;
  return max > 0 ? Math.min(max, items) : items;
}
