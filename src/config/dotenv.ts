import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { foldersToProject } from './config.js';

type Environment = Record<string, string | undefined>;

/** What the `.env` of the project around `cwd` sets; {} without one. */
export function readDotenv(cwd: string, env: Environment): Record<string, string> {
  const file = foldersToProject(cwd)
    .map((folder) => join(folder, '.env'))
    .find((candidate) => existsSync(candidate));
  return file === undefined ? {} : parseDotenv(readFileSync(file, 'utf8'), env);
}

/**
 * Reads a `.env` file's text: `NAME=value` lines, quotes, comments, `export`, and shell-style `${NAME}` and
 * `${NAME:-default}`, which the framework's own files use. A name that stands for another is looked up in what the
 * file has set so far, then in `env`.
 */
export function parseDotenv(text: string, env: Environment): Record<string, string> {
  const values: Record<string, string> = {};
  const lookUp = (name: string): string | undefined => values[name] ?? env[name];
  for (const line of text.replace(/^\ufeff/, '').split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line);
    if (match?.[1]) values[match[1]] = unquoted(match[2] ?? '', lookUp);
  }
  return values;
}

function unquoted(raw: string, lookUp: (name: string) => string | undefined): string {
  const single = /^'([^']*)'/.exec(raw);
  if (single) return single[1] ?? '';
  const double = /^"((?:[^"\\]|\\.)*)"/.exec(raw);
  const text = double
    ? (double[1] ?? '').replace(/\\(["\\])/g, '$1')
    : raw.replace(/(^|\s)#.*$/, '').trimEnd();
  return expand(text, lookUp);
}

function expand(text: string, lookUp: (name: string) => string | undefined): string {
  return text.replace(
    /\\\$|\$\{(\w+)(?:(:?-)((?:\$\{[^}]*\}|[^}])*))?\}|\$([A-Za-z_]\w*)/g,
    (whole, name, operator, otherwise, bare) => {
      if (whole === '\\$') return '$';
      const value = lookUp(name ?? bare);
      const missing = value === undefined || (operator === ':-' && value === '');
      return missing ? expand(otherwise ?? '', lookUp) : value;
    },
  );
}
