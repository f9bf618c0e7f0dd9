import type { Names } from './names.js';

/** What a template's markers ask for. */
export interface Filling {
  names: Names;
  /** Words (`$answer`) that mean the same in the whole file. */
  words: Readonly<Record<string, string>>;
  /** Of `#if name` and `#unless name`. */
  flags: Readonly<Record<string, boolean>>;
  /**
   * Of `#each name`: for each item the words (`$state`, …; longer ones first) and what takes their place. A word
   * that stands alone in its line makes as many lines as its text has, none for an empty one.
   */
  lists: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>;
}

/** The workflow that every template is written for, so that the templates are programs that compile. */
const sample: Names = {
  kebab: 'sample-workflow',
  pascal: 'SampleWorkflow',
  camel: 'sampleWorkflow',
  constant: 'SAMPLE_WORKFLOW',
};

/**
 * Fills a template. Templates are real source files about `sample-workflow`; lines that hold only a marker
 * (`// #if approval`, `// #each state`, `// #end`; `#` instead of `//` in YAML and .env) choose and repeat
 * what stands between them.
 */
export function render(template: string, filling: Filling): string {
  const lines = rename(template, filling.names).split('\n');
  const { text, next } = block(lines, 0, filling);
  if (next < lines.length) throw new Error(`#end without a beginning in line ${next + 1} of a template`);
  return text.flatMap(replaced(filling.words)).join('\n');
}

/** The sample's name, in all of its forms, becomes the given one. */
export function rename(text: string, names: Names): string {
  let renamed = text;
  for (const form of Object.keys(sample) as (keyof Names)[])
    renamed = renamed.replaceAll(sample[form], () => names[form]);
  return renamed;
}

const marker = /^\s*(?:\/\/|#) #(if|unless|each|end)(?: (\w+))?\s*$/;

/** Lines up to the `#end` that closes this block (or to the end of the file), and where it stands. */
function block(lines: string[], from: number, filling: Filling): { text: string[]; next: number } {
  const text: string[] = [];
  let at = from;
  while (at < lines.length) {
    const line = lines[at] ?? '';
    const [, kind, name = ''] = marker.exec(line) ?? [];
    if (kind === undefined) {
      text.push(line);
      at++;
      continue;
    }
    if (kind === 'end') break;
    const inner = block(lines, at + 1, filling);
    if (kind === 'each')
      text.push(...(filling.lists[name] ?? []).flatMap((item) => inner.text.flatMap(replaced(item))));
    else if ((filling.flags[name] === true) === (kind === 'if')) text.push(...inner.text);
    at = inner.next + 1;
  }
  return { text, next: at };
}

const replaced =
  (words: Readonly<Record<string, string>>) =>
  (line: string): string[] => {
    const indent = /^\s*/.exec(line)?.[0] ?? '';
    const alone = words[line.trim().replace(/^\/\/ /, '')];
    const text =
      alone === undefined
        ? Object.entries(words).reduce((done, [word, by]) => done.replaceAll(word, () => by), line.trim())
        : alone;
    if (alone === '') return [];
    return text.split('\n').map((part) => (part === '' ? part : indent + part));
  };
