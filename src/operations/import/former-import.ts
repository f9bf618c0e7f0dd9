import type { CsvCheckOptions } from '../../csv/check.js';
import { exitCodes, FlowError, failedWith } from '../../errors.js';
import { type ImportMachine, readImportMachine } from '../../framework/import/machine.js';
import { isObject, parsedJson } from '../../json/json.js';
import type { ExecutionDescription, Gateways, MapRunDescription, ObjectGateway } from '../../ports/aws.js';
import type { FileSource } from '../../ports/file-source.js';
import { shellWord } from '../../workflow/names/shell-word.js';
import { type CheckedFile, checkFile } from './check-file.js';
import { contentIdOf } from './plan-import.js';
import { formIn } from './written-form.js';

/** An import that was started once, by whomever. */
export interface FormerImport extends Omit<ExecutionDescription, 'input'> {
  input: ImportInput;
  machine: ImportMachine;
  /** How the uploaded object is read. */
  asUploaded: { encoding: string; delimiter: ImportMachine['reader']['delimiter']; columns?: string[] };
  mapRun: MapRunDescription | undefined;
  /**
   * The object that it read, as a file, or (`original`) the file itself.
   * @throws FlowError 3 where the object is gone, 2 where the file is another
   */
  file(original?: FileSource, options?: CsvCheckOptions): Promise<CheckedFile>;
}

export type ImportInput = Record<string, string> & { bucket: string; key: string; tableName: string };

/** Whether it names a file for a table, as only an import's does. */
export const isImportInput = (text: string | undefined): boolean => importInput(text) !== undefined;

function importInput(text: string | undefined): ImportInput | undefined {
  const input = parsedJson(text);
  const isImport =
    isObject(input) && ['bucket', 'key', 'tableName'].every((name) => typeof input[name] === 'string');
  return isImport ? (input as ImportInput) : undefined;
}

/** Import-zip's names the files, in the order in which each gets an execution. */
const isZipInput = (text: string | undefined): boolean => {
  const input = parsedJson(text);
  return isObject(input) && Array.isArray(input.sortedS3Keys);
};

function inputOf(text: string | undefined, executionArn: string): ImportInput {
  const input = importInput(text);
  if (input) return input;
  if (isZipInput(text))
    throw new FlowError(
      exitCodes.usage,
      'NoImport',
      'this is the import of a ZIP: each CSV in it has an execution of its own',
      { where: executionArn, hint: 'mbc-flow list import-csv' },
    );
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

/** As `formerImport`. @throws FlowError 5 while it still runs */
export async function endedImport(gateways: Gateways, executionArn: string): Promise<FormerImport> {
  const former = await formerImport(gateways, executionArn);
  if (former.status !== 'RUNNING') return former;
  throw new FlowError(exitCodes.conflict, 'StillRunning', 'this import is still running', {
    where: executionArn,
    hint: `mbc-flow watch ${executionArn}`,
  });
}

/** @throws FlowError 2 where the execution was no import, 3 where it is gone */
export async function formerImport(gateways: Gateways, executionArn: string): Promise<FormerImport> {
  const { states, objects } = gateways;
  const description = await states.describeExecution(executionArn).catch((error: unknown) => {
    throw failedWith(error, exitCodes.notFound) ? tooOld(executionArn, error) : error;
  });
  const input = inputOf(description.input, executionArn);
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
    async file(original, options) {
      if (!original) return await uploadedFile(objects, input, asUploaded);
      const file = await checkFile(original, options);
      await refuseOther(objects, file, machine, input);
      return file;
    },
  };
}

const tooOld = (executionArn: string, cause: FlowError): FlowError =>
  new FlowError(exitCodes.notFound, cause.code, 'there is no such execution, or none any more', {
    where: executionArn,
    hint: 'Step Functions keeps what has ended for 90 days; mbc-flow list shows what is there',
    cause,
  });

async function uploadedFile(
  objects: ObjectGateway,
  { bucket, key }: ImportInput,
  asUploaded: FormerImport['asUploaded'],
): Promise<CheckedFile> {
  const source = objectSource(objects, bucket, key);
  try {
    const file = await checkFile(source, asUploaded);
    const form = formIn((await objects.head(bucket, key))?.metadata['mbc-flow-form']);
    return form ? { ...file, form } : file;
  } catch (error) {
    if (!failedWith(error, exitCodes.notFound)) throw error;
    throw new FlowError(exitCodes.notFound, 'FileGone', 'the file that was uploaded is gone', {
      where: source.path,
      hint: `give the file that was imported as well: … <execution> ${shellWord(source.name)}`,
      cause: error,
    });
  }
}

async function refuseOther(
  objects: ObjectGateway,
  file: CheckedFile,
  machine: ImportMachine,
  { bucket, key }: ImportInput,
): Promise<void> {
  const head = await objects.head(bucket, key);
  const uploaded = head?.metadata['mbc-flow-content'];
  if (uploaded === undefined || uploaded === contentIdOf(file, machine)) return;
  throw new FlowError(exitCodes.usage, 'OtherFile', 'this is not the file that the execution imported', {
    where: file.source.path,
    hint: 'omit the file to use the uploaded object',
  });
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
