/** What a text from outside may have in it to act on a terminal, to hide there, or to pass for something else. */
export const hostileTexts = [
  'red\u001b[31m text\u001b[0m',
  'bold\u001b[1mer\u001b[22m',
  'bright\u001b[91;5m text',
  'clears\u001b[2J\u001b[H',
  'title\u001b]0;owned\u0007',
  'link\u001b]8;;http://evil.example\u001b\\here\u001b]8;;\u001b\\',
  'device\u001bP1$r\u001b\\',
  'c1\u009b31mred\u009d0;t\u009c',
  'back\b\b\bspace',
  'return\rOVER',
  'line\nFORGED line',
  'line\u2028FORGED separator\u2029FORGED paragraph\u0085FORGED next',
  'form\fFORGED\vFORGED tab\tbell\u0007 nul\u0000 del\u007f',
  'override\u202egpj.exe',
  'isolate\u2066a\u2069 mark\u200f\u061c',
  'zero\u200bwidth\u2060\ufeff\u00ad',
  'joiners a\u200db 承\u200c認 👩\u200d',
  'graph\u034feme',
  'fillers \u115f\u1160\u3164\uffa0',
  'vowel\u180e\u180b',
  'tags\u{e0041}\u{e007f}',
  'selectors a\ufe0f r-1\ufe0e 認\ufe0f e\u{e0101}',
  'halves \ud83d x \udc00',
  'nothing \ufffe\uffff\u{1fffe}',
  'invisible\u2064plus\ufff9anno\ufffatated\ufffb\u{1d173}',
  '%% $$ `end` "q" \'q\' <b>&amp;</b> ]]> end',
  '絵文字👩‍🚀❤️‍🔥1️⃣ か\u3099 葛\u{e0100}城　全角 नि\u200dक',
];

/** The last of them has nothing to hide. */
export const ordinary = hostileTexts.at(-1) ?? '';

/** Code points that act on a terminal or have no look of their own. */
const unseen: [number, number?][] = [
  [0x00, 0x08],
  [0x0b, 0x1f],
  [0x7f, 0x9f],
  [0xad],
  [0x34f],
  [0x61c],
  [0x115f, 0x1160],
  [0x180b, 0x180f],
  [0x200b],
  [0x200e, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x3164],
  [0xd800, 0xdfff],
  [0xfeff],
  [0xffa0],
  [0xfff0, 0xfffb],
  [0xfffe, 0xffff],
  [0x1d173, 0x1d17a],
  [0x1fffe, 0x1ffff],
  [0xe0000, 0xe00ff],
];
/** Joiners and selectors have one only behind what they join or select. */
const alone =
  /(?<!\p{ExtPict}\ufe0f?|\p{Script=Devanagari}|\u094d)[\u200c\u200d]|\u200d(?!\p{ExtPict}|\p{Script=Devanagari})|(?<!\p{ExtPict}|[0-9](?=\ufe0f\u20e3))[\ufe00-\ufe0f]|(?<!\p{Script=Han})[\u{e0100}-\u{e01ef}]/gu;

const ESC = '\u001b';
const ours = new RegExp(`${ESC}\\[(?:1|2|22|3[1-6]|39|90)m`, 'g');
/** Codes that are ours too, but where a hostile text has them. */
const theirs = new RegExp(`${ESC}\\[(?:31m text|1mer)`, 'g');

/** What of a hostile text has come through: characters that act or hide, colours, lines that begin as it wants. */
export function leaks(shown: string): string[] {
  const text = shown.replace(ours, '');
  const characters = [...text].filter((character) => {
    const code = character.codePointAt(0) ?? 0;
    return unseen.some(([from, to = from]) => code >= from && code <= to);
  });
  const found = [...characters, ...(text.match(alone) ?? []), ...(shown.match(theirs) ?? [])];
  return [
    ...found.map((part) => [...part].map((character) => character.codePointAt(0)?.toString(16)).join(' ')),
    ...(text.match(/^\s{0,4}FORGED.*$/gm) ?? []),
  ];
}
