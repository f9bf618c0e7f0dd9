import type { Json } from '../../json/json.js';
import { jsonText } from '../../json/lossless.js';
import { typedName } from '../../workflow/names/typed-name.js';
import type { Line } from '../states/styled-lines.js';
import { oneLine } from '../text/safe-text.js';
import { zonedTime } from '../text/time.js';
import { truncate } from '../text/width.js';
import { foldedText } from './folded-text.js';
import { isExecution, isMachine, isStep } from './keys.js';
import type { DeskRow } from './lists.js';
import { sentTo, stepName } from './lists.js';
import type { DeskView } from './state.js';

/** What is known of the chosen row, under the list: at most so many lines. */
export function previewLines(row: DeskRow, { columns, utc }: DeskView, most: number): Line[] {
  const text = (value: string, style: Partial<Line[number]> = {}): Line => [
    { text: truncate(`  ${value}`, columns), ...style },
  ];
  const rule: Line = [{ text: '─'.repeat(columns), dim: true }];
  if (isExecution(row)) {
    const { executionArn, typed, startDate, requestId, error, why } = row;
    const reason = [error === why ? '' : error, why].filter(Boolean).join(': ');
    return [
      rule,
      ...wholeLines([executionArn, typed], columns, most - 1),
      text(
        reason === ''
          ? `started ${zonedTime(startDate, { utc })}${requestId ? `  request ${oneLine(requestId)}` : ''}`
          : oneLine(reason),
        reason === '' ? { dim: true } : { color: 'red' },
      ),
    ].slice(0, most + 1);
  }
  if (isStep(row)) {
    const asked = row.asked === undefined ? undefined : sentTo(row.asked);
    const whole = asked === undefined ? '(nothing is known of what was asked)' : asText(asked);
    return [
      rule,
      text(
        `${oneLine(stepName(row))} of ${oneLine(row.machine)}  ${oneLine(typedName(row.execution.executionArn))}`,
        {
          dim: true,
        },
      ),
      ...foldedText(oneLine(whole), columns - 2)
        .slice(0, Math.max(1, most - 1))
        .map((line) => text(line)),
    ];
  }
  if (isMachine(row)) return [rule, ...wholeLines([row.stateMachineArn, row.name], columns, most)];
  return [rule, text(`${row.kind}  ${oneLine(row.name)}`), ...wholeLines([row.key], columns, most - 1)];
}

/** The first of them that has room on so many lines, whole; else as much of the last as there is. */
function wholeLines(references: readonly string[], columns: number, most: number): Line[] {
  const folded = references.map((reference) => foldedText(oneLine(reference), columns - 2));
  const lines = folded.find((one) => one.length <= most) ?? folded.at(-1)?.slice(0, most) ?? [];
  return lines.map((line): Line => [{ text: `  ${line}`, dim: true }]);
}

const asText = (asked: Json): string => (typeof asked === 'string' ? asked : jsonText(asked));
