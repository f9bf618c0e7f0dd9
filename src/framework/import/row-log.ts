import { isObject, type Json } from '../../json/json.js';
import { readLogLine } from '../../workflow/history/json-in-log-line.js';
import { decodeLine } from '../../workflow/logs/decode-line.js';
import { joinedEntries } from '../../workflow/logs/nestjs-lines.js';

/** A row of its batch that a function's log tells of. */
export interface LoggedRow {
  /** In the batch, from 0. */
  index: number;
  reason: string;
  /** The row itself, where the log has it: surer than its number. */
  item?: Json;
}

/**
 * The rows that one invocation refused, from its lines in their order. The framework logs `Row 3 failed
 * transform/validate.`, counted from 1, and `{item, error}`: in the same line or, through its own logger, in the next;
 * locally over several lines.
 */
export function refusedRows(messages: string[]): LoggedRow[] {
  const rows: LoggedRow[] = [];
  let waiting: LoggedRow | undefined;
  for (const message of joinedEntries(messages)) {
    const words = rowWords.exec(message);
    const why = whyIn(message);
    if (words && isTrouble(message)) {
      const row = { index: Number(words[1]) - 1, reason: `${words[2]}`.trim(), ...why };
      rows.push(row);
      waiting = why ? undefined : row;
    } else {
      if (waiting && why) Object.assign(waiting, why);
      waiting = undefined;
    }
  }
  return rows;
}

/** Up to what ends the sentence in JSON, in a quoted string or before an object. */
const rowWords = /\bRow (\d+) ((?:failed|exceeds)\b[^"'`{\n]*)/;

/** The event itself may be logged too, with whatever its cells say. */
function isTrouble(message: string): boolean {
  const decoded = decodeLine(message);
  return decoded.kind === 'function' && !/^(TRACE|DEBUG|INFO)$/.test(decoded.level ?? '');
}

function whyIn(message: string): Pick<LoggedRow, 'reason' | 'item'> | undefined {
  const json = readLogLine(message);
  return (json !== undefined && whyInJson(json)) || whyInText(message);
}

/** The object with an `error`, however deep the logger wraps it. */
function whyInJson(json: Json): Pick<LoggedRow, 'reason' | 'item'> | undefined {
  if (!isObject(json)) return undefined;
  const { error, item } = json;
  const reason = isObject(error) ? (error.message ?? error.errorMessage) : error;
  if (typeof reason === 'string') return { reason, ...(item !== undefined && { item }) };
  for (const inner of Object.values(json)) {
    const found = whyInJson(inner);
    if (found) return found;
    const text = typeof inner === 'string' ? whyInText(inner) : undefined;
    if (text) return text;
  }
  return undefined;
}

/** As Node.js writes an object for people: `{ item: {…}, error: 'it\'s empty' }`, or an Error with its stack. */
const inspected =
  /\berror: (?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`|\w*Error: ([^\n]*))/g;

function whyInText(text: string): Pick<LoggedRow, 'reason'> | undefined {
  const [, ...quoted] = [...text.matchAll(inspected)].at(-1) ?? [];
  const reason = quoted.find((one) => one !== undefined);
  return reason === undefined
    ? undefined
    : { reason: reason.replace(/\\(['"`\\])/g, '$1').replace(/\\n/g, '\n') };
}
