import { createRowReader } from '../../csv/row-reader.js';
import { findReply, unwrapped } from '../../framework/import/batch-reply.js';
import { type JobState, jobState } from '../../framework/import/job-state.js';
import { createRowLocator } from '../../framework/import/locate-rows.js';
import { finalizeState, type ImportMachine } from '../../framework/import/machine.js';
import {
  createRowLedger,
  type FailedBatch,
  itemsOf,
  type RowCounts,
  type RowFailure,
  type RowLedger,
} from '../../framework/import/row-ledger.js';
import { isObject, type Json, parsedJson } from '../../json/json.js';
import type { Gateways, MapRunDescription } from '../../ports/aws.js';
import { failureText } from '../../workflow/failure/cause.js';
import type { CheckedFile } from './check-file.js';
import type { LogAsker } from './late-log-lines.js';
import { askLogs } from './refused-rows-by-request.js';
import { searchLogs } from './refused-rows-by-search.js';
import { type ChildResult, resultFiles } from './result-files.js';

interface Accounted {
  file: CheckedFile;
  machine: ImportMachine;
  executionArn: string;
  mapRun: MapRunDescription | undefined;
  /** It has just ended: lines of its functions may still be on their way. */
  clock?: LogAsker['clock'];
  /** Told of each batch that had to be asked for by itself. */
  onBatch?(batches: number): void;
}

/**
 * What became of every row: from the files of the ResultWriter, else from the Map's own output, else from its children
 * one by one, else (in numbers only) from the map run. What no source tells of is `unknown`, never guessed.
 */
export async function accountRows(
  gateways: Gateways,
  { file, machine, executionArn, mapRun, clock, onBatch }: Accounted,
): Promise<{ counts: RowCounts; failures: RowFailure[]; job?: JobState }> {
  const ledger = createRowLedger(file.report.rows);
  const seen: Seen = {};
  const outputs = await readOutputs(gateways.states, machine, executionArn);
  const written = mapRun && (await resultFiles(gateways, machine, outputs.map, mapRun));
  if (written) for await (const child of written) take(child, true, ledger, seen);
  else if (mapRun) {
    if (Array.isArray(outputs.map)) readReplies(outputs.map, ledger);
    else if (machine.childrenDescribed) await readChildren(gateways, machine, mapRun, ledger, seen, onBatch);
    else readMapRun(mapRun, ledger);
  }
  const handed = mapRun ? undefined : await readSteps(gateways.states, executionArn, ledger);
  if (handed !== undefined && handed < file.report.rows)
    ledger.lost(file.report.rows - handed, neverRead, handed);
  const { counts, batches } = ledger.close();
  const asker = { machine, mapRun, clock };
  const known = await searchLogs(gateways, await askLogs(gateways, batches, asker), asker);
  const failures = known.length === 0 ? [] : await locate(file, machine, known, seen.batchInput);
  const job = isObject(outputs.finalize) ? jobState(outputs.finalize) : undefined;
  return { counts, failures, ...(job && { job }) };
}

/** The framework's local machine hands on the first ten rows, and no more. */
const neverRead = 'the state machine never passed it to the function';

/**
 * A machine without a Map over the CSV (the framework's local one) hands rows to one step, which answers as for a batch.
 * @returns how many, from the first on; undefined where no step did
 */
async function readSteps(
  states: Gateways['states'],
  executionArn: string,
  ledger: RowLedger,
): Promise<number | undefined> {
  let input = '';
  for await (const page of states.historyPages(executionArn)) {
    for (const { stateEnteredEventDetails: entered, stateExitedEventDetails: exited } of page) {
      input = (entered as { input?: string } | undefined)?.input ?? input;
      const { output } = (exited ?? {}) as { output?: string };
      if (output === undefined || !findReply(parsedJson(output))) continue;
      ledger.succeeded({ executionArn, input, output }, true);
      return itemsOf(parsedJson(input)).length;
    }
  }
  return undefined;
}

/** Of the batches' inputs: what they hold besides the rows. */
interface Seen {
  batchInput?: Json;
}

const NOT_STARTED = 'not started: the map run failed or was aborted before';

function take(child: ChildResult, queues: boolean, ledger: RowLedger, seen: Seen): void {
  const { ExecutionArn: executionArn, Output: output, Status: status } = child;
  const { Error: error = status, Cause: cause } = child;
  const batch = {
    executionArn,
    output,
    get input() {
      return child.Input;
    },
  };
  seen.batchInput ??= batchInputOf(child.Input);
  if (status === 'SUCCEEDED') ledger.succeeded(batch, queues);
  else if (status === 'PENDING') ledger.failed(batch, NOT_STARTED);
  else ledger.failed(batch, failureText(error, cause));
}

const batchInputOf = (input: string): Json | undefined => {
  const value = JSON.parse(input) as Json;
  return isObject(value) ? value.BatchInput : undefined;
};

/** Replies without inputs, in the order of the batches: rows are told by their place. */
function readReplies(replies: Json[], ledger: RowLedger): void {
  replies.forEach((reply, index) => {
    ledger.succeededAt(index, reply);
  });
}

/** Where no result was kept (it could not be written, or is discarded) the children themselves still say it. */
async function readChildren(
  { states }: Gateways,
  machine: ImportMachine,
  { mapRunArn }: MapRunDescription,
  ledger: RowLedger,
  seen: Seen,
  onBatch: Accounted['onBatch'],
): Promise<void> {
  let batches = 0;
  for await (const { executionArn } of states.listExecutions({ mapRunArn })) {
    const { input = '{}', output, status, error, cause } = await states.describeExecution(executionArn);
    const told = { Input: input, Output: output, Status: status, Error: error, Cause: cause };
    take({ ExecutionArn: executionArn, ...told }, machine.results !== undefined, ledger, seen);
    onBatch?.(++batches);
  }
}

/** EXPRESS children leave numbers only. */
function readMapRun({ itemCounts }: MapRunDescription, ledger: RowLedger): void {
  const { failed, timedOut, aborted } = itemCounts;
  if (failed > 0) ledger.lost(failed, 'its batch failed');
  if (timedOut > 0) ledger.lost(timedOut, 'its batch timed out');
  if (aborted > 0) ledger.lost(aborted, 'its batch was aborted');
}

interface Outputs {
  /** The Map's result. */
  map?: Json;
  /** What `finalize_parent_job` answered. */
  finalize?: Json;
}

async function readOutputs(
  states: Gateways['states'],
  { mapState, resultPath }: ImportMachine,
  executionArn: string,
): Promise<Outputs> {
  const found: Outputs = {};
  for await (const page of states.historyPages(executionArn, { reverse: true, pageSize: 50 })) {
    for (const event of page) {
      const exited = event.stateExitedEventDetails as { name?: string; output?: string } | undefined;
      if (exited?.name === finalizeState) found.finalize = unwrapped(JSON.parse(exited.output ?? 'null'));
      if (event.type !== 'MapStateExited' || exited?.name !== mapState) continue;
      if (resultPath) found.map = memberAt(JSON.parse(exited?.output ?? 'null') as Json, resultPath);
      return found;
    }
  }
  return found;
}

const memberAt = (value: Json, path: string[]): Json | undefined =>
  path.reduce<Json | undefined>((at, name) => (isObject(at) ? at[name] : undefined), value);

async function locate(
  file: CheckedFile,
  { batcher, reader: machineReader }: ImportMachine,
  batches: FailedBatch[],
  batchInput: Json | undefined,
): Promise<RowFailure[]> {
  const locator = createRowLocator(batches, batcher, batchInput);
  const reader = createRowReader(file.dialect, machineReader);
  for await (const chunk of file.source.read()) for (const row of reader.push(chunk)) locator.push(row);
  for (const row of reader.end()) locator.push(row);
  return locator.end();
}
