import { parsePath } from '../../../asl/data/json-path.js';
import { StateError } from '../../../asl/data/state-error.js';
import {
  createBatcher,
  type Evaluate,
  itemSelector,
  listItems,
  type MapItem,
} from '../../../asl/engine/map-item.js';
import type { MapRunSpec } from '../../../asl/engine/protocol.js';
import type { Json, JsonObject } from '../../../json/json.js';
import { parseJsonSource, type SourceNode } from '../../../json/json-positions.js';
import { jsonText } from '../../../json/lossless.js';
import { parseJson } from '../../../json/parse.mjs';
import { invalid } from '../requests/arns-names-pages.js';
import type { Input } from '../requests/model.js';
import type { MockedOutcome } from './mock.js';
import type { Subject } from './subject.js';

export interface MapTrial {
  /** What the Map made of its input, by AWS's names. */
  stages: JsonObject;
  outcome: MockedOutcome;
}

/** What a Map comes to, whose iterations are mocked. @throws AwsError ValidationException */
export async function tryMap(
  subject: Subject,
  spec: MapRunSpec,
  { stateConfiguration, context }: Input<'TestState'>,
  mocked: MockedOutcome,
  evaluate: Evaluate,
): Promise<MapTrial> {
  const { mapIterationFailureCount: failures = 0, mapItemReaderData } = stateConfiguration ?? {};
  const given = spec.items ?? readItems(mapItemReaderData);
  const items = given && listItems(given);
  checkFailures(failures, items, mocked);
  const stages: JsonObject = { ...limits(subject, spec) };
  if (spec.items && subject.language !== 'JSONata')
    stages.afterItemsPath = writtenItems(subject, context) ?? jsonText(spec.items);
  try {
    if (items) await selectAndBatch(spec, items, evaluate, stages);
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
    return { stages, outcome: { error: error.error, cause: error.reason } };
  }
  const outcome = exceedsTolerance(stages, failures, items?.length ?? failures)
    ? {
        error: 'States.ExceedToleratedFailureThreshold',
        cause: 'The specified tolerated failure threshold was exceeded',
      }
    : mocked;
  return { stages, outcome };
}

/** Items of a mocked context are shown as they were written there. */
function writtenItems({ definition }: Subject, context: string | undefined): string | undefined {
  const { ItemsPath: path } = definition;
  if (context === undefined || typeof path !== 'string' || !path.startsWith('$$')) return undefined;
  let node: SourceNode | undefined = parseJsonSource(context).root;
  for (const segment of parsePath(path).segments)
    node = segment.kind === 'name' ? node?.members?.get(segment.name) : undefined;
  return node && context.slice(node.start, node.end);
}

function readItems(text: string | undefined): Json[] | undefined {
  if (text === undefined) return undefined;
  try {
    const items = parseJson(text) as Json;
    if (Array.isArray(items)) return items;
  } catch {
    // Refused below.
  }
  throw invalid('MapItemReaderData must be a JSON array');
}

function checkFailures(failures: number, items: MapItem[] | undefined, mocked: MockedOutcome): void {
  const results = 'output' in mocked ? (parseJson(mocked.output) as Json) : undefined;
  const iterations = Math.min(items?.length ?? failures, Array.isArray(results) ? results.length : failures);
  if (failures > iterations)
    throw invalid('Map iteration failure count must be less than or equal to the number of Map iterations');
}

/** Limits of failure only where the definition has them. */
function limits({ definition }: Subject, spec: MapRunSpec): JsonObject {
  const has = (field: string): boolean =>
    definition[field] !== undefined || definition[`${field}Path`] !== undefined;
  return {
    maxConcurrency: spec.maxConcurrency,
    ...(has('ToleratedFailureCount') && { toleratedFailureCount: spec.toleratedFailureCount }),
    ...(has('ToleratedFailurePercentage') && { toleratedFailurePercentage: spec.toleratedFailurePercentage }),
  };
}

function exceedsTolerance(stages: JsonObject, failures: number, items: number): boolean {
  const { toleratedFailureCount: count, toleratedFailurePercentage: percentage } = stages;
  return (
    (typeof count === 'number' && failures > count) ||
    (typeof percentage === 'number' && (failures * 100) / Math.max(items, 1) > percentage)
  );
}

async function selectAndBatch(
  spec: MapRunSpec,
  items: MapItem[],
  evaluate: Evaluate,
  stages: JsonObject,
): Promise<void> {
  const select = itemSelector(spec, evaluate);
  const selected: Json[] = [];
  for (const [index, item] of items.entries()) selected.push(await select(index, item));
  if (spec.itemSelector !== undefined) stages.afterItemSelector = jsonText(selected);
  const batcher = createBatcher(spec);
  if (!batcher) return;
  const batches: string[] = [];
  for (const item of selected.map((value) => jsonText(value))) {
    if (batcher.add(item) === 'added') continue;
    batches.push(batcher.take());
    batcher.add(item);
  }
  if (batcher.count > 0) batches.push(batcher.take());
  stages.afterItemBatcher = `[${batches.join(',')}]`;
}
