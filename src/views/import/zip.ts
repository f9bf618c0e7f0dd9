import type { ZipPlan } from '../../operations/import/zip/plan-zip.js';
import type { ZipResult } from '../../operations/import/zip/run-zip.js';
import { failureText } from '../../workflow/failure/cause.js';
import { shellWord } from '../../workflow/names/shell-word.js';
import { paint } from '../text/paint.js';
import { oneLine, unbroken } from '../text/safe-text.js';
import type { TableLook } from '../text/table.js';
import { rowCount } from './check.js';
import { importDocument, importLines, isGood, retryHelps, summaryLine } from './import.js';

/** All files were imported, each of them well, and the framework says so of the whole too. */
export const isGoodZip = ({ status, job, files }: ZipResult): boolean =>
  status === 'SUCCEEDED' &&
  job?.status !== 'FAILED' &&
  files.every(({ result }) => result !== undefined && isGood(result));

const outcomeOf = (result: ZipResult): string =>
  result.status === 'SUCCEEDED' && !isGoodZip(result) ? 'FAILED' : result.status;

/** The JSON of the finished import of a ZIP. */
export const zipDocument = ({ path, jobId }: ZipPlan, result: ZipResult) => ({
  file: path,
  executionArn: result.executionArn,
  status: outcomeOf(result),
  job: result.job ? { id: jobId, ...result.job } : null,
  imports: result.files.map(({ file, result: one }) => ({
    file: file.file.source.path,
    table: file.table,
    ...(one ? importDocument(one) : { status: 'NOT_STARTED', rows: null }),
  })),
});

export function zipLines(
  { path, jobId, record }: ZipPlan,
  result: ZipResult,
  look: TableLook & { color: boolean },
  flags: string,
): string[] {
  const colors = paint(look.color);
  const { executionArn, failure, job, files } = result;
  const good = isGoodZip(result);
  const facts: [string, string][] = [
    ['status', (good ? colors.green : colors.red)(outcomeOf(result))],
    ['files', summaryLine(files.map((file) => file.result))],
    ...(job
      ? [['job', oneLine([job.status, job.message].filter(Boolean).join(': '))] as [string, string]]
      : []),
    ...(failure ? [['error', oneLine(failureText(failure.error, failure.cause))] as [string, string]] : []),
    ['execution', executionArn],
  ];
  return [
    ...files.flatMap(({ file, result: one }) => {
      const lines = one
        ? importLines(file.file.source.path, one, look, nextOf(one))
        : [colors.bold(unbroken(file.file.source.path)), `  status  ${colors.red('not started')}`];
      return lines.at(-1) === '' ? lines : [...lines, ''];
    }),
    colors.bold(path),
    ...facts.map(([name, value]) => `  ${name.padEnd(9)}  ${value}`),
    `  next       mbc-flow ${record ? `import show ${shellWord(jobId)}` : `show ${executionArn}`}${flags}`,
  ];

  function nextOf(one: NonNullable<ZipResult['files'][number]['result']>): string[] {
    return retryHelps(one.rows, one.failures) ? [`mbc-flow import --retry ${one.executionArn}${flags}`] : [];
  }
}

/** What `--dry-run` says of a ZIP. */
export const zipPlanDocument = ({ path, bucket, stateMachineArn, name, jobId, input, files }: ZipPlan) => ({
  dryRun: true,
  file: path,
  bucket,
  stateMachineArn,
  name,
  jobId,
  input,
  files: files.map(({ file, table, entry }) => ({ file: file.source.path, table, key: entry.key })),
});

export const zipPlanLines = ({ path, bucket, stateMachineArn, files }: ZipPlan): string[] => [
  path,
  `  machine ${stateMachineArn}`,
  ...files.map(
    ({ file, table, entry }) =>
      `  ${oneLine(file.source.name)} (${rowCount(file.report.rows)} of ${oneLine(table)}) as s3://${bucket}/${entry.key}`,
  ),
];

/** What the import of a ZIP is about to change. */
export function zipChangeText({ path, files, former, jobId, record }: ZipPlan): string {
  const rows = files.reduce((sum, { file }) => sum + file.report.rows, 0);
  const what = `${unbroken(path)} (${files.length} files, ${rowCount(rows)})`;
  if (former !== undefined) return `resume the import of ${what}, ${former}`;
  return `import ${what}, one file after the other${record ? `, as the job ${jobId}` : ''}`;
}
