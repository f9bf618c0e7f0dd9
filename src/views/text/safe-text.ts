/** Among what is unseen, what other scripts and emoji are written with, where it stands as they have it. */
const WRITTEN = [
  // Emoji joined to one, in their coloured or plain form; keycaps.
  '(?<=[\\p{ExtPict}\\p{EMod}]\\ufe0f?)\\u200d(?=\\p{ExtPict})',
  '(?<=\\p{ExtPict})[\\ufe0e\\ufe0f]',
  '(?<=[0-9#*])\\ufe0f(?=\\u20e3)',
  // Variants of kanji and other letters.
  '(?<=\\p{Script=Han})[\\ufe00-\\ufe02\\u{e0100}-\\u{e01ef}]',
  '(?<=(?!\\p{DI})\\p{Script=Mongolian})[\\u180b-\\u180d\\u180f]',
  // Joiners behind a letter of Arabic, Indic and other scripts that join.
  '(?<=(?!\\p{DI})[\\u0590-\\u10ff\\u1200-\\u1cff\\ua800-\\uabff\\ufb1d-\\ufdff\\ufe70-\\ufefc\\u{10a00}-\\u{11fff}\\u{1e800}-\\u{1efff}])[\\u200c\\u200d]',
].join('|');

/**
 * What a terminal would obey or hide: controls but tab and newline, other line breaks, halves of characters, and all
 * that has no look of its own (Unicode's "default ignorable": marks of direction, fillers, tags, selectors).
 */
const UNSEEN = once(
  () =>
    new RegExp(
      `[\\0-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u2028\\u2029\\ufff9-\\ufffb\\p{Cs}\\p{NChar}]|(?=\\p{DI})(?!${WRITTEN})[^]`,
      'gu',
    ),
);

/** Any text as one can see it: what is unseen stands there as an escape, `\x1b` or `\u202e`. */
export const visible = (text: string): string =>
  /^[\t\n -~]*$/.test(text) ? text : text.replace(UNSEEN(), escaped);

/** The same on one line: line breaks and tabs become spaces. */
export const oneLine = (text: string): string => visible(text.replace(/[^\S\u3000\ufeff]+/g, ' ').trim());

/** The same of a line that has columns. */
export const unbroken = (text: string): string => visible(text.replace(/[\t\n]/g, ' '));

/** Known only to this process: no external text can imitate our styles. */
const MARK = once(() =>
  Array.from(crypto.getRandomValues(new Uint16Array(4)), (number) => number % 10_000).join(';'),
);
const STYLE = once(() => new RegExp(`\\u001b\\[(\\d+);${MARK()}m`));

/** One of our own colour codes, as `visibleStyled` knows it again. */
export const styleCode = (code: number): string => `\u001b[${code};${MARK()}m`;

/** The same for a line with our styles: only those affect the terminal. */
export const visibleStyled = (text: string): string =>
  text.includes('\u001b')
    ? text
        .split(STYLE())
        .map((part, index) => (index % 2 === 1 ? `\u001b[${part}m` : visible(part)))
        .join('')
    : visible(text);

/** The same data as JSON, of which nothing acts on a terminal. */
export const visibleJson = (json: string): string =>
  json.replace(UNSEEN(), (character) => {
    const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
  });

/** Made when it is needed: to make all of them takes some milliseconds of every command. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code === 0x0d) return '\\r';
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
