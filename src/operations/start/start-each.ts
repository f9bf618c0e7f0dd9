import { type ExitCode, exitCodes, FlowError, worstExitCode } from '../../errors.js';
import type { ExecutionDescription, StepFunctionsGateway } from '../../ports/aws.js';
import type { Clock } from '../../ports/clock.js';
import type { FileSource } from '../../ports/file-source.js';
import { patiently, rest } from '../../ports/retry.js';
import { startUnlessThere } from '../execution/start-once.js';
import { sideBySide } from '../pace/concurrently.js';
import { atRate } from './at-rate.js';
import { type EachInput, inputsOf } from './each-inputs.js';

/** What became of one line. */
export interface EachResult extends Omit<EachInput, 'input'> {
  /** Absent where it could not be started. */
  executionArn?: string;
  /** It was there before. */
  former: boolean;
  /** Its end, where it was followed. */
  ended?: ExecutionDescription;
  error?: FlowError;
}

/** How many of the inputs came to what. */
export interface EachTally {
  total: number;
  started: number;
  /** Found: a former run of the same command line started them. */
  former: number;
  notStarted: number;
  succeeded: number;
  /** Ended in another way. */
  failed: number;
}

export interface EachOrder {
  stateMachineArn: string;
  /** What names begin with. */
  label: string;
  source: FileSource;
  /** When the checked file was as it is. */
  stamp: string;
  /** Inputs of the checked file. */
  total: number;
  follow: boolean;
  /** So many at once. */
  atOnce: number;
  /** Starts a second. */
  rate?: number;
}

export interface EachSurroundings {
  states: Pick<StepFunctionsGateway, 'startExecution' | 'describeExecution'>;
  clock: Clock;
  pollMilliseconds: number;
  signal: AbortSignal;
  /** It is there now: `ended` comes with its result. */
  onStarted(executionArn: string, tally: EachTally): void;
  onResult(result: EachResult, tally: EachTally): void;
}

export interface EachOutcome {
  tally: EachTally;
  /** Of the worst that happened. */
  code: ExitCode;
  /** A signal left inputs that are not started, or executions that are not followed to their end. */
  left: boolean;
}

/** What is said of a run that did not come to its end. */
export const goesOn = 'run the same command line again to start the rest; nothing is started twice';

/**
 * Starts one execution for each line, some at once, until `signal` fires.
 * @throws FlowError where no further start could go well: out of reach, not permitted, no such machine
 */
export async function startEach(order: EachOrder, around: EachSurroundings): Promise<EachOutcome> {
  const { signal } = around;
  const { total, follow } = order;
  const tally: EachTally = { total, started: 0, former: 0, notStarted: 0, succeeded: 0, failed: 0 };
  const codes = new Set<ExitCode>();
  const account = ({ error, ended }: EachResult): void => {
    if (error) tally.notStarted++;
    else if (ended) tally[ended.status === 'SUCCEEDED' ? 'succeeded' : 'failed']++;
    if (error) codes.add(error.exitCode);
    else if (ended && ended.status !== 'SUCCEEDED') codes.add(exitCodes.failed);
  };
  try {
    await startAll(order, around, {
      started(executionArn, former) {
        tally[former ? 'former' : 'started']++;
        around.onStarted(executionArn, tally);
      },
      result(result) {
        account(result);
        around.onResult(result, tally);
      },
    });
  } catch (error) {
    if (!signal.aborted) throw resumable(error, tally);
  }
  const done = follow ? tally.succeeded + tally.failed : tally.started + tally.former;
  const left = signal.aborted && done + tally.notStarted < total;
  return { tally, code: worstExitCode([...codes]), left };
}

async function startAll(
  { stateMachineArn, label, source, stamp, follow, atOnce, rate }: EachOrder,
  around: EachSurroundings,
  on: { started(executionArn: string, former: boolean): void; result(result: EachResult): void },
): Promise<void> {
  const { signal, clock } = around;
  const paced = rate === undefined ? async () => {} : atRate(rate, around);
  const began = clock.now();
  if ((await source.stamp()) !== stamp) throw changed(source.path);
  await sideBySide(inputsOf(source, label, signal), atOnce, async ({ input, ...at }) => {
    await paced();
    if (signal.aborted) return;
    const begun = { ...at, ...(await begin({ stateMachineArn, name: at.name, input }, began, around)) };
    const { executionArn, former } = begun;
    if (executionArn !== undefined) on.started(executionArn, former);
    if (!follow || executionArn === undefined) return on.result(begun);
    const ended = await endOf(executionArn, around);
    if (ended) on.result({ ...begun, ended });
  });
}

async function begin(
  start: { stateMachineArn: string; name: string; input: string },
  began: number,
  around: EachSurroundings,
): Promise<Pick<EachResult, 'executionArn' | 'former' | 'error'>> {
  try {
    // One that has ended meanwhile: the name says that it had this input.
    const ended = (executionArn: string) => ({ executionArn, startDate: undefined });
    const { executionArn, startDate } = await patiently(around, () =>
      startUnlessThere(around.states, start, ended),
    );
    // To start what runs again with its own input is no error: AWS answers as it did the first time.
    return { executionArn, former: startDate === undefined || startDate.getTime() < began };
  } catch (error) {
    if (!(error instanceof FlowError) || hopeless.has(error.exitCode)) throw error;
    return { former: false, error };
  }
}

/** What will not go better with the next line. */
const hopeless = new Set<number>([
  exitCodes.unreachable,
  exitCodes.denied,
  exitCodes.notFound,
  exitCodes.bug,
]);

/** Asks more rarely as time goes on; undefined when `signal` fired before. */
async function endOf(
  executionArn: string,
  around: EachSurroundings,
): Promise<ExecutionDescription | undefined> {
  const { states, signal, pollMilliseconds } = around;
  for (let pause = pollMilliseconds; !signal.aborted; pause = Math.min(pause * 1.5, pollMilliseconds * 10)) {
    const description = await patiently(around, () => states.describeExecution(executionArn));
    if (description.status !== 'RUNNING' && description.status !== 'PENDING_REDRIVE') return description;
    await rest(around, pause);
  }
  return undefined;
}

const changed = (path: string): FlowError =>
  new FlowError(exitCodes.usage, 'FileChanged', 'the file was changed while it was read', {
    where: path,
    hint: 'run the same command again when the file is complete',
  });

function resumable(error: unknown, { total, started, former }: EachTally): unknown {
  if (!(error instanceof FlowError)) return error;
  const { exitCode, code, message, where, hint, details, cause } = error;
  const text = `${message} (${started + former} of ${total} inputs were started)`;
  const hints = hint === undefined ? goesOn : `${hint}; ${goesOn}`;
  return new FlowError(exitCode, code, text, { where, hint: hints, details, cause });
}
