/** What a recording has for a text that differs from run to run: `<uuid:1>`, and some words. */
const PLACEHOLDERS =
  /(<(?:<[^<>]*>|[^<>])*>|activity_arn|map_run_arn|(?:lambda_)?function(?:_\d+)?_name|state-machine-arn|execution-arn|sqs_queue_url|(?<=^"?)(?:start-|stop-)?date(?="?$)|^datetime$|^timestamp$|^generated-uuid$|^RandomNumberGenerated$)/;

const MOMENT = '[\\w :.,+-]+';
const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/** What can stand in a placeholder's place, by its name. */
const SHAPES: [RegExp, string][] = [
  [/^uuid|^generated-uuid/, UUID],
  // S3 has its own.
  [/^request[-_]id/, `(?:${UUID}|[0-9A-Z]{16})`],
  [/^region/, 'us-east-1'],
  [/^partition/, 'aws'],
  [/account_id/, '\\d{12}'],
  [/date|^timestamp|time$/, MOMENT],
  [/^state-machine-arn/, 'arn:aws:states:us-east-1:\\d{12}:stateMachine:[\\w-]+'],
  [/^execution-arn/, 'arn:aws:states:us-east-1:\\d{12}:execution:[\\w:-]+'],
  [/^activity_arn/, 'arn:aws:states:us-east-1:\\d{12}:activity:[\\w-]+'],
  [/^map_run_arn/, 'arn:aws:states:us-east-1:\\d{12}:mapRun:[\\w./:-]+'],
  [/^RandomNumberGenerated/, '-?\\d+'],
  [/^omitted|^json-input/, '[\\s\\S]*'],
];
/** A name, an id, a part of an ARN or URL. */
const NAME = '[\\w:/.=+?&%@-]+';

/** These differ from place to place; all others stand for the same text wherever a recording has them. */
const LOOSE =
  /date|timestamp|time$|^request[-_]id|^extended|^omitted|^json-input|^generated|^Random|^map_run_arn/;

/** What placeholders stand for, as far as the comparison of a recording has come. */
export type Bound = Map<string, string>;

export const isPlaceholder = (text: string): boolean => PLACEHOLDERS.exec(text)?.[0] === text;

/** How many values of a recording cannot be told: what their placeholders stand for is nowhere fixed. */
export const maskedIn = (value: unknown): number =>
  (JSON.stringify(value).match(/"(?:[^"\\]|\\.)*"/g) ?? []).filter((text) =>
    text
      .slice(1, -1)
      .split(PLACEHOLDERS)
      .some((part, i) => i % 2 === 1 && LOOSE.test(part.replace(/^<+/, ''))),
  ).length;

/** Whether `actual` is the text that `expected` stands for; what its placeholders stand for is then bound. */
export function sameText(expected: string, actual: string, bound: Bound): boolean {
  if (expected === actual) return true;
  const parts = expected.split(PLACEHOLDERS);
  if (parts.length === 1) return false;
  const labels: string[] = [];
  const source = parts.map((part, i) => {
    if (i % 2 === 0) return literally(part);
    const name = part.replace(/^<+|[>:][\d>]*$/g, '');
    const known = bound.get(part);
    if (known !== undefined) return `"?(?:${part}|${literally(known)})"?`;
    labels.push(part);
    const shape = SHAPES.find(([names]) => names.test(name))?.[1] ?? NAME;
    // One that stood for a text inside of JSON has lost the quotation marks. An input may have it as it is.
    return `"?(${part}|${shape})"?`;
  });
  const found = new RegExp(`^${source.join('')}$`).exec(actual);
  if (!found) return false;
  const told = new Map<string, string>();
  for (const [index, label] of labels.entries()) {
    if (LOOSE.test(label.replace(/^<+/, ''))) continue;
    const value = found[index + 1] ?? '';
    if ((told.get(label) ?? value) !== value) return false;
    told.set(label, value);
  }
  for (const [label, value] of told) bound.set(label, value);
  return true;
}

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
