import { exitCodes, FlowError } from '../../errors.js';
import { type ImportMachine, readImportMachine } from '../../framework/import/machine.js';
import { isObject, type Json } from '../../json/json.js';
import type { ExecutionDescription, Gateways, MapRunDescription, ObjectGateway } from '../../ports/aws.js';
import type { FileSource } from '../../ports/file-source.js';
import { type CheckedFile, checkFile } from './check-file.js';

/** An import that was started once, by whomever. */
export interface FormerImport extends Omit<ExecutionDescription, 'input'> {
  input: ImportInput;
  machine: ImportMachine;
  /** How the uploaded object is read. */
  asUploaded: { encoding: string; delimiter: ImportMachine['reader']['delimiter']; columns?: string[] };
  mapRun: MapRunDescription | undefined;
  /** The object that it read, as a file. */
  file(): Promise<CheckedFile>;
}

export type ImportInput = Record<string, string> & { bucket: string; key: string; tableName: string };

function inputOf(text: string, executionArn: string): ImportInput {
  const input = JSON.parse(text) as Json;
  const isImport =
    isObject(input) && ['bucket', 'key', 'tableName'].every((name) => typeof input[name] === 'string');
  if (isImport) return input as ImportInput;
  throw new FlowError(
    exitCodes.usage,
    'NoImport',
    'this execution is not an import: its input names no file',
    {
      where: executionArn,
      hint: `mbc-flow rerun ${executionArn}`,
    },
  );
}

/** @throws FlowError 2 where the execution was no import */
export async function formerImport(gateways: Gateways, executionArn: string): Promise<FormerImport> {
  const { states, objects } = gateways;
  const description = await states.describeExecution(executionArn);
  const input = inputOf(description.input ?? '{}', executionArn);
  const machine = readImportMachine((await states.describeStateMachineForExecution(executionArn)).definition);
  const asUploaded = {
    encoding: 'utf-8',
    delimiter: machine.reader.delimiter,
    columns: machine.reader.headers,
  };
  return {
    ...description,
    input,
    machine,
    asUploaded,
    mapRun: await lastMapRun(gateways, executionArn),
    file: () => checkFile(objectSource(objects, input.bucket, input.key), asUploaded),
  };
}

async function lastMapRun(
  { states }: Pick<Gateways, 'states'>,
  executionArn: string,
): Promise<MapRunDescription | undefined> {
  let last: string | undefined;
  for await (const { mapRunArn } of states.listMapRuns(executionArn)) last = mapRunArn;
  return last === undefined ? undefined : await states.describeMapRun(last);
}

/** An object in S3 as a file. */
function objectSource(objects: ObjectGateway, bucket: string, key: string): FileSource {
  return {
    path: `s3://${bucket}/${key}`,
    name: key.slice(key.lastIndexOf('/') + 1),
    async stamp() {
      return (await objects.head(bucket, key))?.etag ?? 'gone';
    },
    async *read() {
      yield* await objects.read(bucket, key);
    },
  };
}
