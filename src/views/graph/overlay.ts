import type { ExecutionModel, StateTotals } from '../../workflow/history/execution-model.js';
import { count } from '../states/map-progress.js';
import { formatDuration } from '../text/duration.js';
import type { Look } from '../text/status-look.js';

/** What ran, by state name. */
export type Overlay = Map<string, { look: Look; note: string }>;

/** Colours and notes for the states of an execution: how often each was entered, and how long it took in all. */
export function overlayOf(model: ExecutionModel): Overlay {
  return new Map(
    [...model.totals].map(([name, totals]) => [name, { look: lookOf(totals, model), note: noteOf(totals) }]),
  );
}

export function lookOf({ entered, exited, failed }: StateTotals, model: ExecutionModel): Look {
  if (exited < entered && model.status === 'RUNNING') return 'running';
  if (exited < entered) return failed > 0 ? 'failed' : model.status === 'SUCCEEDED' ? 'succeeded' : 'aborted';
  return failed > 0 ? 'caught' : 'succeeded';
}

function noteOf({ entered, failed, milliseconds, exited }: StateTotals): string {
  const notes: string[] = [];
  if (entered > 1) notes.push(`${count(entered)} ×`);
  if (exited > 0) notes.push(formatDuration(exited > 1 ? milliseconds / exited : milliseconds));
  if (failed > 0) notes.push(`${count(failed)} failed`);
  return notes.join('  ');
}
