import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { entriesOf, jsonText } from '../../json/lossless.js';
import { answerSimply } from '../data/jsonata-answer.js';
import type { QueryAnswer } from '../data/jsonata-query.js';
import { queriesIn, resolveTemplate, type Template } from '../data/payload-template.js';
import type { Scope } from '../data/scope.js';
import { StateError } from '../data/state-error.js';
import { fromJson, MAX_DATA_BYTES } from '../data/value.js';
import { Work } from '../data/work-limit.js';
import { fieldsOf } from '../language/compile-fields.js';
import { asStateError } from './attempt.js';
import type { Evaluation, MapRunSpec } from './protocol.js';

/**
 * What a Distributed Map's driver needs besides the interpreter, all of it pure:
 *
 *     const select = itemSelector(spec, evaluate); // once for a map run
 *     const batcher = createBatcher(spec);         // only with an ItemBatcher
 *     for each item:
 *       const text = jsonText(await select(index, item)); // index, { value, key, source }
 *       if (!batcher) start a child with `text`;
 *       else if (batcher.add(text) === 'full') {
 *         start a child with batcher.take();
 *         batcher.add(text);                       // an empty batch takes anything
 *       }
 *     if (batcher?.count) start a child with batcher.take();
 */

/** Has JSONata expressions evaluated, outside of the interpreter. */
export type Evaluate = (evaluation: Evaluation) => Promise<QueryAnswer[]>;

/** One of what a Map goes over. */
export interface MapItem {
  value: Json;
  /** Of a member of a JSON object. */
  key?: string;
  /** Where it was read; absent: it came with the state's input. */
  source?: string;
}

/** Items given inline, in their order. */
export const listItems = (items: Json[] | JsonObject): MapItem[] =>
  Array.isArray(items)
    ? items.map((value) => ({ value }))
    : entriesOf(items).map(([key, value]) => ({ key, value }));

/** An item as a child gets it that no ItemSelector is for. */
export const itemInput = ({ key, value }: MapItem): Json =>
  key === undefined ? value : { Key: key, Value: value };

/** `$$.Map.Item`. */
export const itemContext = (index: number, { key, value, source = 'STATE_DATA' }: MapItem): JsonObject =>
  key === undefined
    ? { Index: index, Value: value, Source: source }
    : { Index: index, Key: key, Value: value, Source: source };

/**
 * The function that makes an item's input of the item: the ItemSelector applied with `$$.Map.Item` (and the
 * Map's own input), or the item itself where there is none. It answers with a promise
 * only where JSONata has to be asked.
 * Throws a `StateError` (`States.Runtime`, `States.QueryEvaluationError`) when the selector fails; the map run fails
 * with it.
 */
export function itemSelector(
  spec: MapRunSpec,
  evaluate: Evaluate,
): (index: number, item: MapItem) => Json | Promise<Json> {
  if (spec.itemSelector === undefined) return (_index, item) => itemInput(item);
  const fields = fieldsOf(spec.queryLanguage ?? 'JSONPath');
  const template = fields.template(spec.itemSelector, 'ItemSelector') ?? { kind: 'constant', value: null };
  const queries = fields.language === 'JSONata' ? queriesIn(template) : [];
  const input = fromJson(spec.input);
  return (index, item) => {
    const scope = itemScope(spec, input, index, item);
    const open = queries.filter((query) => !answerSimply(query, scope));
    if (open.length === 0) return selected(template, scope, spec);
    const expressions = open.map(({ text }) => text);
    const variables = spec.variables ?? {};
    return evaluate({ expressions, states: scope.states(), variables, at: 0 }).then((answers) => {
      const known = new Map(
        open.map((query, at) => [query, answers[at] ?? { failure: 'was not evaluated.' }]),
      );
      return selected(template, { ...scope, answers: known }, spec);
    });
  };
}

function selected(template: Template, scope: Scope, { stateName }: MapRunSpec): Json {
  try {
    return resolveTemplate(template, scope);
  } catch (error) {
    throw asStateError(error, stateName);
  }
}

function itemScope(spec: MapRunSpec, input: Scope['input'], index: number, item: MapItem): Scope {
  const context = {
    ...(isObject(spec.context) ? spec.context : {}),
    Map: { Item: itemContext(index, item) },
  };
  return {
    input,
    context: () => fromJson(context),
    states: () => ({ input: spec.input, context }),
    variable: (name) => spec.variables?.[name],
    work: new Work(),
    // No recorded source of chance reaches this far: an item must be selected alike after a crash.
    random: () => {
      throw new StateError(
        'States.Runtime',
        'Random numbers are not available in the ItemSelector of a Distributed Map',
      );
    },
  };
}

/** The JSON text of an item as UTF-8: `bytes[from, to)`. Those that were written one behind the other have one byte between them. */
export interface ItemBytes {
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
  /** All of it is ASCII. */
  readonly ascii: boolean;
}

export const textOfBytes = ({ bytes, from, to, ascii }: ItemBytes): string =>
  bytes.toString(ascii ? 'latin1' : 'utf8', from, to);

export interface Batcher {
  /** Items in the open batch. */
  readonly count: number;
  /** Takes the JSON text of an item into the batch, unless it is `full`. An empty batch takes any item. */
  add(item: string | ItemBytes): 'added' | 'full';
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
    itemBatcher.batchInput === undefined ? '{' : `{"BatchInput":${jsonText(itemBatcher.batchInput)},`;
  const open = `${head}"Items":[`;
  const empty = Buffer.byteLength(open) + ']}'.length;
  const maxItems = itemBatcher.maxItemsPerBatch || Number.POSITIVE_INFINITY;
  const maxBytes = Math.min(itemBatcher.maxInputBytesPerBatch || MAX_DATA_BYTES, MAX_DATA_BYTES);
  let texts: string[] = [];
  /** What stands behind them, in one piece: a comma is between its items. */
  let piece: ItemBytes | undefined;
  let count = 0;
  let bytes = empty;
  const closePiece = (): void => {
    if (piece) texts.push(textOfBytes(piece));
    piece = undefined;
  };
  return {
    get count() {
      return count;
    },
    add(item) {
      const size = typeof item === 'string' ? Buffer.byteLength(item) : item.to - item.from;
      const more = size + (count > 0 ? 1 : 0);
      if (count > 0 && (count >= maxItems || bytes + more > maxBytes)) return 'full';
      count++;
      bytes += more;
      if (typeof item === 'string') {
        closePiece();
        texts.push(item);
      } else if (piece?.bytes === item.bytes && piece.to + 1 === item.from)
        piece = { ...item, from: piece.from, ascii: piece.ascii && item.ascii };
      else {
        closePiece();
        piece = item;
      }
      return 'added';
    },
    take() {
      closePiece();
      // Joined and not added up, which would be copied once more by who reads it.
      const input = [open, texts.join(','), ']}'].join('');
      texts = [];
      count = 0;
      bytes = empty;
      return input;
    },
  };
}
