import { jsonText } from '../../json/lossless.js';
import { visibleJson, visibleStyled } from '../../views/text/safe-text.js';

/** The output formats: only this file distinguishes them. */
export type OutputForm = 'text' | 'json' | 'ndjson';

type Lines = Iterable<string>;

/** Results, to stdout: documents for scripts or lines for people, never both. */
export interface Printer {
  /** A person reads: lines are printed, documents are not. */
  readonly forPeople: boolean;
  /** One document, or the lines that say the same. */
  document(document: unknown, lines?: Lines): void;
  /** json: `{ [name]: documents, ...more }`; ndjson: one a line. */
  list(name: string, documents: Iterable<unknown>, lines?: Lines, more?: object): void;
  /** Documents that come one after the other: ndjson and text print each at once, json all at the end. */
  stream(name: string): DocumentStream;
  /** Something that happens on the way: nothing under json, which has `summary` at the end. */
  event(document: unknown, lines?: Lines): void;
  /** What the events come to: nothing under ndjson, which had them one by one. */
  summary(document: () => unknown, lines?: Lines): void;
  /** For people only. */
  line(text?: string): void;
  /** Empties the terminal's screen. */
  clear(): void;
}

export interface DocumentStream {
  add(document: unknown, lines?: Lines): void;
  /** json: `{ ...more, [name]: documents }`; with `alone`, the document itself where there is just one. */
  end(more?: object, options?: { alone?: boolean }): void;
}

type Stream = { write(text: string): unknown };

/** @param onLine is called for each line that a person sees */
export function createPrinter(
  form: OutputForm,
  stdout: Stream,
  isTTY: boolean,
  onLine: () => void = () => {},
): Printer {
  const forPeople = form === 'text';
  const line = (text = ''): void => {
    if (!forPeople) return;
    onLine();
    stdout.write(`${visibleStyled(text)}\n`);
  };
  const print = (lines: Lines): void => {
    if (forPeople) for (const text of lines) line(text);
  };
  // Indented for a person only; a script reads lines.
  const json = (value: unknown): void => {
    stdout.write(`${visibleJson(jsonText(value, form === 'json' && isTTY ? 2 : 0))}\n`);
  };
  const list: Printer['list'] = (name, documents, lines = [], more = {}) => {
    if (form === 'json') json({ ...more, [name]: [...documents] });
    else if (form === 'ndjson') for (const document of documents) json(document);
    else print(lines);
  };
  const event: Printer['event'] = (document, lines = []) => {
    if (form === 'ndjson') json(document);
    else print(lines);
  };
  return {
    forPeople,
    document(document, lines = []) {
      if (forPeople) print(lines);
      else json(document);
    },
    list,
    stream(name) {
      const all: unknown[] = [];
      return {
        add(document, lines) {
          if (form === 'json') all.push(document);
          else event(document, lines);
        },
        end(more = {}, { alone = false } = {}) {
          if (form === 'json') json(alone && all.length === 1 ? all[0] : { ...more, [name]: all });
        },
      };
    },
    event,
    summary(document, lines = []) {
      if (form === 'json') json(document());
      else print(lines);
    },
    line,
    clear() {
      if (forPeople && isTTY) stdout.write('\u001b[H\u001b[2J\n');
    },
  };
}
