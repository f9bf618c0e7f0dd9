import { useState } from 'preact/hooks';
import type { PausedRow } from '../../../api.js';
import { target } from '../../core/target.js';
import { t } from '../../text/index.js';
import { Button } from '../../ui/button.js';
import { tellFailure } from '../../ui/notices.js';
import { answerWith } from './send-answer.js';

interface BulkProps {
  steps: readonly PausedRow[];
  onSelectAll: () => void;
  onClear: () => void;
  onDone: () => void;
}

/** The same answer to several. A rejection says why, so it is given one by one. */
export function PausedBulk({ steps, onSelectAll, onClear, onDone }: BulkProps) {
  const [busy, setBusy] = useState(false);
  const words = t().paused;
  const approve = (): void => {
    setBusy(true);
    answerWith(steps, { verb: 'approve' })
      .then((answered) => answered && onDone())
      .catch(tellFailure)
      .finally(() => setBusy(false));
  };
  return (
    <div class="bulk" role="group" aria-label={t().executions.selected(steps.length)}>
      <strong>{t().executions.selected(steps.length)}</strong>
      <Button kind="quiet" onClick={onSelectAll}>
        {t().executions.selectAll}
      </Button>
      <Button kind="quiet" onClick={onClear}>
        {t().executions.unselect}
      </Button>
      <div class="actions">
        <Button
          icon="check"
          kind="main"
          disabled={busy || target.value?.readOnly === true}
          onClick={approve}
        >{`${words.verbs.approve} (${steps.length})`}</Button>
      </div>
    </div>
  );
}
