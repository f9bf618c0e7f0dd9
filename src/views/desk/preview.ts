import { type Json, parsedAsWritten } from '../../json/json.js';
import { jsonText } from '../../json/written.js';
import { payloadOf } from '../../workflow/answer/asked.js';
import type { Line } from '../states/segments.js';
import { truncate } from '../text/fit.js';
import { oneLine } from '../text/safe-text.js';
import { zonedTime } from '../text/time.js';
import { foldedText } from './folded-text.js';
import { isExecution, isMachine, isStep } from './keys.js';
import type { DeskRow } from './lists.js';
import { stepName } from './lists.js';
import type { DeskView } from './state.js';

/** What is known of the chosen row, under the list: at most so many lines. */
export function previewLines(row: DeskRow, { columns, utc }: DeskView, most: number): Line[] {
  const text = (value: string, style: Partial<Line[number]> = {}): Line => [
    { text: truncate(`  ${value}`, columns), ...style },
  ];
  const rule: Line = [{ text: '─'.repeat(columns), dim: true }];
  if (isExecution(row)) {
    const { executionArn, startDate, requestId, error, why } = row;
    const reason = [error === why ? '' : error, why].filter(Boolean).join(': ');
    return [
      rule,
      text(executionArn, { dim: true }),
      text(
        reason === ''
          ? `started ${zonedTime(startDate, { utc })}${requestId ? `  request ${oneLine(requestId)}` : ''}`
          : oneLine(reason),
        reason === '' ? { dim: true } : { color: 'red' },
      ),
    ].slice(0, most + 1);
  }
  if (isStep(row)) {
    const asked = row.asked === undefined ? undefined : payloadOf(parsedAsWritten(row.asked) ?? row.asked);
    const whole = asked === undefined ? '(nothing is known of what was asked)' : asText(asked);
    return [
      rule,
      text(`${oneLine(stepName(row))} of ${oneLine(row.machine)}  ${oneLine(row.execution.name)}`, {
        dim: true,
      }),
      ...foldedText(oneLine(whole), columns - 2)
        .slice(0, Math.max(1, most - 1))
        .map((line) => text(line)),
    ];
  }
  if (isMachine(row)) return [rule, text(row.stateMachineArn, { dim: true })];
  return [rule, text(`${row.kind}  ${oneLine(row.name)}  ${oneLine(row.key)}`, { dim: true })];
}

const asText = (asked: Json): string => (typeof asked === 'string' ? asked : jsonText(asked));
