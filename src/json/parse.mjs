// @ts-check
// How JSON is read that comes from outside. Plain JavaScript, since the processes that evaluate JSONata use it too.

/** Levels that JSON may be nested: as many as AWS's parser takes, and far fewer than end the stack of those that walk it. */
export const MOST_LEVELS = 1000;

const DEEPER = `is nested more than ${MOST_LEVELS} levels deep`;
export const TOO_DEEP = `it ${DEEPER}`;

/**
 * Where a JSON text goes deeper than anything here follows it.
 * @param {string} text
 * @param {number} [around] levels around it
 * @returns {number | undefined}
 */
export function tooDeepAt(text, around = 0) {
  const most = MOST_LEVELS - around;
  if (text.length <= most || !opensMoreThan(most, text)) return undefined;
  let level = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code < OPEN_BRACKET) continue;
    else if (code === OPEN_BRACKET || code === OPEN_BRACE) {
      if (++level > most) return at;
    } else if (code === CLOSE_BRACKET || code === CLOSE_BRACE) level--;
  }
  return undefined;
}

/**
 * Whether so many brackets open, be they within strings: few texts have that many, and finding them is quick.
 * @param {number} most
 * @param {string} text
 */
function opensMoreThan(most, text) {
  let left = most;
  for (const bracket of ['{', '['])
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1))
      if (--left < 0) return true;
  return false;
}

const QUOTE = 0x22;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * @param {string} text
 * @param {number} start of its opening quote
 */
export function endOfString(text, start) {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === BACKSLASH) before--;
    if ((end - before) % 2 === 1) return end;
  }
  return text.length;
}

/**
 * Whether JavaScript puts a key before all others, whatever order they were written in.
 * @param {string} key
 */
export const isIndex = (key) => key.length <= 10 && key.charCodeAt(0) <= 0x39 && INDEX.test(key);
const INDEX = /^(?:0|[1-9]\d*)$/;

/**
 * JSON.parse for a text from outside.
 * @param {string} text
 * @returns {any} @throws SyntaxError, also where it is nested too deeply
 */
export function parseJson(text) {
  if (tooDeepAt(text) !== undefined) throw new SyntaxError(TOO_DEEP);
  return JSON.parse(text);
}

/**
 * As parseJson, for a large text that people wrote: who looks at its data is quicker than who looks at its characters.
 * @param {string} text
 * @returns {any} @throws SyntaxError
 */
export function parseLargeJson(text) {
  if (text.length > MOST_CHARACTERS) return parseJson(text);
  const value = JSON.parse(text);
  if (goesDeeper(value, MOST_LEVELS)) throw new SyntaxError(TOO_DEEP);
  return value;
}
// What nests as deeply as such a text can fits into memory.
const MOST_CHARACTERS = 2_000_000;

/**
 * @param {any} value
 * @param {number} levels
 * @returns {boolean}
 */
function goesDeeper(value, levels) {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  for (const key in value) if (goesDeeper(value[key], levels - 1)) return true;
  return false;
}

/**
 * What is wrong with a text that parseJson does not take, after "the input ".
 * @param {string} text
 */
export const jsonFault = (text) => (tooDeepAt(text) === undefined ? 'is not valid JSON' : DEEPER);
