import { isObject, type Json } from '../../../json/json.js';
import type { FunctionHost } from '../../ports.js';
import { member, type StepEvent } from './step-event.js';

/** The states of import-zip: each file is an import of its own, which answers the step's token when it has ended. */
export async function zipStep(host: FunctionHost, event: StepEvent): Promise<Json> {
  return event.stateName === 'finalize_zip_job' ? summary(event.input) : await startFile(host, event);
}

/** By a name that is the file's: a step that is done a second time starts nothing twice. */
async function startFile(host: FunctionHost, event: StepEvent): Promise<Json> {
  const key = String(event.input ?? '');
  const parameters = member(event.executionInput, 'parameters');
  const { bucket, tenantCode, tableName } = isObject(parameters) ? parameters : {};
  const table = tableName ?? /\d{14}-([^/]+)\.csv$/.exec(key)?.[1];
  if (typeof table !== 'string') throw new Error(`Could not determine the table of ${key}`);
  const keys = member(event.executionInput, 'sortedS3Keys');
  const place = Array.isArray(keys) ? keys.indexOf(key) : 0;
  await host.startExecution('import-csv', `${event.executionName.slice(0, 70)}-${place}`, {
    processingMode: 'STEP_FUNCTION',
    bucket: bucket ?? null,
    key,
    tenantCode: tenantCode ?? null,
    tableName: table,
    taskToken: event.taskToken ?? '',
    sourceId: `CSV_IMPORT#${String(tenantCode)}#${table}#${event.executionName}-${place}`,
  });
  return { started: key };
}

/** The sum of the files' answers, as the framework's last step counts them. */
function summary(answers: Json): Json {
  const files = Array.isArray(answers) ? answers : [];
  const sum = (name: string): number =>
    files.reduce<number>((total, answer) => total + Number(member(answer, name) ?? 0), 0);
  const failures = files.filter((answer) => member(answer, 'importJobStatus') === 'FAILED').length;
  return {
    status: failures > 0 ? 'FAILED' : 'COMPLETED',
    totalRows: sum('total'),
    processedRows: sum('succeeded'),
    failedRows: sum('failed'),
    csvTaskFailureCount: failures,
  };
}
