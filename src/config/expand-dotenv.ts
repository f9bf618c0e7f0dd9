import { parse } from 'dotenv';
import { expand } from 'dotenv-expand';

type Variables = Record<string, string>;

/**
 * What a `.env` file's text sets, read by the libraries (and their versions) that the framework reads it with.
 * @throws RangeError where a variable stands for itself
 */
export const expandDotenv = (text: string, env: Record<string, string | undefined>): Variables =>
  expanded(parse(text), env);

function expanded(parsed: Variables, env: Record<string, string | undefined>): Variables {
  const real = process.env;
  // The library knows the process's own environment alone, and writes what it read into it: it gets a copy. At the
  // start of an app the file's variables are in it already, so that `${PORT:-8083}` is a PORT of the same file.
  process.env = { ...parsed, ...env };
  try {
    return expand({ parsed: { ...parsed } }).parsed ?? {};
  } finally {
    process.env = real;
  }
}

/** The variable that closes the first circle: the file can be expanded up to it, but not with it. */
export function circularVariable(text: string): string | undefined {
  const entries = Object.entries(parse(text));
  const index = entries.findIndex((_, at) => {
    try {
      expanded(Object.fromEntries(entries.slice(0, at + 1)), {});
      return false;
    } catch {
      return true;
    }
  });
  return entries[index]?.[0];
}
