import { takeComparison, takeCondition, type ValueTest } from './comparison.js';
import { invalidPattern, type Matcher, Scanner } from './scanner.js';

const ellipsis = '...';
/** A field's test; undefined: any value. */
type Field = ValueTest | undefined | typeof ellipsis;

/** Unquoted values go on to the next comma or operator. */
const bareValue = /[^\s,"%&|()[\]=!<>]+/y;

/** `[ip, user = f*, ..., status = 4* || status = 5*, bytes > 1000]`: events whose fields are parted by blanks. */
export function fieldsPattern(text: string): Matcher {
  const scanner = new Scanner(text);
  scanner.expect(/\[/y);
  const fields: Field[] = [];
  do fields.push(takeField(scanner));
  while (scanner.take(/,/y));
  scanner.expect(/\]/y);
  const gap = fields.indexOf(ellipsis);
  if (!scanner.atEnd() || fields.lastIndexOf(ellipsis) !== gap) throw invalidPattern();
  const before = tests(gap < 0 ? fields : fields.slice(0, gap));
  const after = tests(gap < 0 ? [] : fields.slice(gap + 1));
  // Without an ellipsis a last field that may be anything is all that is left.
  const open = gap >= 0 || before.at(-1) === undefined;
  return (message) => {
    const values = fieldsOf(message);
    const least = before.length + after.length;
    if (values.length < least || (!open && values.length > least)) return false;
    const tail = values.slice(values.length - after.length);
    return matches(before, values) && matches(after, tail);
  };
}

function takeField(scanner: Scanner): Field {
  if (scanner.take(/\.\.\./y)) return ellipsis;
  // A name that stands alone.
  if (scanner.take(/[\w-]*(?=\s*[,\]])/y)) return undefined;
  return takeCondition<string | number | boolean>(scanner, () => {
    scanner.expect(/[\w-]+/y);
    return takeComparison(scanner, bareValue);
  });
}

const tests = (fields: Field[]): (ValueTest | undefined)[] =>
  fields.filter((field): field is ValueTest | undefined => field !== ellipsis);

const matches = (fields: (ValueTest | undefined)[], values: string[]): boolean =>
  fields.every((test, index) => test === undefined || test(values[index] ?? ''));

const anyField = /"((?:[^"\\]|\\.)*)"|\[([^\]]*)\]|\S+/g;
/** Behind the last `]`, where each `[` would look for its own to the end. */
const lastFields = /"((?:[^"\\]|\\.)*)"|\S+/g;

/** What stands between quotes or brackets is one field. */
function fieldsOf(message: string): string[] {
  const fields: string[] = [];
  const lastBracket = message.lastIndexOf(']');
  for (let at = 0; ; ) {
    const field = at <= lastBracket ? anyField : lastFields;
    field.lastIndex = at;
    const found = field.exec(message);
    if (!found) return fields;
    const [whole, inQuotes, inBrackets] = found;
    fields.push(inQuotes ?? inBrackets ?? whole);
    at = field.lastIndex;
  }
}
