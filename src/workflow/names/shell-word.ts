/** A word as a shell takes it: quoted where it is more than a plain one. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** The same of a file, whose name might begin like a flag, or be the `-` of standard input. */
export const fileWord = (path: string): string => shellWord(path.startsWith('-') ? `./${path}` : path);
