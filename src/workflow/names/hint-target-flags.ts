/** The commands that look at a target, or change something there; the others work on files of this machine. */
export const reachingCommands: ReadonlySet<string> = new Set(
  (
    'approve audit diff doctor fail heartbeat history import list logs machines open pending redrive rehearse ' +
    'reject rerun resume show start stats stop task test top trigger ui watch'
  ).split(' '),
);

/** Flags that say themselves what the command reaches, or that it reaches nothing. */
const decided = new Set([
  ...['--target', '--local', '--profile', '--region', '--endpoint-url', '--data-dir'],
  ...['--help', '--check', '--definition', '--policy'],
]);

/** All that the local server needs to be told. */
const dataDirFlag = / --data-dir (?:'[^']*'|\S+)/;

/** As a shell takes it. A redirection, the end of a sentence and a bracket belong to no command. */
const nextWord = / (?!\d?[<>] |[(#|]|&&|or |and |…)((?:'[^']*'|"(?:[^"\\]|\\.)*"|\\.|[^\s'"`\\])+)/y;

/**
 * A text with the commands to type in it: each gets the flags that reach the target of this run, unless it says its own
 * or reaches none. All that is told passes here, so a hint may name a command without knowing where it runs.
 * @param flags '' or ' --target prod'
 */
export function reaching(text: string, flags: string): string {
  if (flags === '' || !text.includes('mbc-flow ')) return text;
  let result = '';
  let from = 0;
  for (let at = text.indexOf('mbc-flow '); at !== -1; at = text.indexOf('mbc-flow ', from)) {
    const { end, words } = commandAt(text, at + 'mbc-flow'.length);
    result += text.slice(from, end) + flagsFor(words, flags);
    from = end;
  }
  return result + text.slice(from);
}

function commandAt(text: string, start: number): { end: number; words: string[] } {
  const words: string[] = [];
  nextWord.lastIndex = start;
  let end = start;
  for (let found = nextWord.exec(text); found; found = nextWord.exec(text)) {
    const word = found[1] ?? '';
    const stop = word.match(/[;:,.)]+$/)?.[0].length ?? 0;
    words.push(stop === 0 ? word : word.slice(0, -stop));
    end = nextWord.lastIndex - stop;
    if (stop > 0) break;
  }
  return { end, words };
}

function flagsFor(words: readonly string[], flags: string): string {
  const [name = ''] = words;
  if (words.some((word) => decided.has(word.split('=')[0] ?? ''))) return '';
  if (name === 'dev') return dataDirFlag.exec(flags)?.[0] ?? '';
  const reaches = name === 'test' ? words.includes('--record') : reachingCommands.has(name);
  return reaches ? flags : '';
}
