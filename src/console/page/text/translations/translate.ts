import { errorsJa } from './errors.js';
import { findings } from './findings.js';
import { messages } from './messages.js';
import type { Phrase } from './phrase.js';

export interface Said {
  text: string;
  /** The words of the server, where `text` tells less than they do. */
  original?: string;
}

interface Pattern {
  pattern: RegExp;
  ja: string;
  en: string | undefined;
}

/**
 * A text of the server in a language: what mbc-flow itself says by its phrase, or by the code of the error.
 * What others say (a service, a function, a file) stays as it is.
 */
export function saidIn(ja: boolean, message: string, code?: string): Said {
  const known = phraseIn(ja, message);
  if (known !== undefined) return { text: known };
  const general = ja && code !== undefined ? errorOf(code) : undefined;
  return general === undefined ? { text: message } : { text: general, original: message };
}

const errorOf = (code: string): string | undefined =>
  Object.hasOwn(errorsJa, code) ? errorsJa[code] : undefined;

/** Whole sentences are found at once, and those with something to fill in by their pattern. */
const whole = new Map<string, Phrase>();
const patterns: Pattern[] = [];
for (const phrase of [...messages, ...findings]) {
  const [text, ja, en] = phrase;
  if (!text.includes('…')) whole.set(text, phrase);
  else patterns.push({ pattern: patternOf(text), ja, en });
}

function patternOf(text: string): RegExp {
  const parts = text.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('(.*?)')}$`, 's');
}

function phraseIn(ja: boolean, message: string): string | undefined {
  const phrase = whole.get(message);
  if (phrase) return ja ? phrase[1] : phrase[2];
  for (const one of patterns) {
    const found = one.pattern.exec(message);
    const form = ja ? one.ja : one.en;
    if (found) return form?.replaceAll(/\$(\d)/g, (_, index: string) => found[Number(index)] ?? '');
  }
  return undefined;
}
