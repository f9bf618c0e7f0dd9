import { isObject, parsedJson } from '../../json/json.js';

/** Id of the job that an execution of import-csv or import-zip works on. */
export function jobOfInput(text: string | undefined): string | undefined {
  const input = parsedJson(text);
  if (!isObject(input)) return undefined;
  if (typeof input.sourceId === 'string') return input.sourceId;
  const key = isObject(input.masterJobKey) ? input.masterJobKey : {};
  return typeof key.pk === 'string' && typeof key.sk === 'string' ? `${key.pk}#${key.sk}` : undefined;
}

/** Whether it is the id of a job's record: where there are no tables the job of an import is made up, without a ULID. */
export const isRecordId = (jobId: string | undefined): boolean =>
  jobId !== undefined && /^(CSV|ZIP)_IMPORT#.*#[0-9A-HJKMNP-TV-Z]{26}$/s.test(jobId);
