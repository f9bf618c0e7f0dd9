import { exitCodes, FlowError, failedWith } from '../../errors.js';
import { type ImportMachine, readImportMachine, uploadKey } from '../../framework/import/machine.js';
import type { Gateways, ObjectEncryption } from '../../ports/aws.js';
import { executionArnOf } from '../../workflow/names/arn.js';
import { digestOf } from '../../workflow/names/digest-of.js';
import { stableName, stableUlid } from '../../workflow/names/stable-name.js';
import type { CheckedFile } from './check-file.js';
import { chooseStart, type Start, type StartWishes } from './choose-start.js';
import type { ImportJournal, JournalEntry } from './import-journal.js';
import { findJob, type JobOrder } from './job-record.js';

export interface ImportOrder extends StartWishes {
  /** What the app calls the rows; else after the file. */
  table?: string;
  bucket: string;
  key?: string;
  encryption?: ObjectEncryption;
  /** Further members of the machine's input. */
  attributes: Record<string, string>;
  /** The same file a second time is meant. */
  again: boolean;
  /** The import whose failed rows these are: what had the same rows no later than that has not retried it. */
  retries?: { startDate: Date; jobId?: string };
}

type NamedOrder = ImportOrder & { table: string };

/** Everything that an import will do, decided before anything is changed. */
export interface ImportPlan {
  file: CheckedFile;
  machine: ImportMachine;
  stateMachineArn: string;
  bucket: string;
  encryption?: ObjectEncryption;
  /** Of the uploaded bytes, in the object's metadata. */
  contentId: string;
  /** Of the execution, and of the import in the journal. */
  name: string;
  start: Start;
  /** The machine's input. */
  input: Record<string, string>;
  /** The framework's job record, where the import is started through one. */
  job?: JobOrder & { id: string };
  /** The same, or the record that was there before. */
  record?: { table: string; id: string };
  entry: JournalEntry;
  /** The execution that a former run of this command started, and could not tell the outcome of. */
  former?: string;
}

/** One of the files: how it is going to be imported, or what speaks against it. */
export type Import = ImportPlan | { file: CheckedFile; error: FlowError };

interface Surroundings {
  gateways: Gateways;
  journal: ImportJournal;
  clock: { now(): number };
}

/**
 * Files of which each can be imported by itself: what speaks against one of several does not stop the others.
 * @throws FlowError 5 when the same file was imported to the same machine before, 2 for what the machine can't take
 */
export async function planImports(
  files: CheckedFile[],
  order: ImportOrder,
  around: Surroundings,
): Promise<Import[]> {
  const { definition } = await around.gateways.states.describeStateMachine(order.stateMachineArn);
  const machine = readImportMachine(definition);
  const imports: Import[] = [];
  for (const file of files) {
    const table = order.table ?? file.source.name.replace(/\.[^.]*$/, '');
    try {
      imports.push(await planImport(file, machine, { ...order, table }, around));
    } catch (error) {
      if (files.length === 1 || !(error instanceof FlowError)) throw error;
      imports.push({ file, error });
    }
  }
  return imports;
}

/** Decides where the file goes and how the machine is started. */
async function planImport(
  file: CheckedFile,
  machine: ImportMachine,
  order: NamedOrder,
  around: Surroundings,
): Promise<ImportPlan> {
  const { stateMachineArn, bucket, encryption, table, again } = order;
  const now = around.clock.now();
  refuseLargeRow(file, machine);
  const start = await chooseStart(around.gateways, machine, order);
  const contentId = contentIdOf(file, machine);
  const { attributes, tenant, key, sourceId } = order;
  const identity = [contentId, stateMachineArn, bucket, key, table, tenant, attributes, sourceId, start.via];
  for (let attempt = 1; ; attempt++) {
    const name = stableName(table, 'import', digestOf(identity), attempt);
    const digest = digestOf([...identity, attempt]);
    const noted = await around.journal.read(name);
    const goesOn = noted !== undefined && noted.told !== true;
    const entry = goesOn ? noted : { key: key ?? uploadKey(file.source.name, contentId, now) };
    const input = inputOf(order, start, entry.key, digest);
    const place = { bucket, ...(encryption && { encryption }) };
    const record = sourceId === undefined ? undefined : { table: start.table, id: sourceId };
    const known = { ...(record?.table !== undefined && { record: record as ImportPlan['record'] }) };
    const plan = { file, machine, stateMachineArn, ...place, contentId, name, start, input, entry, ...known };
    if (start.via === 'execution') {
      const former = await findExecution(around.gateways, executionArnOf(stateMachineArn, name));
      if (!former) return plan;
      if (goesOn) return { ...plan, former: former.executionArn };
      if (!again && !(order.retries && former.startDate <= order.retries.startDate))
        throw alreadyImported(file, `the execution ${former.executionArn}, ${former.status}`, {
          executionArn: former.executionArn,
          status: former.status,
        });
    } else {
      const job = { ...start, tableName: table, fileName: file.source.name, attributes: input };
      const id = entry.jobId ?? (await findJob(around.gateways, job, digest));
      if (!id || goesOn) {
        const fresh = `CSV_IMPORT#${start.tenant}#${table}#${stableUlid(now, digest)}`;
        const named = { ...job, id: id ?? fresh };
        return { ...plan, job: named, record: named };
      }
      if (!again && !(order.retries?.jobId !== undefined && id <= order.retries.jobId))
        throw alreadyImported(file, `the job record ${id}`, { jobId: id });
    }
  }
}

export async function findExecution(
  { states }: Pick<Gateways, 'states'>,
  executionArn: string,
): Promise<{ executionArn: string; status: string; startDate: Date } | undefined> {
  try {
    const { status, startDate } = await states.describeExecution(executionArn);
    return { executionArn, status, startDate };
  } catch (error) {
    if (failedWith(error, exitCodes.notFound)) return undefined;
    throw error;
  }
}

const alreadyImported = (
  { source }: CheckedFile,
  what: string,
  details: { executionArn?: string; status?: string; jobId?: string },
): FlowError =>
  new FlowError(
    exitCodes.conflict,
    'AlreadyImported',
    `this file was imported by this state machine before: ${what}`,
    {
      where: source.path,
      hint: `to import it again, add --again${details.executionArn ? `; mbc-flow import show ${details.executionArn}` : ''}`,
      details,
    },
  );

/** Digest of the bytes that this file becomes for this machine. */
export const contentIdOf = ({ sha256, dialect }: CheckedFile, { reader }: ImportMachine): string =>
  digestOf([sha256, dialect, reader]);

export function refuseLargeRow({ source, report }: CheckedFile, { maxRowBytes }: ImportMachine): void {
  const { largestRow } = report;
  if (!largestRow || largestRow.bytes <= maxRowBytes) return;
  throw new FlowError(
    exitCodes.usage,
    'RecordTooLong',
    `the record has ${largestRow.bytes} bytes as JSON; this machine's function can be given ${maxRowBytes} (its context repeats the batch)`,
    { where: `${source.path}:${largestRow.line}`, hint: 'shorten the record' },
  );
}

function inputOf(order: NamedOrder, start: Start, key: string, digest: string): Record<string, string> {
  const { bucket, table, attributes } = order;
  const made = start.via === 'execution' && start.madeUpJob;
  const tenant = order.tenant ?? (made ? 'local' : undefined);
  const sourceId = made ? `CSV_IMPORT#${tenant}#${table}#${digest.slice(0, 16)}` : order.sourceId;
  return {
    ...attributes,
    processingMode: 'STEP_FUNCTION',
    bucket,
    key,
    tableName: table,
    ...(tenant !== undefined && { tenantCode: tenant }),
    ...(sourceId !== undefined && { sourceId }),
  };
}
