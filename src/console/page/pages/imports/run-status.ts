import type { ImportRunRow } from '../../../api.js';
import { t } from '../../text/index.js';
import { saidText } from '../../text/translations/page-language.js';

/** As a status of Step Functions: the outcome counts, not the execution alone. */
export function statusOf({ phase, end }: ImportRunRow): string {
  if (phase === 'broken') return 'FAILED';
  if (!end) return 'RUNNING';
  return end.good ? 'SUCCEEDED' : end.status === 'SUCCEEDED' ? 'FAILED' : end.status;
}

/** What it is doing, or what came of it. */
export function phaseText(run: ImportRunRow): string {
  const { phase, progress, bytes, stored, rows, end, error, files } = run;
  const words = t().imports;
  if (end && !end.rows) return words.notStarted;
  if (end?.rows) {
    const { succeeded, queued } = end.rows;
    return words.result(succeeded + (end.until === 'queued' ? queued : 0), badRows(run));
  }
  if (phase === 'broken') return saidText(error?.message ?? '');
  if (phase === 'uploading' && bytes) return words.uploading(percent(bytes.done, bytes.total));
  if (phase === 'running' && files) return words.filesDone(files.done, files.ids.length);
  if (phase === 'running' && progress) return words.running(progress.succeeded + progress.failed, rows);
  if (phase === 'storing' && stored) return words.storing(stored.done, stored.of);
  return words.phases[phase];
}

/** 0 to 1; of one that ended badly, the share of rows that are in. */
export function ratioOf(run: ImportRunRow): number {
  const { phase, bytes, progress, stored, rows, end, files } = run;
  if (end?.good) return 1;
  if (end) return end.rows ? 1 - badRows(run) / Math.max(1, end.rows.total) : 0;
  if (phase === 'uploading') return bytes ? (0.2 * bytes.done) / Math.max(1, bytes.total) : 0;
  if (phase === 'storing' && stored) return 0.8 + (0.2 * stored.done) / Math.max(1, stored.of);
  if (files) return 0.2 + (0.6 * files.done) / Math.max(1, files.ids.length);
  const done = progress ? progress.succeeded + progress.failed : 0;
  return 0.2 + (0.6 * done) / Math.max(1, rows);
}

export const badRows = ({ end }: ImportRunRow): number =>
  end?.rows ? end.rows.failed + end.rows.failedLater + end.rows.deadLettered + end.rows.unknown : 0;

const percent = (done: number, total: number): number => Math.floor((100 * done) / Math.max(1, total));
