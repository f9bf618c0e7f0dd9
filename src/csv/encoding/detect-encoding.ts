import { isAscii } from 'node:buffer';
import { isControl } from '../file-kind.js';

/** Encodings that files come in, as WHATWG labels. */
export interface DetectedEncoding {
  encoding: string;
  /** 0 to 1; 1 where the bytes leave no doubt. */
  confidence: number;
}

/** What people call an encoding, for messages. */
export function encodingName(label: string): string {
  const names: Record<string, string> = {
    shift_jis: 'Shift_JIS',
    'utf-16le': 'UTF-16 (little endian)',
    'utf-16be': 'UTF-16 (big endian)',
  };
  return names[label] ?? label.toUpperCase().replace(/^WINDOWS/, 'Windows');
}

/** Every encoding known here reads such bytes alike (UTF-16 apart, which the start of a file tells). */
export function isPlainAscii(bytes: Uint8Array): boolean {
  return isAscii(bytes) && !bytes.includes(escapeByte);
}

/** How many bytes are no plain ASCII. */
export function countTelling(bytes: Uint8Array): number {
  if (isPlainAscii(bytes)) return 0;
  let count = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte >= 0x80 || byte === escapeByte) count++;
  }
  return count;
}

/**
 * What the first bytes of a file say of its encoding by themselves: a byte order mark (`bom`), or the NULs of UTF-16.
 */
export function detectAtStart(head: Uint8Array): (DetectedEncoding & { bom: boolean }) | undefined {
  const [first, second, third] = head;
  const marked = (encoding: string) => ({ encoding, bom: true, confidence: 1 });
  if (first === 0xef && second === 0xbb && third === 0xbf) return marked('utf-8');
  if (first === 0xff && second === 0xfe) return marked('utf-16le');
  if (first === 0xfe && second === 0xff) return marked('utf-16be');
  if (!head.includes(0)) return undefined;
  const encoding = ['utf-16le', 'utf-16be'].find((label) => looksLikeUtf16(head, label));
  return encoding ? { encoding, bom: false, confidence: 0.95 } : undefined;
}

/**
 * The encoding of a sample that is not plain ASCII. A sample that fits nothing well is called UTF-8, so that the
 * bytes that are wrong in it are found and located.
 *
 * @param whole the sample reaches to the end of the file; else its last character may be cut
 */
export function detectEncoding(sample: Uint8Array, whole: boolean): DetectedEncoding {
  if (sample.includes(escapeByte) && hasJisEscape(sample) && decodes(sample, 'iso-2022-jp', whole)) {
    return { encoding: 'iso-2022-jp', confidence: 1 };
  }
  if (decodes(sample, 'utf-8', whole)) return { encoding: 'utf-8', confidence: 1 };
  if (isBrokenUtf8(sample)) return { encoding: 'utf-8', confidence: 0.8 };
  const eucJp = soundness(sample, 'euc-jp', whole) * plausibility(sample, eucJpCharacter);
  const shiftJis = soundness(sample, 'shift_jis', whole) * plausibility(sample, shiftJisCharacter);
  // Equal: two half-width kana of Shift_JIS are one kanji of EUC-JP, and kanji are likelier.
  if (eucJp >= shiftJis && eucJp > 0.5) return { encoding: 'euc-jp', confidence: margin(eucJp, shiftJis) };
  if (shiftJis > 0.5) return { encoding: 'shift_jis', confidence: margin(shiftJis, eucJp) };
  const western = !sample.some((byte) => undefinedIn1252.has(byte));
  // Any byte is some letter of Windows-1252 (or of its many kin): it is what is left, not what was recognised.
  return western ? { encoding: 'windows-1252', confidence: 0.5 } : { encoding: 'utf-8', confidence: 0.1 };
}

/** The likelier of two, which is the surer the less likely the other is. */
const margin = (likely: number, other: number): number => Math.round(likely * (1 - other / 2) * 100) / 100;

const escapeByte = 0x1b;
const undefinedIn1252 = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);

function decodes(sample: Uint8Array, encoding: string, whole: boolean): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(sample, { stream: !whole });
    return true;
  } catch {
    return false;
  }
}

/**
 * 1 where all of a sample decodes, 0.8 where hardly anything does not: a cut character must not make letters of
 * Windows-1252 of all others. Else 0.
 */
function soundness(sample: Uint8Array, encoding: string, whole: boolean): number {
  if (decodes(sample, encoding, whole)) return 1;
  let valid = 0;
  let invalid = 0;
  for (const character of new TextDecoder(encoding).decode(sample)) {
    if (character === '\uFFFD') invalid++;
    else if (character > '\x7f') valid++;
  }
  return invalid * 10 <= valid ? 0.8 : 0;
}

/** What lines and cells are made with. */
const marks = new Set(Buffer.from('\n\r,\t;| "'));

/** As UTF-16 it is text, and most of its commas and newlines are such there too (not halves of other characters). */
function looksLikeUtf16(head: Uint8Array, encoding: string): boolean {
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(head, { stream: true });
  } catch {
    return false;
  }
  let found = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isControl(code)) return false;
    if (marks.has(code)) found++;
  }
  const markBytes = head.reduce((count, byte) => (marks.has(byte) ? count + 1 : count), 0);
  return found * 2 > markBytes && !/\p{Cn}/u.test(text);
}

/** `ESC $ @`, `ESC $ B`, `ESC ( J`, `ESC ( I`: what ISO-2022-JP switches with. */
function hasJisEscape(sample: Uint8Array): boolean {
  const text = Buffer.from(sample).toString('latin1');
  return ['$@', '$B', '(J', '(I'].some((code) => text.includes(`\x1b${code}`));
}

/** UTF-8 in which some bytes are wrong: no other encoding gives well-formed sequences but by rare chance. */
function isBrokenUtf8(sample: Uint8Array): boolean {
  const text = new TextDecoder('utf-8').decode(sample);
  let valid = 0;
  let invalid = 0;
  for (const character of text) {
    if (character === '\uFFFD') invalid++;
    else if (character > '\x7f') valid++;
  }
  return valid > 2 * invalid;
}

/** A character that begins at a non-ASCII byte: its length, and whether texts really use it. */
type CharacterAt = (lead: number) => { length: number; common: boolean };

const shiftJisCharacter: CharacterAt = (lead) => {
  if (lead >= 0xa1 && lead <= 0xdf) return { length: 1, common: true };
  // Symbols, kana, level 1 kanji; NEC's and IBM's additions. The rest are rare kanji, and Latin's accented letters.
  const common = isWithin(lead, 0x81, 0x98) || isWithin(lead, 0xed, 0xee) || isWithin(lead, 0xfa, 0xfc);
  return { length: 2, common };
};

const eucJpCharacter: CharacterAt = (lead) => {
  if (lead === 0x8f) return { length: 3, common: false };
  // Symbols, kana and level 1 kanji; half-width kana.
  return { length: 2, common: isWithin(lead, 0xa1, 0xcf) || lead === 0x8e };
};

/**
 * How much of a sample's non-ASCII text is made of common characters, 0 to 1. A lone character between Latin
 * letters is not: Japanese is written in runs, accents are not.
 */
function plausibility(sample: Uint8Array, characterAt: CharacterAt): number {
  let common = 0;
  let all = 0;
  for (let at = 0; at < sample.length; ) {
    if ((sample[at] as number) < 0x80) {
      at++;
      continue;
    }
    const start = at;
    let run = 0;
    let runCommon = 0;
    let singles = 0;
    while (at < sample.length && (sample[at] as number) >= 0x80) {
      const character = characterAt(sample[at] as number);
      run++;
      if (character.common) runCommon++;
      if (character.length === 1) singles++;
      at += character.length;
    }
    const short = run === 1 || at - start <= 2;
    const lone = singles === 1 && run === 1;
    const besideLetter = isLatinLetter(sample[start - 1]) || isLatinLetter(sample[at]);
    all += run;
    if (!lone && !(short && besideLetter)) common += runCommon;
  }
  return all === 0 ? 0 : common / all;
}

function isLatinLetter(byte: number | undefined): boolean {
  return byte !== undefined && isWithin(byte | 0x20, 0x61, 0x7a);
}

function isWithin(byte: number, first: number, last: number): boolean {
  return byte >= first && byte <= last;
}
