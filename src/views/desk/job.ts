import { executionParts } from '../../workflow/names/arn.js';
import type { Line } from '../states/styled-lines.js';
import { colors, glyphs } from '../text/paint.js';
import { oneLine, unbroken } from '../text/safe-text.js';
import { type Look, statusLook } from '../text/status-look.js';
import { truncate } from '../text/width.js';
import { movedBy } from '../watch/cursor.js';
import { roomIn } from './scroll.js';
import type { DeskView, JobNamed, JobPlace } from './state.js';

/** A line of an import or a batch; Enter opens what it stands for. */
interface JobLine {
  line: Line;
  execution?: { executionArn: string; status?: string };
  file?: JobNamed;
}

/** Of a job's status, or of an execution's. */
export const lookOfJob = (status: string): Look =>
  status === 'COMPLETED'
    ? 'succeeded'
    : status === 'PROCESSING'
      ? 'running'
      : (statusLook[status] ?? 'plain');

function jobRows({ job }: JobPlace, view: DeskView): JobLine[] {
  const opened = view.jobs.get(job.key);
  const { columns, utc, now } = view;
  const text = (value: string, style = {}): JobLine => ({ line: [{ text: `  ${value}`, ...style }] });
  if (!opened?.text) {
    const trouble = opened?.trouble;
    return [text(''), text(oneLine(trouble ?? 'Reading…'), trouble ? { color: 'yellow' } : { dim: true })];
  }
  const status = (value?: string): string =>
    value === undefined ? '' : `${glyphs[lookOfJob(value)]} ${value.padEnd(9)}  `;
  const colorOf = (value = '') => ({ color: colors[lookOfJob(value)] });
  return [
    ...opened.text({ columns: columns - 2, utc, now }).map((line) => text(unbroken(line))),
    ...(opened.trouble === undefined ? [] : [text(oneLine(opened.trouble), { color: 'yellow' })]),
    ...(opened.executions.length + opened.files.length > 0 ? [text('')] : []),
    ...opened.executions.map((execution): JobLine => {
      const { name = execution.executionArn } = executionParts(execution.executionArn);
      const { line } = text(status(execution.status) + oneLine(name), colorOf(execution.status));
      return { line, execution };
    }),
    ...opened.files.map((file): JobLine => {
      const { line } = text(status(file.status) + oneLine(file.name ?? file.key), colorOf(file.status));
      return { line, file };
    }),
  ];
}

/** The chosen line: the first execution that is worth a look, until somebody moves. */
function chosenLine(rows: readonly JobLine[], at: number | undefined): number {
  if (at !== undefined) return Math.min(at, rows.length - 1);
  const opens = (row: JobLine): boolean => row.execution !== undefined || row.file !== undefined;
  const bad = rows.findIndex(({ execution, file }) => {
    const { status } = execution ?? file ?? {};
    return status !== undefined && !['SUCCEEDED', 'COMPLETED'].includes(status);
  });
  return Math.max(0, bad >= 0 ? bad : rows.findIndex(opens));
}

/** As many lines as there is room for: from the first one on, as long as the chosen one is among them. */
export function jobLines(place: JobPlace, view: DeskView, room: number): Line[] {
  const rows = jobRows(place, view);
  const at = chosenLine(rows, place.at);
  const from = Math.max(0, Math.min(at - room + 2, rows.length - room));
  return rows.slice(from, from + room).map(({ line }, index): Line => {
    const chosen = from + index === at;
    const [first = { text: '' }] = line;
    const text = truncate(first.text, view.columns);
    return chosen
      ? [
          { text: '❯ ', color: 'cyan' },
          { ...first, text: text.slice(2), bold: true },
        ]
      : [{ ...first, text }];
  });
}

/** The line that a key leads to; undefined: the key does not move. */
export function movedInJob(place: JobPlace, key: string, view: DeskView): number | undefined {
  const rows = jobRows(place, view);
  return movedBy(key, chosenLine(rows, place.at), rows.length, roomIn(view));
}

/** What the chosen line stands for; of a job with one execution, that. */
export function openedByJob(place: JobPlace, view: DeskView): Pick<JobLine, 'execution' | 'file'> {
  const rows = jobRows(place, view);
  const row = rows[chosenLine(rows, place.at)];
  if (row?.execution || row?.file) return row;
  const { executions = [] } = view.jobs.get(place.job.key) ?? {};
  return executions.length === 1 ? { execution: executions[0] } : {};
}
