import { createBatcher, type Evaluate, itemSelector, type MapItem } from '../../asl/engine/map-item.js';
import type { MapRunSpec } from '../../asl/engine/protocol.js';
import { jsonText } from '../../json/lossless.js';
import type { MapRunCall, Played } from '../rehearsal/play.js';
import type { MapRunReply } from '../rehearsal/reply.js';

export interface MapRunChild {
  index: number;
  /** JSON text. */
  input: string;
  /** Epoch milliseconds of virtual time. */
  at: number;
}

/**
 * A map run whose children are played. Undefined: one of them asked what nobody answers, or waits for ever.
 * Throws what `evaluate` throws.
 */
export async function playMapRun(
  { effect: { spec }, at, place }: MapRunCall,
  items: readonly MapItem[],
  evaluate: Evaluate,
  playChild: (child: MapRunChild) => Promise<Played>,
): Promise<MapRunReply | undefined> {
  let inputs: { text: string; items: number }[];
  try {
    inputs = await inputsOf(spec, items, evaluate);
  } catch (error) {
    const { name, message } = error as Error;
    const { error: code = name, reason = message } = error as { error?: string; reason?: string };
    return { type: 'MapRunFailed', error: code, cause: reason, after: 0 };
  }
  /** When each of the children that may run side by side is through. */
  const free: number[] = [];
  const outputs: string[] = [];
  let [lost, ended] = [0, at];
  const total = inputs.reduce((sum, { items }) => sum + items, 0);
  for (const [index, { text, items }] of inputs.entries()) {
    const slot = spec.maxConcurrency > 0 && free.length >= spec.maxConcurrency ? earliest(free) : free.length;
    const played = await playChild({ index, input: text, at: free[slot] ?? at });
    if (played.status === 'RUNNING') return undefined;
    free[slot] = played.stoppedAt;
    ended = Math.max(ended, played.stoppedAt);
    if (played.status === 'SUCCEEDED') outputs.push(played.output ?? 'null');
    else lost += items;
    if (exceeds(lost, total, spec)) {
      const cause = 'The specified tolerated failure threshold was exceeded';
      return {
        type: 'MapRunFailed',
        error: 'States.ExceedToleratedFailureThreshold',
        cause,
        after: ended - at,
      };
    }
  }
  return { type: 'MapRunSucceeded', output: resultOf(spec, outputs, place.stateName), after: ended - at };
}

const earliest = (times: number[]): number =>
  times.reduce((best, time, index) => (time < (times[best] ?? time) ? index : best), 0);

async function inputsOf(
  spec: MapRunSpec,
  given: readonly MapItem[],
  evaluate: Evaluate,
): Promise<{ text: string; items: number }[]> {
  const select = itemSelector(spec, evaluate);
  const batcher = createBatcher(spec);
  const inputs: { text: string; items: number }[] = [];
  const close = (): void => {
    if (batcher?.count) inputs.push({ items: batcher.count, text: batcher.take() });
  };
  const most = spec.itemReader?.readerConfig.maxItems ?? Number.POSITIVE_INFINITY;
  for (const [index, item] of given.entries()) {
    if (index >= most) break;
    const text = jsonText(await select(index, item));
    if (!batcher) inputs.push({ text, items: 1 });
    else if (batcher.add(text) === 'full') {
      close();
      batcher.add(text);
    }
  }
  close();
  return inputs;
}

function exceeds(lost: number, total: number, spec: MapRunSpec): boolean {
  const { toleratedFailureCount: count, toleratedFailurePercentage: percentage } = spec;
  if (percentage > 0 && (lost * 100) / Math.max(total, 1) > percentage) return true;
  return (count > 0 || percentage === 0) && lost > count;
}

/** The outputs of the children, or where a ResultWriter has written them. */
function resultOf({ resultWriter }: MapRunSpec, outputs: string[], stateName: string): string {
  if (resultWriter?.resource === undefined) return `[${outputs.join(',')}]`;
  const { bucket = '', prefix } = resultWriter;
  const folder = prefix ? `${prefix.replace(/\/$/, '')}/` : '';
  return jsonText({
    MapRunArn: `arn:aws:states:us-east-1:123456789012:mapRun:test/${stateName}:test`,
    ResultWriterDetails: { Bucket: bucket, Key: `${folder}test/manifest.json` },
  });
}
