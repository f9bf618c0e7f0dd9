import { t } from '../../../text/index.js';
import { Sign } from '../../../ui/status-icon.js';
import type { TreeRow } from './tree-row.js';

/** What a row of the timeline is called. */
export function nameOfStep({ kind, name = '', index = 0, executionArn }: TreeRow): string {
  return kind === 'state' || executionArn !== undefined ? name : t().execution.kinds[kind](index);
}

/** Sign of how a step stands, with the word for those who listen. */
export function StepSign({ look }: { look: TreeRow['look'] }) {
  const shown = look === 'caught' || look === 'retrying' ? 'waiting' : look;
  return (
    <span class={`status ${shown}`}>
      <Sign look={look} size={14} word={t().execution.looks[look]} />
    </span>
  );
}
