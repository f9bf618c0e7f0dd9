import type { ShownBatch } from '../../operations/task/show-batch.js';
import { shellWord } from '../../workflow/names/shell-word.js';
import { count } from '../states/map-progress.js';
import { paint } from '../text/paint.js';
import type { TableLook } from '../text/table.js';
import { countFacts, failureLines, page } from './batch.js';

export const shownDocument = ({ bad, ...shown }: ShownBatch) => ({ ...shown, failures: bad });

export function shownLines(
  shown: ShownBatch,
  look: TableLook & { color: boolean },
  flagsForHints: string,
): string[] {
  const { batch, status, source, executions, items, bad, rerunOf, rerunBy } = shown;
  const facts: [string, string][] = [
    ['status', status],
    ...(source === undefined ? [] : [['file', source] as [string, string]]),
    ...countFacts(items, look.color),
    ...(items.running > 0 ? [['  running', count(items.running)] as [string, string]] : []),
    ...(executions.length > 0 ? [['executions', count(executions.length)] as [string, string]] : []),
    ...(rerunOf === undefined ? [] : [['rerun of', rerunOf] as [string, string]]),
    ...(rerunBy === undefined ? [] : [['rerun by', rerunBy] as [string, string]]),
  ];
  return page(paint(look.color).bold(batch), facts, failureLines(bad, look), next(shown, flagsForHints));
}

function next({ batch, status, executions, items, rerunBy, source }: ShownBatch, flags: string): string[] {
  const running = executions.filter((execution) => execution.status === 'RUNNING');
  if (rerunBy !== undefined) return [`mbc-flow task show ${shellWord(rerunBy)}${flags}`];
  if (status === 'NOT_ALL_STARTED') return [`the command that started it resumes it (${source})`];
  if (running[0]) return [`mbc-flow watch ${running[0].executionArn}${flags}`];
  if (items.succeeded === items.total) return [];
  return [`mbc-flow task start --rerun ${shellWord(batch)}${flags}`];
}
