import { createRowReader } from '../../csv/lines.js';
import { exitCodes, type FlowError } from '../../errors.js';
import { unwrapped } from '../../framework/import/batch-reply.js';
import { createRowLocator } from '../../framework/import/locate-rows.js';
import { finalizeState, type ImportMachine, manifestKey } from '../../framework/import/machine.js';
import {
  createRowLedger,
  type FailedBatch,
  type RowCounts,
  type RowFailure,
  type RowLedger,
} from '../../framework/import/row-ledger.js';
import { arrayElements } from '../../json/array.js';
import { isObject, type Json } from '../../json/json.js';
import type { Gateways, MapRunDescription } from '../../ports/aws.js';
import { decodeFailure } from '../../workflow/failure/cause.js';
import type { CheckedFile } from './check-file.js';
import { type JobState, jobState } from './job-record.js';
import type { LogAsker } from './late-log-lines.js';
import { askLogs } from './refused-rows-by-request.js';
import { searchLogs } from './refused-rows-by-search.js';

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
  if (mapRun && !(await readResultFiles(gateways, machine, outputs.map, mapRun.mapRunArn, ledger, seen))) {
    if (Array.isArray(outputs.map)) readReplies(outputs.map, ledger);
    else if (machine.childrenDescribed) await readChildren(gateways, machine, mapRun, ledger, seen, onBatch);
    else readMapRun(mapRun, ledger);
  }
  const { counts, batches } = ledger.close();
  const asker = { machine, mapRun, clock };
  const known = await searchLogs(gateways, await askLogs(gateways, batches, asker), asker);
  const failures = known.length === 0 ? [] : await locate(file, machine, known, seen.batchInput);
  const job = isObject(outputs.finalize) ? jobState(outputs.finalize) : undefined;
  return { counts, failures, ...(job && { job }) };
}

/** Of the batches' inputs: what they hold besides the rows. */
interface Seen {
  batchInput?: Json;
}

/** A child as the ResultWriter writes it. */
interface ChildResult {
  ExecutionArn?: string;
  Input: string;
  Output?: string;
  Status: string;
  Error?: string;
  Cause?: string;
}

/** False where there are none. */
async function readResultFiles(
  { objects }: Gateways,
  machine: ImportMachine,
  output: Json | undefined,
  mapRunArn: string,
  ledger: RowLedger,
  seen: Seen,
): Promise<boolean> {
  const place = manifestOf(output) ?? declaredManifest(machine, mapRunArn);
  const manifest = place && (await readJson(objects, place.bucket, place.key));
  if (!place || !isObject(manifest) || !isObject(manifest.ResultFiles)) return false;
  for (const entry of Object.values(manifest.ResultFiles).flat()) {
    if (!isObject(entry) || typeof entry.Key !== 'string') continue;
    for await (const child of arrayElements<ChildResult>(await objects.read(place.bucket, entry.Key))) {
      take(child, true, ledger, seen);
    }
  }
  return true;
}

/** What the Map says itself of its ResultWriter. */
function manifestOf(output: Json | undefined): { bucket: string; key: string } | undefined {
  const details = isObject(output) ? output.ResultWriterDetails : undefined;
  if (!isObject(details) || typeof details.Bucket !== 'string' || typeof details.Key !== 'string')
    return undefined;
  return { bucket: details.Bucket, key: details.Key };
}

const declaredManifest = ({ results }: ImportMachine, mapRunArn: string) =>
  results && { bucket: results.bucket, key: manifestKey(results.prefix, mapRunArn) };

function take(child: ChildResult, queues: boolean, ledger: RowLedger, seen: Seen): void {
  const { ExecutionArn: executionArn, Input: input, Output: output, Status: status } = child;
  seen.batchInput ??= batchInputOf(input);
  if (status === 'SUCCEEDED') ledger.succeeded({ executionArn, input, output }, queues);
  else ledger.failed({ input }, failureText(child));
}

const batchInputOf = (input: string): Json | undefined => {
  const value = JSON.parse(input) as Json;
  return isObject(value) ? value.BatchInput : undefined;
};

function failureText({ Status, Error: error, Cause: cause }: ChildResult): string {
  const { message, type } = decodeFailure(error ?? Status, cause);
  return type === undefined || message.includes(type) ? message : `${type}: ${message}`;
}

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

async function readJson(
  objects: Gateways['objects'],
  bucket: string,
  key: string,
): Promise<Json | undefined> {
  try {
    const chunks: Uint8Array[] = [];
    for await (const chunk of await objects.read(bucket, key)) chunks.push(chunk);
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Json;
  } catch (error) {
    // The bucket of a placeholder is nobody's, or somebody else's.
    const { exitCode } = error as FlowError;
    if (exitCode === exitCodes.notFound || exitCode === exitCodes.denied) return undefined;
    throw error;
  }
}
