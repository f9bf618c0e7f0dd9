import { useEffect, useState } from 'preact/hooks';
import type { ImportCheckDocument } from '../../../api.js';
import { post } from '../../core/api.js';
import { go, pathTo } from '../../core/router.js';
import { t } from '../../text/index.js';
import { Button } from '../../ui/button.js';
import { Icon } from '../../ui/icon.js';
import { tellFailure } from '../../ui/notices.js';
import { Loading, Trouble } from '../../ui/page.js';
import { type Dialect, DialectForm } from './dialect-form.js';
import { draft as current, type Draft } from './draft.js';
import { Findings } from './findings.js';
import { Preview } from './preview.js';
import { startImport } from './start.js';

/** The check of a file, in its rows; how it is read can be changed, and then it is started. */
export function DraftPanel({ draft }: { draft: Draft }) {
  const { upload, name } = draft;
  const [dialect, setDialect] = useState<Dialect>({});
  const [table, setTable] = useState(draft.table ?? name.replace(/\.[^.]*$/, ''));
  const [checked, setChecked] = useState<ImportCheckDocument>();
  const [trouble, setTrouble] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const words = t().imports;
  useEffect(() => {
    const left = new AbortController();
    setTrouble(undefined);
    post<ImportCheckDocument>('/api/imports/check', { upload, ...dialect }, { signal: left.signal })
      .then(setChecked)
      .catch((error: unknown) => {
        if (!left.signal.aborted) setTrouble(error);
      });
    return () => left.abort();
  }, [upload, dialect]);
  const close = (): void => {
    current.value = undefined;
  };
  const start = (): void => {
    setBusy(true);
    startImport({ upload, name, table, ...dialect })
      .then((run) => {
        if (!run) return;
        close();
        go(pathTo.job(run.id));
      })
      .catch(tellFailure)
      .finally(() => setBusy(false));
  };
  const check = checked?.check;
  return (
    <section class="draft" aria-label={name}>
      <header>
        <h2>{name}</h2>
        {check && (
          <span class={check.ok ? 'look-succeeded' : 'look-failed'}>
            <Icon name={check.ok ? 'check' : 'warning'} /> {check.ok ? words.good : words.bad}
          </span>
        )}
        {check && <span class="muted">{words.size(check.rows, check.columns.length)}</span>}
        <div class="actions">
          <Button onClick={close}>{t().shell.cancel}</Button>
          <Button kind="main" disabled={busy || !check?.ok} onClick={start}>
            {words.import}
          </Button>
        </div>
      </header>
      {trouble !== undefined && <Trouble error={trouble} />}
      {!check && trouble === undefined && <Loading />}
      {check && checked && (
        <>
          <DialectForm
            check={check}
            dialect={dialect}
            onDialect={setDialect}
            table={table}
            onTable={setTable}
          />
          <Findings problems={check.problems} />
          <Preview
            columns={check.columns}
            rows={checked.preview}
            problems={check.problems}
            all={check.rows}
          />
        </>
      )}
    </section>
  );
}
