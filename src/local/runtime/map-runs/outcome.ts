import { dataLimitCause } from '../../../asl/engine/attempt.js';
import type { Evaluate } from '../../../asl/engine/map-item.js';
import type { ObjectStore } from '../../ports.js';
import { isStoreLoss, type Store } from '../../store/port.js';
import { childInputs } from './items.js';
import { joinedOutputs, writeResults } from './results.js';
import type { MapRun } from './run.js';

interface Surroundings {
  store: Store;
  objects: ObjectStore;
  evaluate: Evaluate;
  /** After each page of results. */
  collectGarbage: () => void;
  /** The server stops: what is not written then, its next start writes. */
  halted: () => boolean;
}

/** The Map state's result, JSON text; it writes results where the ResultWriter says, also those of a failed map run. */
export async function mapRunResult(run: MapRun, around: Surroundings): Promise<string> {
  const { store, objects, collectGarbage } = around;
  const { resultWriter, stateName } = run.spec;
  if (resultWriter?.resource !== undefined && resultWriter.problem === undefined)
    return await writeResults(store, objects, run, resultWriter, neverStarted(run, around), collectGarbage);
  if (run.failure || run.stopped) return '';
  const output = joinedOutputs(store, run.id, resultWriter);
  if (output !== undefined) return output;
  run.failure = { error: 'States.DataLimitExceeded', cause: dataLimitCause(stateName) };
  return '';
}

/** Inputs of the children that a failed or aborted map run did not start, as far as they can be read. */
async function* neverStarted(
  { spec, progress, failure, stopped }: MapRun,
  { objects, evaluate, halted }: Surroundings,
): AsyncGenerator<string> {
  if (progress.readAll || !(failure || stopped)) return;
  const { cursor, items } = progress;
  let total = items;
  try {
    for await (const { input, itemCount } of childInputs(spec, objects, { cursor, items }, evaluate)) {
      if (halted()) return;
      total += itemCount;
      yield input;
    }
    progress.total = total;
  } catch (error) {
    // What made the map run fail makes the reading end here as well.
    if (isStoreLoss(error)) throw error;
  }
}
