import { commandGroups } from '../../src/cli/commands.js';
import { parseCommandLine } from '../../src/cli/shell/parse-command-line.js';

/** The words of a shell's line, and what stands between its commands. */
function tokens(line: string): string[] {
  const found = line.matchAll(
    /(?<!\S)\d?>>?|(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\|&;<>])+|>>?|\|\|?|&&?|;|</g,
  );
  return [...found].map(([token]) => token);
}

const word = (token: string): string =>
  token.replace(
    /'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/g,
    (_, single, double, escaped) => single ?? double?.replace(/\\(.)/g, '$1') ?? escaped ?? '',
  );

/** The arguments of each mbc-flow in a line, and the file that its output goes to. */
export function commandsIn(line: string): { args: string[]; stdin?: string; into?: string }[] {
  const commands: { args: string[]; stdin?: string; into?: string }[] = [];
  let words: string[] | undefined;
  let redirect: string | undefined;
  for (const token of tokens(line)) {
    const current = commands.at(-1);
    if (/^(?:\||\|\||&&?|;)$/.test(token)) words = undefined;
    else if (/^(?:\d?>>?|<)$/.test(token)) redirect = token;
    else if (redirect !== undefined) {
      if (current && redirect === '<') current.stdin = word(token);
      else if (current && redirect.startsWith('>')) current.into = word(token);
      redirect = undefined;
    } else if (words) words.push(word(token));
    else {
      words = [];
      if (token === 'mbc-flow') commands.push({ args: words });
    }
  }
  return commands;
}

/** Why a line can't be typed as it stands; undefined where every mbc-flow in it takes its words. */
export function problemOf(line: string): string | undefined {
  const commands = commandsIn(line);
  if (commands.length === 0) return /^(?:aws|cd|node|iconv|npx) /.test(line) ? undefined : 'no command line';
  if (/…|<[\w.-]+>/.test(line)) return 'a placeholder';
  for (const { args } of commands)
    try {
      parseCommandLine(args, commandGroups, '0.0.0', () => {});
    } catch (error) {
      return (error as Error).message;
    }
  return undefined;
}

/** What an output says can be typed: a line of its own, alone or before its explanation. */
function adviceIn(output: string): string[] {
  const lines: string[] = [];
  for (const [, tried, plain] of output.matchAll(
    /^ {2}try: {3}(.+)$|^ *(?:next +|then +)?(mbc-flow (?!UI\b).+)$/gm,
  ))
    lines.push((tried ?? plain ?? '').replace(/ {2,}\S.*$| {3}\(.*$/, '').trimEnd());
  const hint = /^\{"error":.*"hint":("(?:\\.|[^"\\])*")/m.exec(output)?.[1];
  if (hint !== undefined && /^"mbc-flow /.test(hint)) lines.push(JSON.parse(hint) as string);
  return lines;
}

const bad: string[] = [];

/** Notes what a command advises that can't be typed. */
export function watchAdvice(args: readonly string[], output: string): void {
  for (const line of adviceIn(output)) {
    const problem = problemOf(line);
    if (problem !== undefined) bad.push(`mbc-flow ${args.join(' ')} advises '${line}': ${problem}`);
  }
}

/** @throws Error when something was noted since the last call */
export function expectGoodAdvice(): void {
  const seen = bad.splice(0);
  if (seen.length > 0) throw new Error([...new Set(seen)].join('\n'));
}
