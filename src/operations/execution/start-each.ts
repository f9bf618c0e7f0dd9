import { createHash } from 'node:crypto';
import { exitCodes, FlowError } from '../../errors.js';
import { parsedJson } from '../../json/json.js';
import { jsonFault } from '../../json/text.mjs';
import type { ExecutionDescription, StepFunctionsGateway } from '../../ports/aws.js';
import type { FileSource } from '../../ports/file-source.js';
import { executionArnOf } from '../../workflow/names/arn.js';
import { stableName } from '../../workflow/names/stable-name.js';
import type { InputCheck } from '../../workflow/trial/input-check.js';
import { sideBySide } from '../pace/concurrently.js';
import { patiently, rest } from '../pace/retry.js';
import { misfitLines, refuseLargeInput } from './check-input.js';
import { textLines } from './json-lines.js';

/** What became of one line. */
export interface EachResult {
  /** 0-based, of the inputs. */
  index: number;
  /** 1-based, of the file. */
  line: number;
  name: string;
  /** Absent where it could not be started. */
  executionArn?: string;
  /** It was there before. */
  former: boolean;
  /** Its end, where it was followed. */
  ended?: ExecutionDescription;
  error?: FlowError;
}

export interface EachOrder {
  stateMachineArn: string;
  /** What names begin with; another one starts the same inputs again. */
  label: string;
  source: FileSource;
  /** When the checked file was as it is. */
  stamp: string;
  follow: boolean;
  /** So many at once. */
  atOnce: number;
  /** Starts a second. */
  rate?: number;
}

export interface EachSurroundings {
  states: Pick<StepFunctionsGateway, 'startExecution' | 'describeExecution'>;
  clock: { now(): number; sleep(ms: number, signal?: AbortSignal): Promise<void> };
  pollMilliseconds: number;
  signal: AbortSignal;
  /** It is there now: `ended` comes with its result. */
  onStarted(result: EachResult): void;
  onResult(result: EachResult): void;
}

export interface EachCheck {
  /** As in the order. */
  label: string;
  input: InputCheck;
  /** Where a text stops being JSON. */
  errorOffset(text: string): number | undefined;
  now: number;
  signal: AbortSignal;
}

/** No line can be an input that is longer: AWS takes 256 KiB. */
const longestLine = 1_000_000;
const mostProblems = 20;

/**
 * The first pass: reads the file once and changes nothing.
 * @returns how many inputs there are, and the file's stamp
 * @throws FlowError 2 that lists the lines that are no inputs
 */
export async function checkEach(
  source: FileSource,
  check: EachCheck,
  onProgress: (inputs: number) => void,
): Promise<{ count: number; stamp: string }> {
  const stamp = await source.stamp();
  const problems: { code: string; line: number; column: number; message: string }[] = [];
  let count = 0;
  for await (const { line, name, input } of inputsOf(source, check)) {
    const problem = await problemOf(name, input, check);
    if (problem) problems.push({ line, ...problem });
    if (problems.length >= mostProblems) break;
    onProgress(++count);
  }
  const [first, ...rest] = problems;
  if (first) {
    const place = (at: { line: number; column: number }) => `${source.path}:${at.line}:${at.column}`;
    const more = rest.map((problem) => `\n  ${place(problem)} ${problem.message}`).join('');
    throw new FlowError(exitCodes.usage, first.code, `${first.message}${more}`, {
      where: place(first),
      hint: 'nothing was started; correct the lines and run the same command again',
      details: { problems },
    });
  }
  if (count === 0 && !check.signal.aborted)
    throw new FlowError(exitCodes.usage, 'NoInputs', 'there is no input in it', { where: source.path });
  return { count, stamp };
}

async function problemOf(
  name: string,
  text: string,
  check: EachCheck,
): Promise<{ code: string; column: number; message: string } | undefined> {
  const offset = parsedJson(text) === undefined ? (check.errorOffset(text) ?? 0) : undefined;
  if (offset !== undefined)
    return { code: 'InvalidInput', column: offset + 1, message: `the line ${jsonFault(text)}` };
  try {
    refuseLargeInput(text);
  } catch (error) {
    return { code: 'InputTooLarge', column: 1, message: (error as Error).message };
  }
  const misfit = await check.input({ name, input: text }, check.now);
  if (!misfit) return undefined;
  const message = `it would fail at once in '${misfit.stateName}': ${misfitLines(misfit).join('; ')}`;
  return { code: 'InputDoesNotFit', column: 1, message };
}

/**
 * Starts one execution for each line, some at once. A name is made of the input and of how often the same input came
 * before it, so that a second run of the same lines (or of more, or in another order) finds what the first one started.
 * @throws FlowError where no further start could go well: out of reach, not permitted, no such machine
 */
export async function startEach(order: EachOrder, around: EachSurroundings): Promise<void> {
  const { signal, clock } = around;
  const paced = order.rate === undefined ? async () => {} : pace(order.rate, around);
  const began = clock.now();
  if ((await order.source.stamp()) !== order.stamp) throw changed(order.source.path);
  await sideBySide(
    inputsOf(order.source, { label: order.label, signal }),
    order.atOnce,
    async ({ input, ...at }) => {
      await paced();
      if (signal.aborted) return;
      const begun = { ...at, ...(await begin(order.stateMachineArn, at.name, input, began, around)) };
      const { executionArn } = begun;
      if (executionArn !== undefined) around.onStarted(begun);
      if (!order.follow || executionArn === undefined) return around.onResult(begun);
      const ended = await endOf(executionArn, around);
      if (ended) around.onResult({ ...begun, ended });
    },
  );
}

async function begin(
  stateMachineArn: string,
  name: string,
  input: string,
  began: number,
  around: EachSurroundings,
): Promise<Pick<EachResult, 'executionArn' | 'former' | 'error'>> {
  try {
    const { executionArn, startDate } = await patiently(around, () =>
      around.states.startExecution({ stateMachineArn, name, input }),
    );
    // To start what runs again with its own input is no error: AWS answers as it did the first time.
    return { executionArn, former: startDate.getTime() < began };
  } catch (error) {
    if (!(error instanceof FlowError) || hopeless.has(error.exitCode)) throw error;
    // It has ended meanwhile. The name says that it had this input.
    if (error.code === 'ExecutionAlreadyExists')
      return { executionArn: executionArnOf(stateMachineArn, name), former: true };
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

interface Input {
  index: number;
  line: number;
  name: string;
  input: string;
}

/** Ends early when `signal` fires. */
async function* inputsOf(
  source: FileSource,
  { label, signal }: { label: string; signal: AbortSignal },
): AsyncGenerator<Input> {
  const seen = new Map<number, number>();
  let index = 0;
  for await (const { line, text } of textLines(source.path, source.read(), longestLine)) {
    if (signal.aborted) return;
    const digest = createHash('sha256').update(`${label}\n${text}`).digest('hex');
    // 48 bits spare memory; the names have 64.
    const key = Number.parseInt(digest.slice(0, 12), 16);
    const times = (seen.get(key) ?? 0) + 1;
    seen.set(key, times);
    yield { index: index++, line, name: stableName(label, 'each', digest, times), input: text };
  }
}

const changed = (path: string): FlowError =>
  new FlowError(exitCodes.usage, 'FileChanged', 'the file was changed while it was read', {
    where: path,
    hint: 'run the same command again when the file is complete',
  });

/** So much lost time is made up for: a timer that comes late must not slow the whole down. */
const slack = 50;

/** Lets callers through at `rate` a second, one after the other. */
function pace(rate: number, around: Pick<EachSurroundings, 'clock' | 'signal'>): () => Promise<void> {
  let due = around.clock.now();
  return async () => {
    const now = around.clock.now();
    const mine = Math.max(due, now - slack);
    due = mine + 1000 / rate;
    if (mine > now) await rest(around, mine - now);
  };
}
