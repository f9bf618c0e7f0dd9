import { isObject, type Json } from '../asl/json.js';
import { arrayElements } from '../asl/json-array.js';
import type { Gateways, MapRunDescription } from '../aws/gateways.js';
import { createRowReader } from '../csv/lines.js';
import { exitCodes, FlowError } from '../errors.js';
import { decodeFailure } from '../workflow/cause.js';
import { type ImportMachine, manifestKey } from '../workflow/import-machine.js';
import { createRowLocator } from '../workflow/locate-rows.js';
import {
  createRowLedger,
  type FailedBatch,
  type RowCounts,
  type RowFailure,
  type RowLedger,
} from '../workflow/row-ledger.js';
import type { CheckedFile } from './check-file.js';

interface Accounted {
  file: CheckedFile;
  machine: ImportMachine;
}

/**
 * What became of every row: from the files of the ResultWriter, else from the Map's own output. What no source
 * tells of is `unknown`, never guessed.
 */
export async function accountRows(
  gateways: Gateways,
  { file, machine }: Accounted,
  executionArn: string,
  mapRun: MapRunDescription | undefined,
): Promise<{ counts: RowCounts; failures: RowFailure[] }> {
  const ledger = createRowLedger(file.report.rows);
  const seen: { batchInput?: Json } = {};
  if (mapRun && machine.results) {
    await readResultFiles(gateways, machine.results, mapRun.mapRunArn, ledger, seen);
  } else if (mapRun) {
    await readMapOutput(gateways, machine, executionArn, ledger);
  }
  const { counts, batches } = ledger.close();
  if (batches.length === 0) return { counts, failures: [] };
  return { counts, failures: await locate(file, machine, batches, seen.batchInput) };
}

interface ResultRecord {
  Input: string;
  Output?: string;
  Status: string;
  Error?: string;
  Cause?: string;
}

async function readResultFiles(
  { objects }: Gateways,
  { bucket, prefix }: { bucket: string; prefix: string },
  mapRunArn: string,
  ledger: RowLedger,
  seen: { batchInput?: Json },
): Promise<void> {
  const manifest = await readJson(objects, bucket, manifestKey(prefix, mapRunArn));
  const files =
    isObject(manifest) && isObject(manifest.ResultFiles) ? Object.values(manifest.ResultFiles).flat() : [];
  for (const entry of files) {
    if (!isObject(entry) || typeof entry.Key !== 'string') continue;
    for await (const child of arrayElements<ResultRecord>(await objects.read(bucket, entry.Key))) {
      seen.batchInput ??= batchInputOf(child.Input);
      // A machine that writes results is of the framework's version that hands rows on to a queue.
      if (child.Status === 'SUCCEEDED') ledger.succeeded(child.Input, child.Output, true);
      else ledger.failed(child.Input, failureText(child));
    }
  }
}

const batchInputOf = (input: string): Json | undefined => {
  const value = JSON.parse(input) as Json;
  return isObject(value) ? value.BatchInput : undefined;
};

function failureText({ Status, Error: error, Cause: cause }: ResultRecord): string {
  const { message, type } = decodeFailure(error ?? Status, cause);
  return type === undefined || message.includes(type) ? message : `${type}: ${message}`;
}

/** Replies without inputs, in the order of the batches: rows are told by their place. */
async function readMapOutput(
  { states }: Gateways,
  machine: ImportMachine,
  executionArn: string,
  ledger: RowLedger,
): Promise<void> {
  const output = await mapOutput(states, executionArn, machine.mapState);
  if (!Array.isArray(output)) return;
  output.forEach((reply, index) => {
    ledger.succeededAt(index, reply);
  });
}

async function mapOutput(
  states: Gateways['states'],
  executionArn: string,
  mapState: string | undefined,
): Promise<Json | undefined> {
  for await (const page of states.historyPages(executionArn, { reverse: true, pageSize: 50 })) {
    for (const event of page) {
      const exited = event.stateExitedEventDetails as { name?: string; output?: string } | undefined;
      if (event.type === 'MapStateExited' && exited?.name === mapState)
        return JSON.parse(exited?.output ?? 'null');
    }
  }
  return undefined;
}

async function locate(
  file: CheckedFile,
  { batcher }: ImportMachine,
  batches: FailedBatch[],
  batchInput: Json | undefined,
): Promise<RowFailure[]> {
  const locator = createRowLocator(batches, batcher, batchInput);
  const { encoding, delimiter } = file.report;
  const reader = createRowReader({ encoding: encoding ?? 'utf-8', delimiter: delimiter ?? ',' });
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
    if (error instanceof FlowError && error.exitCode === exitCodes.notFound) return undefined;
    throw error;
  }
}
