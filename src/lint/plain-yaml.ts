import type { Json, JsonObject } from '../json/json.js';

/**
 * The data of a YAML text that is plain: block maps and lists, flow collections and scalars in one line, comments.
 * Undefined for all that needs the YAML library (anchors, tags, block scalars, …), and for all that is wrong: this reads a
 * file of hundreds of cases in a fiftieth of the time that the library takes, and knows no places.
 */
export function plainYaml(text: string): Json | undefined {
  if (UNUSUAL.test(text)) return undefined;
  try {
    return new PlainYaml(text).document();
  } catch (error) {
    if (error === notPlain) return undefined;
    throw error;
  }
}

// Controls (tabs and CR among them), byte order marks, lone surrogates, and lines that begin or end a document.
const UNUSUAL = /[^\n -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\u{10000}-\u{10ffff}]|^(?:---|\.\.\.|%)/mu;
const MOST_LEVELS = 100;
const notPlain = new Error('not plain YAML');
const bail = (): never => {
  throw notPlain;
};

interface Entry {
  key: string;
  /** Undefined: it stands in the lines below. */
  value: Json | undefined;
}

class PlainYaml {
  private readonly lines: { indent: number; text: string }[] = [];
  /** By their text: most lines of a file of cases come many times. */
  private readonly entries = new Map<string, Entry>();
  private at = 0;

  constructor(text: string) {
    for (const line of text.split('\n')) {
      const indent = line.search(/[^ ]/);
      if (indent >= 0 && line[indent] !== '#') this.lines.push({ indent, text: line.slice(indent) });
    }
  }

  document(): Json {
    const [first] = this.lines;
    if (first?.indent !== 0 || isItem(first.text)) return bail();
    const value = this.map(0, 0);
    return this.at === this.lines.length ? value : bail();
  }

  /** Of lines with just this indentation. */
  private map(indent: number, level: number): Json {
    if (level > MOST_LEVELS) bail();
    const entries: JsonObject = {};
    for (let line = this.lines[this.at]; line && line.indent >= indent; line = this.lines[this.at]) {
      if (line.indent !== indent || isItem(line.text)) bail();
      const { key, value } = this.entry(line.text);
      if (Object.hasOwn(entries, key)) bail();
      this.at++;
      entries[key] = value === undefined ? this.below(indent, level) : this.alone(value, indent);
    }
    return entries;
  }

  private entry(text: string): Entry {
    const known = this.entries.get(text);
    if (known) return known;
    const simple = SIMPLE_KEY.exec(text);
    const flow = simple ? undefined : new Flow(text);
    const key = flow ? flow.key() : keyOf(simple?.[1] ?? '');
    const rest = flow ? flow.rest() : text.slice(simple?.[0].length);
    const value = rest === '' || rest.startsWith('#') ? undefined : valueIn(rest);
    const entry = { key, value };
    // Nobody shares a list with another.
    if (typeof value !== 'object') this.entries.set(text, entry);
    return entry;
  }

  /** What stands under a key: a deeper block, a list at its own indentation, or nothing. */
  private below(indent: number, level: number): Json {
    const next = this.lines[this.at];
    if (!next || next.indent < indent) return null;
    if (isItem(next.text)) return this.list(next.indent, level + 1);
    return next.indent === indent ? null : this.map(next.indent, level + 1);
  }

  private list(indent: number, level: number): Json {
    if (level > MOST_LEVELS) bail();
    const items: Json[] = [];
    for (let line = this.lines[this.at]; line && line.indent >= indent; line = this.lines[this.at]) {
      if (!isItem(line.text)) {
        if (line.indent === indent) break;
        bail();
      }
      if (line.indent !== indent || line.text === '-') bail();
      const behind = line.text.slice(2);
      const content = behind.startsWith(' ') ? behind.replace(/^ +/, '') : behind;
      if (content.startsWith('#')) bail();
      const isList = isItem(content);
      if (isList || this.entries.has(content) || isEntry(content)) {
        // `- key: value`: a map, or a list, that begins behind the dash.
        const inner = indent + line.text.length - content.length;
        this.lines[this.at] = { indent: inner, text: content };
        items.push(isList ? this.list(inner, level + 1) : this.map(inner, level + 1));
      } else {
        this.at++;
        items.push(this.alone(valueIn(content), indent));
      }
    }
    return items;
  }

  private alone(value: Json, indent: number): Json {
    // A scalar goes on in deeper lines.
    const next = this.lines[this.at];
    if (next && next.indent > indent) bail();
    return value;
  }
}

const DASH = 0x2d;
const isItem = (text: string): boolean =>
  text.charCodeAt(0) === DASH && (text.length === 1 || text[1] === ' ');

// Nearly all keys and values; the expressions below take several times as long.
const SIMPLE_KEY = /^([A-Za-z_][\w-]*):(?: +|$)/;
const SIMPLE_VALUE = /^\w[\w$./()-]*(?: [\w$./()-]+)*$/;

const isEntry = (text: string): boolean =>
  SIMPLE_KEY.test(text) || (!SIMPLE_VALUE.test(text) && new Flow(text).isEntry());

const valueIn = (text: string): Json =>
  SIMPLE_VALUE.test(text) ? scalar(text) : new Flow(text).blockValue();

/** A name that YAML takes for a text, and JavaScript for a member. */
function keyOf(text: string): string {
  if (text === '__proto__' || text === '<<' || text.length > 1000) bail();
  return typeof scalar(text) === 'string' ? text : bail();
}

const DOUBLE = /"(?:[^"\\]|\\["\\/bnrt])*"/y;
const SINGLE = /'(?:[^']|'')*'/y;
// In block context, up to a comment or what looks like a key; in flow context also up to its indicators.
const PLAIN = /(?:[^\s#:,[\]{}&*!|>'"%@`?-]|-(?=[\p{L}\p{N}]))(?:[^\s:#]|:(?=\S)|(?<=\S)#| +(?=[^\s#:]))*/uy;
const PLAIN_IN_FLOW =
  /(?:[^\s#:,[\]{}&*!|>'"%@`?-]|-(?=[\p{L}\p{N}]))(?:[^\s:#,[\]{}]|:(?=[^\s,[\]{}])|(?<=\S)#| +(?=[^\s#:,[\]{}]))*/uy;
const SIMPLE_NUMBER = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,6})?$/;
const NUMBER_LIKE = /^[-+]?(?:0o[0-7]+|0x[\da-f]+|(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|\.inf|\.nan)$/i;
/** What stands in one line. */
class Flow {
  private at = 0;
  constructor(private readonly text: string) {}

  /** `key:` alone, or before a value. */
  key(): string {
    const key = this.name(PLAIN);
    if (this.text[this.at] !== ':') bail();
    this.at++;
    if (this.at < this.text.length && this.text[this.at] !== ' ') bail();
    this.space();
    return key;
  }

  isEntry(): boolean {
    if (/^[[{]/.test(this.text)) return false;
    this.quoted() ?? this.match(PLAIN) ?? bail();
    const found = this.text[this.at] === ':';
    this.at = 0;
    return found;
  }

  /** What stands behind what was read. */
  rest(): string {
    return this.text.slice(this.at);
  }

  /** Nothing more, or a comment. */
  private isDone(): boolean {
    return this.at >= this.text.length || this.text[this.at] === '#';
  }

  blockValue(): Json {
    const value = this.value(PLAIN, 0);
    const before = this.at;
    this.space();
    if (!this.isDone() || (this.at === before && this.at < this.text.length)) bail();
    return value;
  }

  private value(plain: RegExp, level: number): Json {
    if (level > MOST_LEVELS) bail();
    const first = this.text[this.at];
    if (first === '[') return this.list(level);
    if (first === '{') return this.map(level);
    return this.quoted() ?? scalar(this.match(plain) ?? bail());
  }

  private list(level: number): Json {
    this.at++;
    this.space();
    const items: Json[] = [];
    if (this.take(']')) return items;
    do {
      this.space();
      items.push(this.value(PLAIN_IN_FLOW, level + 1));
      this.space();
    } while (this.take(','));
    return this.take(']') ? items : bail();
  }

  private map(level: number): Json {
    this.at++;
    this.space();
    const entries: JsonObject = {};
    if (this.take('}')) return entries;
    do {
      this.space();
      const isQuoted = /["']/.test(this.text[this.at] ?? '');
      const key = this.name(PLAIN_IN_FLOW);
      if (Object.hasOwn(entries, key) || !this.take(':')) bail();
      if (!isQuoted && this.text[this.at] !== ' ') bail();
      this.space();
      entries[key] = this.value(PLAIN_IN_FLOW, level + 1);
      this.space();
    } while (this.take(','));
    return this.take('}') ? entries : bail();
  }

  private name(plain: RegExp): string {
    const quoted = this.quoted();
    if (quoted === undefined) return keyOf(this.match(plain) ?? bail());
    return quoted === '__proto__' || quoted === '<<' || quoted.length > 1000 ? bail() : quoted;
  }

  private quoted(): string | undefined {
    const first = this.text[this.at];
    if (first === '"') return JSON.parse(this.match(DOUBLE) ?? bail()) as string;
    if (first === "'") return (this.match(SINGLE) ?? bail()).slice(1, -1).replaceAll("''", "'");
    return undefined;
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private space(): void {
    while (this.text[this.at] === ' ') this.at++;
  }

  private take(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }
}

/** As YAML's core schema reads it. */
function scalar(text: string): Json {
  if (text.length <= 5 && /^(?:true|false|null|~)$/i.test(text)) {
    if (text === 'true') return true;
    if (text === 'false') return false;
    return text === 'null' ? null : bail();
  }
  // Digits and `+`, `-`, `.`: letters come after them.
  if (text.charCodeAt(0) > 0x39) return text;
  if (SIMPLE_NUMBER.test(text)) return Number(text);
  return NUMBER_LIKE.test(text) ? bail() : text;
}
