/**
 * Reads a `.env` file's text: `NAME=value` lines, quotes, comments, `export`, and shell-style `${NAME}` and
 * `${NAME:-default}`, which the framework's own files use. What the file sets before comes before `env`.
 */
export function parseDotenv(text: string, env: Record<string, string | undefined>): Record<string, string> {
  const values: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line);
    if (!match?.[1]) continue;
    values[match[1]] = unquoted(match[2] ?? '', (name) => values[name] ?? env[name]);
  }
  return values;
}

function unquoted(raw: string, lookUp: (name: string) => string | undefined): string {
  const single = /^'([^']*)'/.exec(raw);
  if (single) return single[1] ?? '';
  const double = /^"((?:[^"\\]|\\.)*)"/.exec(raw);
  const text = double
    ? (double[1] ?? '').replace(/\\(["\\$])/g, '$1')
    : raw.replace(/(^|\s)#.*$/, '').trimEnd();
  return expand(text, lookUp);
}

function expand(text: string, lookUp: (name: string) => string | undefined): string {
  return text.replace(/\$\{(\w+)(?:(:?-)([^}]*))?\}|\$(\w+)/g, (_, name, operator, otherwise, bare) => {
    const value = lookUp(name ?? bare);
    const missing = value === undefined || (operator === ':-' && value === '');
    return missing ? expand(otherwise ?? '', lookUp) : value;
  });
}
