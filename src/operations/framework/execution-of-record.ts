import { exitCodes, FlowError } from '../../errors.js';
import type { ExecutionSummary, Gateways } from '../../ports/aws.js';
import type { Clock } from '../../ports/clock.js';
import type { Waits } from '../../ports/waits.js';

export interface Waiting {
  gateways: Gateways;
  clock: Clock;
  pollMilliseconds: number;
  signal: AbortSignal;
  waits: Waits;
}

const patienceMilliseconds = 5 * 60_000;
/** Clocks differ. */
const slack = 60_000;

/** What waits for the framework: how its execution is recognised, and how its record is told of. */
export interface Awaited {
  /** Id of the record. */
  id: string;
  stateMachineArn: string;
  isOurs(execution: ExecutionSummary): boolean | Promise<boolean>;
  /** Undefined where the record is gone. */
  state(): Promise<{ status: string; message?: string } | undefined>;
  /** Where to look when nothing comes of it. */
  path: string;
}

/**
 * Waits until the framework (table stream → queue → function) has started the execution of a record.
 * @throws FlowError 1 when the framework gave it up before, 124 when nothing came of it
 */
export async function executionOfRecord(awaited: Awaited, waiting: Waiting): Promise<string> {
  const wait = {
    on: `the framework to start the execution of ${awaited.id}`,
    missing: `see that ${awaited.path} run (locally: mbc-flow dev --event-sources), or leave (Ctrl-C) and start it directly: --via execution`,
  };
  return await waiting.waits.during(wait, () => lookFor(awaited, waiting));
}

async function lookFor(
  { id, stateMachineArn, isOurs, state, path }: Awaited,
  { gateways, clock, pollMilliseconds, signal }: Waiting,
): Promise<string> {
  const began = clock.now();
  const others = new Set<string>();
  for (;;) {
    for await (const execution of gateways.states.listExecutions({ stateMachineArn, atMost: 50 })) {
      const { executionArn, startDate } = execution;
      if (startDate.getTime() < began - slack && others.size > 0) break;
      if (others.has(executionArn)) continue;
      if (await isOurs(execution)) return executionArn;
      others.add(executionArn);
      if (others.size > 1_000) break;
    }
    const found = await state();
    if (found?.status === 'FAILED') {
      throw new FlowError(
        exitCodes.failed,
        'JobFailed',
        `the framework gave the job up before it started an execution: ${found.message ?? 'it does not say why'}`,
        { where: id },
      );
    }
    if (clock.now() - began > patienceMilliseconds) {
      throw new FlowError(
        exitCodes.timeout,
        'JobNotStarted',
        `nothing came of the job record in ${patienceMilliseconds / 60_000} minutes (it is ${found?.status ?? 'gone'})`,
        { where: id, hint: `see that ${path} run; the same command again goes on waiting` },
      );
    }
    await clock.sleep(pollMilliseconds, signal);
  }
}
