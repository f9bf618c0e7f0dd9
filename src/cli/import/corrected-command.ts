import type { ImportOrder, ImportPlan } from '../../operations/import/plan-import.js';
import { reasonColumn } from '../../operations/import/select-rows.js';
import { fileWord, shellWord } from '../../workflow/names/shell-word.js';
import type { Target } from '../shell/target.js';
import { delimiterWord } from './dialect.js';
import type { ImportOptions } from './import.js';

type Given = Pick<
  ImportOptions,
  'encoding' | 'delimiter' | 'fix' | 'bucket' | 'sse' | 'sseKmsKeyId' | 'via' | 'until'
>;

/**
 * What to type to import the failed rows once they are corrected: read as the file was, sent as it was. Its own name
 * would be taken for that of a table.
 */
export function correctedLine(
  failedRowsFile: string,
  { file: { dialect }, input }: Pick<ImportPlan, 'file' | 'input'>,
  { flagsForHints, tenant: own, loopback }: Pick<Target, 'flagsForHints' | 'tenant' | 'loopback'>,
  given: Given,
  { attributes }: Pick<ImportOrder, 'attributes'>,
): string {
  const { tenantCode = own } = input;
  // `local` stands in where a laptop has no tenant.
  const tenant = tenantCode === own || (loopback && tenantCode === 'local') ? undefined : tenantCode;
  const flags: [string, string | undefined][] = [
    ['--table', input.tableName ?? ''],
    ['--tenant', tenant],
    ['--encoding', given.encoding],
    ['--delimiter', given.delimiter && delimiterWord(given.delimiter)],
    ['--bucket', given.bucket],
    ['--sse', given.sse],
    ['--sse-kms-key-id', given.sseKmsKeyId],
    ['--via', given.via === 'auto' ? undefined : given.via],
    ['--until', given.until],
  ];
  const pairs = Object.entries(attributes).map(([name, value]) => shellWord(`${name}=${value}`));
  const words = [
    fileWord(failedRowsFile),
    ...flags.flatMap(([flag, value]) => (value === undefined ? [] : [flag, shellWord(value)])),
    ...headerWords(dialect.columns),
    ...(given.fix ? ['--fix'] : []),
    ...(pairs.length > 0 ? ['--attributes', ...pairs] : []),
  ];
  return `mbc-flow import ${words.join(' ')}${flagsForHints}`;
}

/** A file without a header has one more column now: the reason. */
function headerWords(columns: string[] | undefined): string[] {
  if (columns === undefined) return [];
  if (columns.every((name, index) => name === String(index + 1))) return ['--no-header'];
  return ['--columns', shellWord([...columns, reasonColumn(columns)].join(','))];
}
