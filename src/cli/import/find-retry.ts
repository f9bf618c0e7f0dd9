import type { CsvCheckOptions } from '../../csv/check.js';
import { openSource } from '../../files/open-source.js';
import { planRetry, type Retry } from '../../operations/import/retry-import.js';
import type { Context } from '../shell/context.js';
import type { Target } from '../shell/target.js';

/** The rows that failed in a former import; undefined where none did. */
export async function findRetry(
  context: Context,
  target: Target,
  reference: string,
  path: string | undefined,
  dialect: CsvCheckOptions,
): Promise<Retry | undefined> {
  const executionArn = await target.executionArn(reference);
  const original = path === undefined ? undefined : await openSource(context.cwd, path);
  const retry = await planRetry(target.gateways, executionArn, original, dialect);
  if (!retry) {
    context.err.notice(`No row of ${executionArn} is known to have failed; nothing to import again.`);
    context.out.document({ executionArn, retried: 0 });
  } else if (retry.unknown > 0) {
    context.err.notice(`The outcome of ${retry.unknown} rows is unknown; they are not sent again.`);
  }
  return retry;
}
