import { useEffect, useState } from 'preact/hooks';
import type { FailedRowsDocument, ImportRunRow } from '../../../api.js';
import { get, request } from '../../core/api.js';
import { go, pathTo } from '../../core/router.js';
import { target } from '../../core/target.js';
import { t } from '../../text/index.js';
import { Button } from '../../ui/button.js';
import { tellFailure } from '../../ui/notices.js';
import { Trouble } from '../../ui/page.js';
import { ColumnHeads } from './column-heads.js';
import { csvText } from './csv-text.js';
import { uploaded } from './draft.js';
import { startImport } from './start-import.js';

/** The rows that failed, with their cells and their lines in the file: to be corrected here, or in the file. */
export function FailedRows({ run }: { run: ImportRunRow }) {
  const [failed, setFailed] = useState<FailedRowsDocument>();
  const [trouble, setTrouble] = useState<unknown>();
  const [edited, setEdited] = useState<ReadonlyMap<number, readonly string[]>>(new Map());
  const [busy, setBusy] = useState(false);
  const words = t().imports;
  useEffect(() => {
    get<FailedRowsDocument>(`/api/imports/runs/${run.id}/failed`).then(setFailed).catch(setTrouble);
  }, [run.id]);
  if (trouble !== undefined) return <Trouble error={trouble} />;
  if (!failed || failed.rows.length === 0) return null;
  const cellsOf = (line: number, cells: readonly string[]): readonly string[] => edited.get(line) ?? cells;
  const edit = (line: number, cells: readonly string[], index: number, text: string): void => {
    const next = failed.columns.map((_, at) => (at === index ? text : (cellsOf(line, cells)[at] ?? '')));
    setEdited(new Map(edited).set(line, next));
  };
  const again = async (): Promise<void> => {
    const rows = failed.rows.map(({ line, cells }) => cellsOf(line, cells));
    const name = correctedName(run.file);
    const sent = await uploaded(new Blob([csvText(failed.columns, rows)]), name);
    const started = await startImport({
      upload: sent.upload,
      name,
      table: run.table ?? '',
      encoding: 'utf-8',
      delimiter: ',',
    });
    if (started) go(pathTo.job(started.id));
  };
  const busily = (work: () => Promise<void>): void => {
    setBusy(true);
    work()
      .catch(tellFailure)
      .finally(() => setBusy(false));
  };
  return (
    <section class="block">
      <h2>{words.failedRows}</h2>
      <p class="muted">{words.correct}</p>
      <div class="scrolls" tabIndex={0} role="region" aria-label={words.failedRows}>
        <table class="corrected">
          <thead>
            <tr>
              <th scope="col">{words.line}</th>
              <th scope="col">{words.reason}</th>
              <ColumnHeads names={failed.columns} />
            </tr>
          </thead>
          <tbody>
            {failed.rows.map(({ line, reason, cells }) => (
              <tr key={line} class={edited.has(line) ? 'edited' : ''}>
                <th scope="row">{line}</th>
                <td class="why look-failed">{reason}</td>
                {failed.columns.map((name, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: cells have no other name
                  <td key={index}>
                    <input
                      value={cellsOf(line, cells)[index] ?? ''}
                      spellcheck={false}
                      aria-label={words.cell(name, line)}
                      onInput={(event) => edit(line, cells, index, event.currentTarget.value)}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {failed.more && <p class="muted">{words.moreFailed}</p>}
      <div class="actions">
        <Button
          kind="main"
          disabled={busy || failed.more || target.value?.readOnly === true}
          onClick={() => busily(again)}
        >
          {words.importCorrected}
        </Button>
        <Button icon="download" disabled={busy} onClick={() => busily(() => download(run))}>
          {words.download}
        </Button>
      </div>
    </section>
  );
}

const correctedName = (file: string): string => file.replace(/(\.[^.]*)?$/, '-corrected.csv');

/** Through the API with the token, then from this page's memory. */
async function download({ id, file }: ImportRunRow): Promise<void> {
  const response = await request(`/api/imports/runs/${id}/failed.csv`);
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = file.replace(/(\.[^.]*)?$/, '-failed.csv');
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
