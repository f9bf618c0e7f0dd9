import { encoding } from '../../cli/import/dialect.js';
import { commandsOf } from '../../cli/import/follow-until.js';
import { orderFor } from '../../cli/import/import-order.js';
import { surroundings } from '../../cli/import/run-imports.js';
import type { Context } from '../../cli/shell/context.js';
import type { Target } from '../../cli/shell/target.js';
import type { CsvCheckOptions } from '../../csv/check.js';
import { isDelimiter } from '../../csv/dialect.js';
import { exitCodes, FlowError } from '../../errors.js';
import type { JsonObject } from '../../json/json.js';
import { knownTable } from '../../operations/framework/known-table.js';
import { type CheckedFile, refuseErrors } from '../../operations/import/check-file.js';
import { estimateCost, type ImportCost } from '../../operations/import/estimate-cost.js';
import { type ImportPlan, planImports } from '../../operations/import/plan-import.js';
import { planZip, type ZipPlan } from '../../operations/import/zip/plan-zip.js';
import { optionalTextIn, textIn } from '../http/fields.js';
import type { Uploads } from './uploads.js';

/** What is about to be imported. */
export type PlannedImport = { zip: false; plan: ImportPlan } | { zip: true; plan: ZipPlan };

/** What of the console an import is planned with. */
interface PlanningWorld {
  context: Context;
  target(): Promise<Target>;
  uploads: Uploads;
}

/** The files of an upload, checked as the request says that they are read. */
export async function checkedIn(
  body: JsonObject,
  { uploads }: PlanningWorld,
): Promise<{ name: string; zip: boolean; files: CheckedFile[] }> {
  const upload = uploads.of(textIn(body, 'upload'));
  return { name: upload.name, zip: upload.zip, files: await uploads.check(upload, optionsIn(body)) };
}

/** @throws FlowError 2 for what can't be imported, 5 where it was imported before */
export async function plannedIn(body: JsonObject, world: PlanningWorld): Promise<PlannedImport> {
  const { name, zip, files } = await checkedIn(body, world);
  for (const file of files) refuseErrors(file);
  const target = await world.target();
  const wishes = {
    table: optionalTextIn(body, 'table')?.trim() || undefined,
    tenant: optionalTextIn(body, 'tenant')?.trim() || undefined,
    again: body.again === true,
  };
  const around = surroundings(world.context, target);
  if (zip) {
    const order = {
      ...wishes,
      tenant: wishes.tenant ?? target.tenant,
      stateMachineArn: await target.machineArn('import-zip'),
      csvMachineArn: await target.machineArn('import-csv'),
      bucket: await target.uploadBucket(undefined),
      jobTable: knownTable(() => target.tableName('import_tmp')),
    };
    return { zip, plan: await planZip(name, files, order, around) };
  }
  const [plan] = await planImports(files, await orderFor(target, { ...wishes, via: 'auto' }), around);
  if (plan && !('error' in plan)) return { zip, plan };
  throw plan?.error ?? new FlowError(exitCodes.usage, 'BadRequest', 'there is nothing to import');
}

/** What it takes, before it starts. */
export async function costOf({ zip, plan }: PlannedImport, { target }: PlanningWorld): Promise<ImportCost> {
  const connected = await target();
  const { commandMachineArn } = await commandsOf(connected);
  const wanted = zip
    ? { files: plan.files, csvMachineArn: plan.csvMachineArn, zipMachineArn: plan.stateMachineArn }
    : { files: [plan], csvMachineArn: plan.stateMachineArn };
  return await estimateCost(connected.gateways, { ...wanted, commandMachineArn });
}

/** As the flags of `import` say it; what is not said is found out. */
function optionsIn(body: JsonObject): CsvCheckOptions {
  const told = optionalTextIn(body, 'encoding');
  const delimiter = optionalTextIn(body, 'delimiter');
  if (delimiter !== undefined && delimiter !== '' && !isDelimiter(delimiter))
    throw new FlowError(exitCodes.usage, 'BadRequest', 'this is no delimiter that AWS knows');
  return {
    ...(told && { encoding: encoding(told, 'encoding') }),
    ...(delimiter !== undefined && isDelimiter(delimiter) && { delimiter }),
    ...(body.header === false && { header: false }),
    ...(body.fix === true && { mend: true }),
  };
}
