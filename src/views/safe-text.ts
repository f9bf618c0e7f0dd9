/**
 * What a terminal would obey or hide: controls but tab and newline, marks of direction, characters without width.
 * Joiners stay behind what they join: emoji, Arabic, Indic scripts.
 */
const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not reach the terminal
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|(?<=^|[\u0000-\u024f\u3000-\ud7ff])[\u200c\u200d]/gu;

/** Any text as one can see it: what is unseen stands there as an escape, `\x1b` or `\u202e`. */
export const visible = (text: string): string => text.replace(UNSEEN, escaped);

/** The colour codes that our own styles are made of. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape is what begins them
const STYLE = /(\u001b\[(?:0|1|2|22|3[1-6]|39|90)m)/;

/** The same for a line that has been styled already. */
export const visibleStyled = (text: string): string =>
  text.includes('\u001b')
    ? text
        .split(STYLE)
        .map((part, index) => (index % 2 === 1 ? part : visible(part)))
        .join('')
    : visible(text);

/** The same data as JSON, of which nothing acts on a terminal. */
export const visibleJson = (json: string): string =>
  json.replace(UNSEEN, (character) => {
    const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
  });

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code === 0x0d) return '\\r';
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
