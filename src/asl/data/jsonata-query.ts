import type { Json } from '../../json/json.js';

/** A `{% … %}` of a JSONata state: its text without the marks, and where it stands (`Choices[0]/Condition`). */
export interface Query {
  text: string;
  location: string;
  /** Variables that the text may ask for. */
  variables: string[];
  /** Set where the text is no more than a literal or a path of plain names. */
  simple?: Simple;
}

type Simple = { kind: 'literal'; value: Json } | { kind: 'path'; root: string; names: string[] };

/** What came of a query. `failure` goes on from "The JSONata expression 'x' specified for the field 'y' ". */
export type QueryAnswer = { value: Json } | { failure: string };

/** The expression inside of `{% … %}`; undefined for any other text. */
export function queryText(text: string): string | undefined {
  return text.startsWith('{%') && text.endsWith('%}') && text.length >= 4
    ? text.slice(2, -2).trim()
    : undefined;
}

export function parseQuery(text: string, location: string): Query {
  const names = [...text.matchAll(/\$([\p{ID_Start}_][\p{ID_Continue}]*)/gu)].map(([, name]) => name ?? '');
  const variables = [...new Set(names)].filter((name) => name !== 'states');
  return { text, location, variables, simple: simple(text) };
}

const SIMPLE_PATH = /^\$[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/;
const SIMPLE_LITERAL = /^(true|false|null|-?(0|[1-9]\d{0,14})|'[^'\\]*'|"[^"\\]*")$/;
/** Words that JSONata reads as something else than a name. */
const WORDS = new Set(['and', 'or', 'in', 'true', 'false', 'null', 'function']);

function simple(text: string): Simple | undefined {
  if (SIMPLE_LITERAL.test(text))
    return {
      kind: 'literal',
      value: /^['"]/.test(text) ? text.slice(1, -1) : (JSON.parse(text) as Json),
    };
  if (!SIMPLE_PATH.test(text)) return undefined;
  const [root = '', ...names] = text.slice(1).split('.');
  return names.some((name) => WORDS.has(name)) ? undefined : { kind: 'path', root, names };
}
