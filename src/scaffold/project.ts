/** The files of an application, by paths from its folder with `/`. */
export interface Project {
  /** Where mbc-flow's config of the project is; beside its package.json where it is not said. */
  config?: ConfigPlace;
  /** The package.json of the workspace that it is in, whose packages it can use. */
  workspace?: string;
  /** How its package.json can name this package: a version, or where it was installed from. */
  dependencyOnUs?: string;
  read(path: string): Promise<string | undefined>;
  /** Paths under `folder` that end with `ending`, sorted; nothing of node_modules or dist. */
  list(folder: string, ending: string): Promise<string[]>;
  /**
   * The text as the project's own prettier writes it, where that has no configuration in `style`; undefined where
   * there is no prettier.
   */
  format(path: string, text: string, style?: Style): Promise<string | undefined>;
}

/** A config that a project has, or would have: its own, or one above that several share. */
export interface ConfigPlace {
  /** From the project's folder. */
  path: string;
  /** The project's folder, from the config's: its paths begin there. */
  project: string;
  /** It is a member of a package.json. */
  member?: 'mbc-flow';
  /** It belongs to no repository, or to another one, than the project: it can be extended, not added to. */
  foreign?: boolean;
}

/** What becomes of one file. */
export interface Change {
  path: string;
  /** Undefined: there is no such file yet. */
  before?: string;
  after: string;
}

export interface Plan {
  changes: Change[];
  /** Files that are there with other contents, and would be made anew. */
  conflicts: string[];
  /** What could not be done for the user, and other remarks. */
  notices: string[];
  /** What to type next. */
  next: string[];
}

/** What became of a text that was to be patched. */
export type Patched =
  | { kind: 'patched'; text: string }
  | { kind: 'unchanged' }
  /** `why` completes the sentence "<path>: …". */
  | { kind: 'refused'; why: string };

/** How to write into a file so that it stays of one piece. */
export interface Style {
  newline: '\n' | '\r\n';
  quote: "'" | '"';
  semicolon: '' | ';';
  /** One step of indentation. */
  indent: string;
}

export function styleOf(text: string): Style {
  const [, from] = /^(?:\s*(?:import|export)\b|\s*\})[^\n]*?(['"])[^\n]*?\1;?\s*$/m.exec(text) ?? [];
  const statements = text.match(/^\s*(?:import|return|const|export \*)\b[^\n]*[^\s{,([=>]\s*$/gm) ?? [];
  const closed = statements.filter((line) => line.trimEnd().endsWith(';')).length;
  const indents = [...text.matchAll(/\{[^\n]*\n([ \t]+)\S/g)].map(([, found = '']) => found);
  const indent = indents.sort((a, b) => a.length - b.length)[0] ?? '  ';
  return {
    newline: text.includes('\r\n') ? '\r\n' : '\n',
    quote: from === '"' ? '"' : "'",
    semicolon: closed * 2 > statements.length ? ';' : '',
    indent: indent.includes('\t') ? '\t' : indent.length > 4 ? '  ' : indent,
  };
}
