import { t } from '../../text/index.js';

const fates = ['total', 'succeeded', 'queued', 'failed', 'failedLater', 'deadLettered', 'unknown'] as const;

/** They add up to `total`; those that are none are left out. */
export function RowCounts({ rows }: { rows: Partial<Record<(typeof fates)[number], number>> }) {
  const words = t().imports.fates;
  return (
    <dl class="counts">
      {fates
        .filter((fate) => fate === 'total' || fate === 'succeeded' || (rows[fate] ?? 0) > 0)
        .map((fate) => (
          <div key={fate} class={isBad(fate) ? 'look-failed' : ''}>
            <dt>{words[fate]}</dt>
            <dd>{(rows[fate] ?? 0).toLocaleString('en-US')}</dd>
          </div>
        ))}
    </dl>
  );
}

const isBad = (fate: string): boolean => ['failed', 'failedLater', 'deadLettered', 'unknown'].includes(fate);
