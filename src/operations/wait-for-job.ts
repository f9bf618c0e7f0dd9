import type { Gateways } from '../aws/gateways.js';
import { exitCodes, FlowError } from '../errors.js';
import { type JobOrder, readJob } from './job-record.js';

interface Waiting {
  gateways: Gateways;
  clock: { now(): number; sleep(ms: number, signal?: AbortSignal): Promise<void> };
  pollMilliseconds: number;
  signal: AbortSignal;
}

const patienceMilliseconds = 5 * 60_000;
/** Clocks differ. */
const slack = 60_000;

/**
 * Waits until the framework (table stream → queue → function) has started the execution of a job record.
 * @throws FlowError 1 when the job failed before, 124 when nothing came of it
 */
export async function executionOfJob(
  job: JobOrder & { id: string },
  stateMachineArn: string,
  { gateways, clock, pollMilliseconds, signal }: Waiting,
): Promise<string> {
  const began = clock.now();
  const others = new Set<string>();
  for (;;) {
    for await (const { executionArn, startDate } of gateways.states.listExecutions({
      stateMachineArn,
      atMost: 50,
    })) {
      if (startDate.getTime() < began - slack && others.size > 0) break;
      if (others.has(executionArn)) continue;
      const { input = '{}' } = await gateways.states.describeExecution(executionArn);
      if ((JSON.parse(input) as { sourceId?: string }).sourceId === job.id) return executionArn;
      others.add(executionArn);
      if (others.size > 1_000) break;
    }
    const state = await readJob(gateways, job.table, job.id);
    if (state?.status === 'FAILED') {
      throw new FlowError(
        exitCodes.failed,
        'JobFailed',
        `the framework gave the job up before it started an execution: ${state.message ?? 'it does not say why'}`,
        { where: job.id },
      );
    }
    if (clock.now() - began > patienceMilliseconds) {
      throw new FlowError(
        exitCodes.timeout,
        'JobNotStarted',
        `nothing came of the job record in ${patienceMilliseconds / 60_000} minutes (it is ${state?.status ?? 'gone'})`,
        {
          where: job.id,
          hint: 'see that the table’s stream, import-action-queue and the function run; the same command again goes on waiting',
        },
      );
    }
    await clock.sleep(pollMilliseconds, signal);
  }
}
