import { parseJson, TOO_DEEP, tooDeepAt } from '../../json/text.mjs';

const literals = ['null', 'true', 'false'];

/** What AWS's JSON parser says of a text; undefined when it is JSON. */
export function jsonProblem(text: string): string | undefined {
  if (text === '') return 'Invalid execution input.';
  try {
    parseJson(text);
    return undefined;
  } catch {
    return tooDeepAt(text) === undefined ? problemAt(text) : `Invalid JSON: ${TOO_DEEP}`;
  }
}

/** Looks for the first token that can't be where it stands. */
function problemAt(text: string): string {
  const open: string[] = [];
  let expect: 'value' | 'name' | 'more' = 'value';
  const tokens =
    /\s*(?:("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|([A-Za-z_$][\w$]*)|([\s\S]))/gy;
  for (let match = tokens.exec(text); match?.[0].trim(); match = tokens.exec(text)) {
    const [, string, number, word, sign = ''] = match;
    if (expect === 'name') {
      if (string === undefined && sign !== '}')
        return `Unexpected character ('${word?.[0] ?? number?.[0] ?? sign}' (code ${(word ?? number ?? sign).charCodeAt(0)})): was expecting double-quote to start field name`;
    }
    if (word !== undefined && !literals.includes(word))
      return `Unrecognized token '${word}': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')`;
    if (sign === '{' || sign === '[') open.push(sign);
    if (sign === '}' || sign === ']') open.pop();
    const top = open.at(-1);
    expect =
      sign === '{' || (sign === ',' && top === '{')
        ? 'name'
        : sign === '[' || sign === ':' || sign === ','
          ? 'value'
          : 'more';
    const known = '{}[]:,';
    if (sign !== '' && !known.includes(sign))
      return `Unexpected character ('${sign}' (code ${sign.charCodeAt(0)})): expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')`;
  }
  const top = open.at(-1);
  if (top) return `Unexpected end-of-input: expected close marker for ${top === '{' ? 'Object' : 'Array'}`;
  return 'Invalid JSON';
}
