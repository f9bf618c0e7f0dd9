import { exitCodes, FlowError } from '../../../errors.js';
import { localAccount } from '../../../framework/conventions.js';
import { type ImportMachine, readImportMachine } from '../../../framework/import/machine.js';
import type { Gateways } from '../../../ports/aws.js';
import { executionArnOf } from '../../../workflow/names/arn.js';
import { digestOf } from '../../../workflow/names/digest-of.js';
import { stableName, stableUlid } from '../../../workflow/names/stable-name.js';
import { isMissing } from '../../framework/known-table.js';
import type { CheckedFile } from '../check-file.js';
import type { ImportJournal } from '../import-journal.js';
import { contentIdOf, findExecution, refuseLargeRow } from '../plan-import.js';
import type { UploadPlan } from '../upload-file.js';

export interface ZipOrder {
  /** Of import-zip, and of the import-csv that it starts for each file. */
  stateMachineArn: string;
  csvMachineArn: string;
  /** What the app calls the rows of all files; else after each name. */
  table?: string;
  tenant?: string;
  bucket: string;
  encryption?: UploadPlan['encryption'];
  /** Of job records; undefined where the target has none. */
  jobTable?: string;
  /** The same ZIP a second time is meant. */
  again: boolean;
}

/** One of the files: what is uploaded, and what the app calls its rows. */
export interface ZipFile extends UploadPlan {
  table: string;
}

/** Everything that the import of a ZIP will do, decided before anything is changed. */
export interface ZipPlan {
  path: string;
  files: ZipFile[];
  machine: ImportMachine;
  stateMachineArn: string;
  csvMachineArn: string;
  bucket: string;
  /** Of the execution, and of the import in the journal. */
  name: string;
  jobId: string;
  tenant: string;
  record?: { table: string; id: string };
  /** The machine's input. */
  input: {
    masterJobKey: { pk: string; sk: string };
    sortedS3Keys: string[];
    parameters: { bucket: string; tenantCode: string; tableName: string | null };
  };
  /** It was started by a former run that could not tell the outcome. */
  former?: string;
}

interface Surroundings {
  gateways: Gateways;
  journal: ImportJournal;
  clock: { now(): number };
}

/** `20260101093000-products.csv`: when it was made, and what its rows are. */
const frameworkName = /^\d{14}-(.+)\.csv$/;

/**
 * Decides where the files of a ZIP go and how they are imported: as the framework does with one, in the order of their names.
 * @throws FlowError 5 when the same ZIP was imported before, 2 for a name that says no table
 */
export async function planZip(
  path: string,
  files: CheckedFile[],
  order: ZipOrder,
  { gateways, journal, clock }: Surroundings,
): Promise<ZipPlan> {
  const { stateMachineArn, csvMachineArn, bucket, encryption, again } = order;
  const jobTable = await usableTable(gateways, order);
  const { definition } = await gateways.states.describeStateMachine(csvMachineArn);
  const machine = readImportMachine(definition);
  for (const file of files) refuseLargeRow(file, machine);
  const tables = files.map((file) => tableOf(file, order.table));
  const tenant = order.tenant ?? (jobTable === undefined ? 'local' : tenantNeeded());
  const contents = files.map((file) => [file.source.name, contentIdOf(file, machine)]);
  const identity = [contents, stateMachineArn, bucket, order.table, tenant];
  for (let attempt = 1; ; attempt++) {
    const name = stableName(path.replace(/^.*[/\\]/, ''), 'zip', digestOf(identity), attempt);
    const noted = await journal.read(name);
    const goesOn = noted !== undefined && noted.told !== true;
    const former = await findExecution(gateways, executionArnOf(stateMachineArn, name));
    if (former && !goesOn) {
      if (again) continue;
      throw new FlowError(
        exitCodes.conflict,
        'AlreadyImported',
        `this ZIP was imported by this state machine before: the execution ${former.executionArn}, ${former.status}`,
        { where: path, hint: 'to import it again, add --again', details: former },
      );
    }
    const fresh = `ZIP_IMPORT#${tenant}#ZIP#${stableUlid(clock.now(), digestOf([...identity, attempt]))}`;
    const jobId = (goesOn && noted.jobId) || fresh;
    const [kind = '', owner = '', ...rest] = jobId.split('#');
    const folder = `csv-imports/${tenant}/${rest.at(-1)}`;
    const planned = files.map((file, index): ZipFile => {
      const key = `${folder}/${file.source.name}`;
      const upload = goesOn ? noted.uploads?.[key] : undefined;
      return {
        file,
        machine,
        bucket,
        ...(encryption && { encryption }),
        contentId: contentIdOf(file, machine),
        entry: { key, ...(upload && { upload }) },
        table: tables[index] ?? '',
      };
    });
    return {
      path,
      files: planned,
      machine,
      stateMachineArn,
      csvMachineArn,
      bucket,
      name,
      jobId,
      tenant,
      ...(jobTable !== undefined && { record: { table: jobTable, id: jobId } }),
      input: {
        masterJobKey: { pk: `${kind}#${owner}`, sk: rest.join('#') },
        sortedS3Keys: planned.map(({ entry }) => entry.key),
        parameters: { bucket, tenantCode: tenant, tableName: order.table ?? null },
      },
      ...(former && { former: former.executionArn }),
    };
  }
}

/** An app that never had tables or tenants has no record: only its .env names where they would be. */
async function usableTable(
  { tables }: Gateways,
  { jobTable, tenant, stateMachineArn }: ZipOrder,
): Promise<string | undefined> {
  if (jobTable === undefined || tenant !== undefined || stateMachineArn.split(':')[4] !== localAccount)
    return jobTable;
  try {
    // A key that no record has: whether the table is there.
    await tables.get(jobTable, { pk: 'ZIP_IMPORT#', sk: '#' });
    return jobTable;
  } catch (error) {
    if (error instanceof FlowError && isMissing(error)) return undefined;
    throw error;
  }
}

function tableOf({ source }: CheckedFile, told: string | undefined): string {
  const table = told ?? frameworkName.exec(source.name)?.[1];
  if (table !== undefined) return table;
  throw new FlowError(
    exitCodes.usage,
    'TableNeeded',
    'the table cannot be derived from its name (expected yyyymmddHHMMss-<table>.csv)',
    { where: source.path, hint: '--table NAME, for all files of the ZIP' },
  );
}

function tenantNeeded(): never {
  throw new FlowError(exitCodes.usage, 'TenantNeeded', 'a job record belongs to a tenant; no tenant is set', {
    hint: '--tenant CODE, or "tenant" of the target in mbc-flow.json',
  });
}
