import { FlowError } from '../../errors.js';
import type { Resolved } from '../pending/resolve-paused.js';
import type { Answering } from './answer-context.js';
import { type FindingMeant, findMeant, type Meant } from './find-steps.js';

/** An execution this young may be on the way to its wait: a function takes seconds to load. */
const YOUNG = 30_000;
const PATIENCE = 10_000;

/** The steps that are meant; of an execution that has just started, its step is waited for a while. */
export async function findSoon(
  meant: Meant,
  finding: FindingMeant,
  { clock, pollMilliseconds, waits, signal }: Answering,
): Promise<Resolved[]> {
  const giveUp = clock.now() + PATIENCE;
  const isUnderway = (error: unknown): boolean =>
    error instanceof FlowError &&
    error.code === 'NotPaused' &&
    error.details?.startDate instanceof Date &&
    clock.now() - error.details.startDate.getTime() < YOUNG &&
    clock.now() < giveUp;
  const again = async (): Promise<Resolved[]> => {
    for (;;) {
      await clock.sleep(pollMilliseconds, signal);
      const found = await find();
      if (found !== undefined) return found;
    }
  };
  /** Undefined while an execution is on its way. */
  const find = async (): Promise<Resolved[] | undefined> => {
    try {
      const found = await findMeant(meant, finding);
      return found.some(({ error }) => isUnderway(error)) ? undefined : found;
    } catch (error) {
      if (isUnderway(error)) return undefined;
      throw error;
    }
  };
  const wait = {
    on: 'the step of an execution that has just started',
    missing: 'see where it is with mbc-flow watch @last',
  };
  return (await find()) ?? (await waits.during(wait, again));
}
