import type { MapRunSpec } from './execution.js';
import { type Scope, StateError } from './expression.js';
import type { Json, JsonObject } from './json.js';
import { isObject } from './json.js';
import { compileTemplate, resolveTemplate } from './template.js';
import { fromJson, MAX_DATA_BYTES } from './value.js';

/**
 * What a Distributed Map's driver needs besides the interpreter, all of it pure:
 *
 *     const select = itemSelector(spec);           // once for a map run
 *     const batcher = createBatcher(spec);         // only with an ItemBatcher
 *     for each item:
 *       const text = JSON.stringify(select(index, item));
 *       if (!batcher) start a child with `text`;
 *       else if (batcher.add(text) === 'full') {
 *         start a child with batcher.take();
 *         batcher.add(text);                       // an empty batch takes anything
 *       }
 *     if (batcher?.count) start a child with batcher.take();
 */

/**
 * The function that makes an item's input of the item: the ItemSelector applied with `$$.Map.Item.Index` and
 * `$$.Map.Item.Value` (and `$`, the Map's own input), or the item itself where there is none.
 * Throws a `StateError` (`States.Runtime`) when a path of the selector leads nowhere; the map run fails with it.
 */
export function itemSelector(spec: MapRunSpec): (index: number, item: Json) => Json {
  if (spec.itemSelector === undefined) return (_index, item) => item;
  const template = compileTemplate(spec.itemSelector);
  const input = fromJson(spec.input);
  return (index, item) => resolveTemplate(template, itemScope(spec, input, index, item));
}

function itemScope(spec: MapRunSpec, input: Scope['input'], index: number, item: Json): Scope {
  const context: JsonObject = isObject(spec.context) ? spec.context : {};
  return {
    input,
    context: () => ({ ...context, Map: { Item: { Index: index, Value: item } } }),
    variable: () => undefined,
    // No recorded source of chance reaches this far: an item must be selected alike after a crash.
    random: () => {
      throw new StateError(
        'States.Runtime',
        'Random numbers are not available in the ItemSelector of a Distributed Map',
      );
    },
  };
}

export interface Batcher {
  /** Items in the open batch. */
  readonly count: number;
  /** Takes the JSON text of an item into the batch, unless it is `full`. An empty batch takes any item. */
  add(itemText: string): 'added' | 'full';
  /** JSON text of the child's input, `{"BatchInput":…,"Items":[…]}`; the next batch is empty. */
  take(): string;
}

/**
 * Batches by the spec's ItemBatcher; `undefined` where it has none. A batch is full when one more item would
 * exceed MaxItemsPerBatch, or make the child's input larger than MaxInputBytesPerBatch or 262,144 bytes. A single
 * item that is larger than MaxInputBytesPerBatch goes alone, so that a tiny limit gives one item a batch.
 */
export function createBatcher({ itemBatcher }: Pick<MapRunSpec, 'itemBatcher'>): Batcher | undefined {
  if (!itemBatcher) return undefined;
  const head =
    itemBatcher.batchInput === undefined ? '{' : `{"BatchInput":${JSON.stringify(itemBatcher.batchInput)},`;
  const open = `${head}"Items":[`;
  const empty = Buffer.byteLength(open) + ']}'.length;
  const maxItems = itemBatcher.maxItemsPerBatch || Number.POSITIVE_INFINITY;
  const maxBytes = Math.min(itemBatcher.maxInputBytesPerBatch || MAX_DATA_BYTES, MAX_DATA_BYTES);
  let items: string[] = [];
  let bytes = empty;
  return {
    get count() {
      return items.length;
    },
    add(itemText) {
      const more = Buffer.byteLength(itemText) + (items.length > 0 ? 1 : 0);
      if (items.length > 0 && (items.length >= maxItems || bytes + more > maxBytes)) return 'full';
      items.push(itemText);
      bytes += more;
      return 'added';
    },
    take() {
      const input = `${open}${items.join(',')}]}`;
      items = [];
      bytes = empty;
      return input;
    },
  };
}
