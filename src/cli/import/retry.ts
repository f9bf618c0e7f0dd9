import type { CsvCheckOptions } from '../../csv/check.js';
import { openSource } from '../../files/open-source.js';
import { planImport } from '../../operations/import/plan-import.js';
import { planRetry } from '../../operations/import/retry-import.js';
import type { Context } from '../shell/context.js';
import type { Target } from '../shell/target.js';
import { orderFor, planning } from './order.js';
import type { Import } from './run.js';

/** The import of the rows that failed in a former one; undefined where none did. */
export async function planRetried(
  context: Context,
  target: Target,
  reference: string,
  path: string | undefined,
  dialect: CsvCheckOptions,
  options: Record<string, unknown>,
): Promise<Import | undefined> {
  const executionArn = await target.executionArn(reference);
  const original = path === undefined ? undefined : await openSource(context.cwd, path);
  const retry = await planRetry(target.gateways, executionArn, original, dialect);
  if (!retry) {
    context.err.notice(
      `No row of ${executionArn} is known to have failed: there is nothing to import again.`,
    );
    context.out.json({ executionArn, retried: 0 });
    return undefined;
  }
  const { stateMachineArn, bucket, table, tenant, sourceId, attributes, file, unknown } = retry;
  if (unknown > 0)
    context.err.notice(`What became of ${unknown} rows is not known: they are not sent again.`);
  const order = await orderFor(target, options, { stateMachineArn, bucket });
  const plan = await planImport(
    file,
    {
      ...order,
      table,
      tenant: order.tenant ?? tenant,
      sourceId: order.sourceId ?? sourceId,
      attributes: { ...attributes, ...order.attributes },
    },
    planning(context, target),
  );
  return { file, plan };
}
