import { StateError } from '../../../asl/data/state-error.js';
import {
  type Batcher,
  createBatcher,
  type Evaluate,
  type ItemBytes,
  itemSelector,
  textOfBytes,
} from '../../../asl/engine/map-item.js';
import type { MapRunSpec } from '../../../asl/engine/protocol.js';
import { CsvError } from '../../../csv/item-reader.js';
import { jsonText } from '../../../json/lossless.js';
import type { ObjectStore } from '../../ports.js';
import { isStoreLoss } from '../../store/port.js';
import { itemSource } from '../items/index.js';
import { type Cursor, type Item, ItemReaderError } from '../items/source.js';

/** What reading or selecting items fails with: an item too deep, an object whose bytes are gone, a fault of ours. */
export function itemFailure(error: unknown): { error: string; cause: string } {
  if (error instanceof StateError) return { error: error.error, cause: error.message };
  if (error instanceof ItemReaderError || error instanceof CsvError) {
    return { error: 'States.ItemReaderFailed', cause: error.message };
  }
  if (isStoreLoss(error)) throw error;
  const cause = error instanceof Error ? error.message : String(error);
  return { error: 'States.ItemReaderFailed', cause };
}

/** The input of one child, and where reading goes on after it. */
export interface ChildInput {
  /** JSON text. */
  input: string;
  itemCount: number;
  cursor: Cursor;
}

export interface ReadFrom {
  cursor: Cursor | undefined;
  /** Items read before. */
  items: number;
}

/** Child inputs from where a map run stands, lazily: nothing is read before it is asked for. */
export async function* childInputs(
  spec: MapRunSpec,
  objects: ObjectStore,
  from: ReadFrom,
  evaluate: Evaluate,
): AsyncGenerator<ChildInput> {
  const select = itemSelector(spec, evaluate);
  const batcher = createBatcher(spec);
  const passedOn = spec.itemSelector === undefined;
  let index = from.items;
  let last: Item | undefined;
  for await (const page of pages(spec, objects, from)) {
    for (const item of page) {
      let given: string | ItemBytes | undefined = passedOn ? item.written : undefined;
      if (given === undefined) {
        const selected = select(index, item);
        // Waiting for what is there already would cost each row a turn of the event loop.
        given = jsonText(selected instanceof Promise ? await selected : selected);
      }
      index++;
      if (!batcher) {
        const input = typeof given === 'string' ? given : textOfBytes(given);
        yield { input, itemCount: 1, cursor: item.cursor };
        continue;
      }
      if (batcher.add(given) === 'full') {
        if (last) yield batch(batcher, last);
        batcher.add(given);
      }
      last = item;
    }
  }
  if (batcher && last) yield batch(batcher, last);
}

function batch(batcher: Batcher, last: Item): ChildInput {
  const itemCount = batcher.count;
  return { input: batcher.take(), itemCount, cursor: last.cursor };
}

/** Items up to `MaxItems`. */
async function* pages(spec: MapRunSpec, objects: ObjectStore, from: ReadFrom): AsyncGenerator<Item[]> {
  const max = spec.itemReader?.readerConfig.maxItems ?? 0;
  if (max < 0) throw new ItemReaderError('field MaxItems must be positive');
  let left = max > 0 ? max - from.items : Number.POSITIVE_INFINITY;
  if (left <= 0) return;
  for await (const page of itemSource(spec, objects)(from.cursor)) {
    const wanted = page.length <= left ? page : page.slice(0, left);
    left -= wanted.length;
    yield wanted;
    if (left <= 0) return;
  }
}
