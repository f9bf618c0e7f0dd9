import type { EachResult, EachTally } from '../../operations/start/start-each.js';
import { decodeFailure } from '../../workflow/failure/cause.js';
import { redactTokens } from '../../workflow/history/redact.js';
import { count } from '../states/map-progress.js';
import { formatDuration } from '../text/duration.js';
import { colors, glyphs, paint } from '../text/paint.js';
import { oneLine } from '../text/safe-text.js';
import { statusLook } from '../text/status-look.js';

/** One line of `start --each -o ndjson`. */
export const eachDocument = ({ index, line, name, executionArn, former, ended, error }: EachResult) => ({
  index,
  line,
  name,
  executionArn: executionArn ?? null,
  former,
  ...(ended && {
    status: ended.status,
    startDate: ended.startDate.toISOString(),
    stopDate: ended.stopDate?.toISOString() ?? null,
    output: ended.output === undefined ? null : redactTokens(ended.output),
    ...(ended.status !== 'SUCCEEDED' && {
      error: ended.error ?? null,
      message: decodeFailure(ended.error, ended.cause).message,
    }),
  }),
  ...(error && { error: error.code, message: error.message }),
});

/** `✔ line 12  SUCCEEDED after 1.2 s  inputs-9f86d081884c7d65`. */
export function eachLine({ line, name, former, ended, error }: EachResult, color: boolean): string {
  const ink = paint(color);
  const at = `line ${line}`;
  if (error) return ink.red(`${glyphs.failed} ${at}  not started: ${oneLine(error.message)}`);
  const before = former ? '  (started before)' : '';
  if (!ended) return `${glyphs.running} ${at}  started  ${name}${before}`;
  const look = statusLook[ended.status] ?? 'plain';
  const took = formatDuration((ended.stopDate ?? ended.startDate).getTime() - ended.startDate.getTime());
  const { message } = decodeFailure(ended.error, ended.cause);
  const why = ended.status === 'SUCCEEDED' ? '' : `  ${oneLine(redactTokens(message))}`;
  return `${ink[colors[look]](`${glyphs[look]} ${at}  ${ended.status} after ${took}`)}  ${name}${before}${why}`;
}

/** `1,000 inputs: 990 started, 10 started before; 998 succeeded, 2 failed`. */
export function eachSummary(tally: EachTally, followed: boolean): string {
  const { total, started, former, notStarted, succeeded, failed } = tally;
  const parts = [
    `${count(started)} started`,
    ...(former > 0 ? [`${count(former)} started before`] : []),
    ...(notStarted > 0 ? [`${count(notStarted)} not started`] : []),
  ];
  const ends = followed ? `; ${count(succeeded)} succeeded, ${count(failed)} failed` : '';
  return `${count(total)} ${total === 1 ? 'input' : 'inputs'}: ${parts.join(', ')}${ends}`;
}
