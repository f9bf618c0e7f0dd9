import { isObject, type Json } from '../../../json/json.js';
import { parseWritten } from '../../../json/lossless.js';
import { JsonScanner, NO_SUCH_PATH } from './json-scanner.js';
import { objectBytes, type Place } from './object-bytes.js';
import {
  type Item,
  ItemReaderError,
  type ItemSource,
  maxItemBytes,
  type ObjectSource,
  sourceOf,
} from './source.js';

/** Elements of the array (or members of the object) at `pointer`; the cursor counts them. */
export function jsonItems(objects: ObjectSource, place: Place, pointer = ''): ItemSource {
  return async function* (from) {
    const skip = typeof from === 'number' ? from : 0;
    const source = sourceOf(place.bucket, place.key);
    if (pointer !== '' && !pointer.startsWith('/')) throw new ItemReaderError(NO_SUCH_PATH);
    const scanner = new JsonScanner(pointer);
    let count = 0;
    // A single member waits for the next one, to be told from no data set at all.
    let lone: Item | undefined;
    for await (const chunk of objectBytes(objects, place)) {
      const page: Item[] = [];
      for (const element of scanner.push(chunk)) {
        const item: Item = { value: parsed(element.text), key: element.key, source, cursor: ++count };
        if (count === 1 && isLone(item, pointer)) {
          lone = item;
          continue;
        }
        if (lone && skip === 0) page.push(lone);
        lone = undefined;
        if (count > skip) page.push(item);
      }
      if (page.length > 0) yield page;
    }
    scanner.end();
    if (lone) throw new ItemReaderError('Attempting to map over non-iterable node.');
  };
}

/**
 * A file that is an object is gone through as one at a pointer is (AWS does since September 2025), but for an object of
 * one member that is no array or object: that was recorded to be refused, and there is nothing to go through in it.
 */
const isLone = ({ key, value }: Item, pointer: string): boolean =>
  pointer === '' && key !== undefined && !Array.isArray(value) && !isObject(value);

const LF = 0x0a;

/** Lines of a JSONL object; the cursor is the byte offset of the next line. */
export function jsonLines(objects: ObjectSource, place: Place): ItemSource {
  return async function* (from) {
    const source = sourceOf(place.bucket, place.key);
    let offset = typeof from === 'number' ? from : 0;
    let kept: Buffer = Buffer.alloc(0);
    const items = (bytes: Buffer): Item[] => {
      const page: Item[] = [];
      let start = 0;
      for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, start)) {
        const text = bytes.toString('utf8', start, end).trim();
        offset += end + 1 - start;
        start = end + 1;
        if (text !== '') page.push({ value: parsed(text), source, cursor: offset });
      }
      kept = bytes.subarray(start);
      if (kept.length > maxItemBytes)
        throw new ItemReaderError('A line of the JSONL file is larger than 8 MiB.');
      return page;
    };
    for await (const chunk of objectBytes(objects, place, offset)) {
      const page = items(kept.length > 0 ? Buffer.concat([kept, chunk]) : Buffer.from(chunk));
      if (page.length > 0) yield page;
    }
    const last = kept.length > 0 ? items(Buffer.concat([kept, Buffer.from('\n')])) : [];
    if (last.length > 0) yield last;
  };
}

function parsed(text: string): Json {
  try {
    return parseWritten(text);
  } catch (error) {
    throw new ItemReaderError(`The file has an item that is not valid JSON: ${(error as Error).message}`);
  }
}
