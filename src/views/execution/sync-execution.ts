import type { SyncExecution } from '../../ports/aws.js';
import { decodeFailure } from '../../workflow/failure/cause.js';
import { redactTokens } from '../../workflow/history/redact.js';
import { formatDuration } from '../text/duration.js';
import { colors, glyphs, paint } from '../text/paint.js';
import { oneLine } from '../text/safe-text.js';
import { statusLook } from '../text/status-look.js';

/** `start --follow -o json` of an EXPRESS machine: fields as `show` has them. */
export const executionDocumentOf = (ended: SyncExecution) => ({
  executionArn: ended.executionArn,
  name: ended.name ?? null,
  status: ended.status,
  startDate: ended.startDate.toISOString(),
  stopDate: ended.stopDate.toISOString(),
  failure:
    ended.status === 'SUCCEEDED'
      ? null
      : {
          stateName: null,
          error: ended.error ?? null,
          cause: ended.cause === undefined ? null : redactTokens(ended.cause),
          message: decodeFailure(ended.error, ended.cause).message,
        },
  output: ended.output === undefined ? null : redactTokens(ended.output),
});

export function executionOutcomeLines(ended: SyncExecution, color: boolean): string[] {
  const look = statusLook[ended.status] ?? 'plain';
  const took = formatDuration(ended.stopDate.getTime() - ended.startDate.getTime());
  const told =
    ended.status === 'SUCCEEDED' ? (ended.output ?? '') : decodeFailure(ended.error, ended.cause).message;
  return [
    paint(color)[colors[look]](`${glyphs[look]} ${ended.status} after ${took}`),
    ended.executionArn,
    ...(told === '' ? [] : [oneLine(redactTokens(told))]),
  ];
}
