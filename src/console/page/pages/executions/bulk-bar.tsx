import { useState } from 'preact/hooks';
import type { DoneDocument, ExecutionRow } from '../../../api.js';
import { post } from '../../core/api.js';
import { target } from '../../core/target.js';
import { t } from '../../text/index.js';
import { saidText } from '../../text/translations/page-language.js';
import { Button } from '../../ui/button.js';
import { confirmChange } from '../../ui/dialog.js';
import { tell, tellBad, tellFailure } from '../../ui/notices.js';

interface BulkProps {
  selected: readonly ExecutionRow[];
  onSelectAll: () => void;
  onDone: () => void;
}

/** Of one request to the server. */
const AT_ONCE = 200;

export function BulkBar({ selected, onSelectAll, onDone }: BulkProps) {
  const [busy, setBusy] = useState(false);
  const words = t().executions;
  const running = selected.filter(({ status }) => status === 'RUNNING');
  const bad = selected.filter(({ status }) => ['FAILED', 'TIMED_OUT', 'ABORTED'].includes(status));
  const readOnly = target.value?.readOnly === true;

  const act = async (verb: 'stop' | 'redrive', rows: readonly ExecutionRow[]): Promise<void> => {
    const name = target.value?.name ?? '';
    const stops = verb === 'stop';
    const confirm = await confirmChange({
      title: stops ? words.confirmStop(rows.length, name) : words.confirmRedrive(rows.length, name),
      children: (
        <>
          <p>{stops ? words.stopWhat : words.redriveWhat}</p>
          <Names rows={rows} />
        </>
      ),
      action: stops ? words.stop : words.redrive,
      danger: stops,
    });
    if (confirm === undefined) return;
    setBusy(true);
    try {
      const results: DoneDocument['results'] = [];
      for (let at = 0; at < rows.length; at += AT_ONCE) {
        const executions = rows.slice(at, at + AT_ONCE).map(({ executionArn }) => executionArn);
        const done = await post<DoneDocument>(`/api/executions/${verb}`, { executions, confirm });
        results.push(...done.results);
      }
      const failed = results.filter(({ error }) => error);
      const count = results.length - failed.length;
      if (count > 0) tell(stops ? words.stopped(count) : words.redriven(count));
      if (failed[0]?.error)
        tellBad(words.notDone(failed.length, saidText(failed[0].error.message, failed[0].error.code)));
      onDone();
    } catch (error) {
      tellFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div class="bulk" role="group" aria-label={words.selected(selected.length)}>
      <strong>{words.selected(selected.length)}</strong>
      <Button kind="quiet" onClick={onSelectAll}>
        {words.selectAll}
      </Button>
      <Button kind="quiet" onClick={onDone}>
        {words.unselect}
      </Button>
      <div class="actions">
        <Button
          icon="redrive"
          disabled={busy || readOnly || bad.length === 0}
          onClick={() => void act('redrive', bad)}
        >
          {`${words.redrive} (${bad.length})`}
        </Button>
        <Button
          icon="stop"
          kind="danger"
          disabled={busy || readOnly || running.length === 0}
          onClick={() => void act('stop', running)}
        >
          {`${words.stop} (${running.length})`}
        </Button>
      </div>
    </div>
  );
}

/** Which ones are meant: some of them, where there are many. */
function Names({ rows }: { rows: readonly ExecutionRow[] }) {
  const shown = rows.slice(0, 8);
  return (
    <ul class="names">
      {shown.map(({ executionArn, stateMachineName, name }) => (
        <li key={executionArn}>
          <span class="muted">{stateMachineName} </span>
          {name}
        </li>
      ))}
      {rows.length > shown.length && <li class="muted">{t().shell.moreItems(rows.length - shown.length)}</li>}
    </ul>
  );
}
