import { fieldsPattern } from './fields.js';
import { jsonPattern } from './json.js';
import { betweenPercents, type Matcher, quoted, regularExpression, Scanner, unescaped } from './scanner.js';

/**
 * A filter pattern of CloudWatch Logs, ready to match messages. Its first character tells its kind: JSON `{…}`,
 * fields `[…]`, else terms.
 * @throws AwsError InvalidParameterException, as AWS words it.
 */
export function compilePattern(pattern: string): Matcher {
  const text = pattern.trim();
  if (text.startsWith('{')) return jsonPattern(text);
  if (text.startsWith('[')) return fieldsPattern(text);
  return termsPattern(text);
}

/** `all of these -none "of those" ?or ?one ?of these`. */
function termsPattern(text: string): Matcher {
  const scanner = new Scanner(text);
  const terms = { all: [] as Matcher[], none: [] as Matcher[], some: [] as Matcher[] };
  while (!scanner.atEnd()) {
    const sign = scanner.take(/[?-]/y)?.[0];
    const term = takeTerm(scanner);
    (sign === '?' ? terms.some : sign === '-' ? terms.none : terms.all).push(term);
  }
  const { all, none, some } = terms;
  // Beside other terms, optional ones have no effect.
  const optional = all.length + none.length === 0 && some.length > 0;
  return (message) =>
    all.every((term) => term(message)) &&
    !none.some((term) => term(message)) &&
    (!optional || some.some((term) => term(message)));
}

function takeTerm(scanner: Scanner): Matcher {
  const phrase = scanner.take(quoted);
  if (phrase) {
    // A phrase of blanks alone matches everything.
    const wanted = unescaped(phrase[1] ?? '').trim() === '' ? '' : unescaped(phrase[1] ?? '');
    return (message) => message.includes(wanted);
  }
  const expression = scanner.take(betweenPercents);
  if (expression) {
    return regularExpression(expression[1] ?? '');
  }
  const word = scanner.take(/[\p{L}\p{N}_]+(?=\s|$)/uy)?.[0];
  if (word === undefined) throw scanner.invalidTerm();
  return (message) => message.includes(word);
}
