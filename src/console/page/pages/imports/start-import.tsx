import type { ImportPlanDocument, ImportRunRow } from '../../../api.js';
import { ApiError, post } from '../../core/api.js';
import { target } from '../../core/target.js';
import { t } from '../../text/index.js';
import { confirmChange } from '../../ui/dialog.js';
import type { Dialect } from './dialect-form.js';

interface Order extends Dialect {
  upload: string;
  name: string;
  table: string;
}

const MOST_KEYS = 10;

/** Says what will happen and what it costs, asks, and starts. Undefined: declined. @throws ApiError */
export async function startImport(order: Order): Promise<ImportRunRow | undefined> {
  try {
    return await ask(order, false);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'AlreadyImported') throw error;
    return await ask(order, true);
  }
}

async function ask({ name, ...order }: Order, again: boolean): Promise<ImportRunRow | undefined> {
  const body = { ...order, ...(again && { again }) };
  const planned = await post<ImportPlanDocument>('/api/imports/plan', body);
  const words = t().imports;
  const confirm = await confirmChange({
    title: words.ask(name, target.value?.name ?? ''),
    children: <Plan planned={planned} table={order.table} again={again} />,
    action: words.start,
  });
  if (confirm === undefined) return undefined;
  return await post<ImportRunRow>('/api/imports/start', { ...body, confirm });
}

function Plan({
  planned: { bucket, keys, rows, stateMachineArn, cost, lost },
  table,
  again,
}: {
  planned: ImportPlanDocument;
  table: string;
  again: boolean;
}) {
  const words = t().imports;
  return (
    <>
      {again && <p class="look-waiting">{words.again}</p>}
      {lost.cut + lost.filled > 0 && <p class="look-waiting">{words.lost(lost.cut, lost.filled)}</p>}
      <dl class="facts">
        <div>
          <dt>{words.imports}</dt>
          <dd>{table === '' ? words.filesIn(keys.length, rows) : words.into(rows, table)}</dd>
        </div>
        <div>
          <dt>{words.object}</dt>
          <dd class="mono">
            {keys.slice(0, MOST_KEYS).map((key) => (
              <div key={key}>{`s3://${bucket}/${key}`}</div>
            ))}
            {keys.length > MOST_KEYS && t().shell.moreItems(keys.length - MOST_KEYS)}
          </dd>
        </div>
        <div>
          <dt>{words.machine}</dt>
          <dd class="mono">{stateMachineArn.split(':').at(-1)}</dd>
        </div>
        <div>
          <dt>{words.takes}</dt>
          <dd>{words.cost(cost.transitions, cost.children, cost.usd)}</dd>
        </div>
      </dl>
    </>
  );
}
