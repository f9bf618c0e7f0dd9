import type { Json } from '../../json/json.js';
import { jsonText, parseOwn } from '../../json/lossless.js';
import type { PlannedEvent } from '../../operations/trigger/planned-event.js';
import type { DeliveredEvent } from '../../operations/trigger/trigger-events.js';
import { redactTokens } from '../../workflow/history/redact.js';
import { colors, glyphs, paint } from '../text/paint.js';
import { oneLine } from '../text/safe-text.js';
import type { Look } from '../text/status-look.js';

/** `trigger --dry-run -o json` of one record. */
export const plannedDocument = ({ event, filtered }: PlannedEvent, functionName: string) => ({
  dryRun: true,
  event: redacted(event),
  functionName,
  ...(filtered && { filtered }),
});

/** The event, and for whom; on two streams, as one may be meant for a file. */
export const plannedLines = (
  { event, title, filtered }: PlannedEvent,
  functionName: string,
): { event: string; fate: string } => ({
  event: jsonText(redacted(event), 2),
  fate: `${oneLine(title)}: ${filtered ? 'the filter would leave it out' : `would go to ${functionName}`}`,
});

/** `trigger -o json` of one record. */
export function triggeredDocument({ event, delivery, executions }: DeliveredEvent, functionName: string) {
  const told = { event: redacted(event), functionName };
  if (!delivery) return { ...told, filtered: true };
  const { statusCode, response, functionError, failure, returned } = delivery;
  return {
    ...told,
    statusCode,
    response: redacted(response),
    ...(functionError !== undefined && { functionError, message: redactTokens(failure?.message ?? '') }),
    ...(returned.length > 0 && { batchItemFailures: returned }),
    executions: executions.map(({ executionArn, name, status, startDate }) => ({
      executionArn,
      name,
      status,
      startDate: startDate.toISOString(),
    })),
  };
}

export function triggeredLines(
  { title, delivery, executions }: DeliveredEvent,
  functionName: string,
  color: boolean,
): string[] {
  const ink = paint(color);
  const line = (look: Look, text: string): string =>
    `${ink[colors[look]](glyphs[look])} ${oneLine(title)}: ${text}`;
  if (!delivery) return [line('plain', 'not delivered, the filter leaves it out')];
  const { failure, returned, response } = delivery;
  if (failure) {
    const type = failure.type === undefined ? '' : `${failure.type}: `;
    return [
      line('failed', `${shortName(functionName)} failed`),
      `  ${oneLine(redactTokens(`${type}${failure.message}`))}`,
      ...(failure.frame === undefined ? [] : [`  at ${failure.frame}`]),
    ];
  }
  if (returned.length > 0) {
    return [
      line(
        'failed',
        `${shortName(functionName)} gave it back (batchItemFailures): AWS would deliver it again`,
      ),
    ];
  }
  const text = jsonText(redacted(response));
  return [
    line('succeeded', `${shortName(functionName)} answered ${oneLine(text)}`),
    ...executions.map(({ executionArn, status }) => `  began ${executionArn} (${status})`),
  ];
}

const shortName = (functionName: string): string => functionName.replace(/^arn:.*?:function:/, '');

const redacted = (value: Json): Json => parseOwn(redactTokens(jsonText(value)));
