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
import { startImport } from './start-import.js';

/** The check of a file, in its rows; how it is read can be changed, and then it is started. */
export function DraftPanel({ draft }: { draft: Draft }) {
  const { upload, name } = draft;
  const [dialect, setDialect] = useState<Dialect>({});
  const [table, setTable] = useState(draft.table ?? name.replace(/\.[^.]*$/, ''));
  const [checked, setChecked] = useState<ImportCheckDocument>();
  const [trouble, setTrouble] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const words = t().imports;
  const zip = /\.zip$/i.test(name);
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
    startImport({ upload, name, table: zip ? '' : table, ...dialect })
      .then((run) => {
        if (!run) return;
        close();
        go(pathTo.job(run.id));
      })
      .catch(tellFailure)
      .finally(() => setBusy(false));
  };
  const files = checked?.files ?? [];
  const [only] = files;
  const ok = files.length > 0 && files.every(({ check }) => check.ok);
  const rows = files.reduce((sum, { check }) => sum + check.rows, 0);
  return (
    <section class="draft" aria-label={name}>
      <header>
        <h2>{name}</h2>
        {checked && (
          <span class={ok ? 'look-succeeded' : 'look-failed'}>
            <Icon name={ok ? 'check' : 'warning'} /> {ok ? words.good : words.bad}
          </span>
        )}
        {only && (
          <span class="muted">
            {zip ? words.filesIn(files.length, rows) : words.size(rows, only.check.columns.length)}
          </span>
        )}
        <div class="actions">
          <Button onClick={close}>{t().shell.cancel}</Button>
          <Button kind="main" disabled={busy || !ok} onClick={start}>
            {words.import}
          </Button>
        </div>
      </header>
      {trouble !== undefined && <Trouble error={trouble} />}
      {!checked && trouble === undefined && <Loading />}
      {only && !zip && (
        <DialectForm
          check={only.check}
          dialect={dialect}
          onDialect={setDialect}
          table={table}
          onTable={setTable}
        />
      )}
      {files.map(({ check, preview }) => (
        <FileCheck key={check.file} check={check} preview={preview} named={zip} />
      ))}
    </section>
  );
}

/** Of one file; those of a ZIP are `named`, and open where something was found. */
function FileCheck({ check, preview, named }: ImportCheckDocument['files'][number] & { named: boolean }) {
  const { file, problems, columns, rows, ok } = check;
  const findings = (
    <>
      <Findings problems={problems} />
      <Preview columns={columns} rows={preview} problems={problems} all={rows} />
    </>
  );
  if (!named) return findings;
  return (
    <details open={problems.length > 0}>
      <summary>
        {file.replace(/^.*!\//, '')}{' '}
        <span class={ok ? 'muted' : 'look-failed'}>
          {ok ? t().imports.size(rows, columns.length) : t().imports.bad}
        </span>
      </summary>
      <div class="block">{findings}</div>
    </details>
  );
}
