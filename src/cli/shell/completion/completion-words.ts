import type { NameKind } from '../../../files/kept/name-cache.js';
import type { Command, OptionSpec } from '../command.js';

/** What a word may be, for the shell to offer. */
export type Wanted =
  | { kind: 'words'; words: readonly string[] }
  /** Of the config. */
  | { kind: 'targets' }
  /** Names that only a look at the target can give, beside words that are always there. */
  | { kind: 'names'; names: NameKind[]; words: readonly string[]; target?: string }
  /** Left to the shell. */
  | { kind: 'files' };

const shells = ['bash', 'zsh', 'fish'];

/** `words`: what stands on the line after `mbc-flow`, the last one unfinished (maybe empty). */
export function wanted(
  words: readonly string[],
  commands: readonly Command[],
  globals: readonly OptionSpec[],
): Wanted {
  const last = words.at(-1) ?? '';
  const before = words.at(-2) ?? '';
  if (before === '--target') return { kind: 'targets' };
  const named = words.indexOf('--target');
  const target = named === -1 || words.includes('--local') ? undefined : words[named + 1];
  const names = (kinds: NameKind[], known: string[] = []): Wanted => ({
    kind: 'names',
    names: kinds,
    words: known,
    target,
  });
  if (before === '--machine') return names(['machines']);
  if (before === '--execution' || before === '--retry') return names(['executions'], ['@last']);
  if (before === '--rerun') return names(['batches']);
  // Of `import` and `import show` the longer name.
  const [command] = commands
    .filter(({ name }) => begins(words.slice(0, -1), name.split(' ')))
    .sort((a, b) => b.name.length - a.name.length);
  const options = [...(command?.options ?? []), ...globals];
  const option = options.find(({ flags }) => flagsOf(flags).includes(before));
  if (option?.choices) return { kind: 'words', words: option.choices };
  if (last.startsWith('-'))
    return {
      kind: 'words',
      words: [...options.flatMap(({ flags }) => flagsOf(flags)), '--help', '--version'],
    };
  if (!command) return { kind: 'words', words: nextWords(commands, words.slice(0, -1)) };
  if (command.name === 'completion') return { kind: 'words', words: shells };
  return kindOfArgument(command, words, names);
}

const begins = (words: readonly string[], prefix: readonly string[]): boolean =>
  prefix.every((word, index) => words[index] === word);

/** What may follow in the names of commands; all of them where nothing that is there begins one. */
function nextWords(commands: readonly Command[], given: readonly string[]): string[] {
  const names = commands.map(({ name }) => name.split(' '));
  const longer = names.filter((name) => name.length > given.length && begins(name, given));
  const place = longer.length > 0 ? given.length : 0;
  return [...new Set((longer.length > 0 ? longer : names).flatMap((name) => name[place] ?? []))];
}

const flagsOf = (flags: string): string[] => flags.match(/--?[\w-]+/g) ?? [];

/** By the declared name of the argument: `<machine>`, `[file.csv...]`, `<execution>`. */
function kindOfArgument(
  command: Command,
  words: readonly string[],
  names: (kinds: NameKind[], known?: string[]) => Wanted,
): Wanted {
  const given = words.slice(command.name.split(' ').length).filter((word) => !word.startsWith('-')).length;
  const syntax = (command.arguments?.[Math.max(0, given - 1)] ?? command.arguments?.at(-1))?.syntax ?? '';
  if (/machine/.test(syntax)) return names(['machines']);
  if (/execution/.test(syntax)) return names(['executions'], ['@last']);
  if (/requestId|reference/i.test(syntax))
    return names(command.name === 'task show' ? ['batches'] : ['requests']);
  if (/source|before|after/.test(syntax)) return names(['machines', 'executions'], ['@last']);
  if (/batch/.test(syntax)) return names(['batches']);
  if (/job/.test(syntax)) return names(['jobs'], ['@last']);
  if (/kind/.test(syntax))
    return { kind: 'words', words: command.arguments?.[0]?.description.split(', ') ?? [] };
  return { kind: 'files' };
}

/** The script that a shell loads; it asks us for the words. */
export const scripts: Record<string, string> = {
  bash: `_mbc_flow() {
  # bash parts a word at : and @ and =; what is typed since the last blank is one word of ours
  local cur="\${COMP_LINE:0:COMP_POINT}" last="\${COMP_WORDS[COMP_CWORD]}" joined="" head="" at=$COMP_CWORD words word
  cur="\${cur##*[[:space:]]}"
  while [[ $joined != "$cur" && $at -gt 0 ]]; do joined="\${COMP_WORDS[at]}$joined"; at=$((at - 1)); done
  if [[ -n $cur && $joined == "$cur" && $cur != "$last" ]]; then
    head="\${cur%"$last"}"
    [[ $last == [:@=] ]] && head="$cur"
  else
    at=$((COMP_CWORD - 1))
    cur="$last"
  fi
  words=$(mbc-flow completion words -- "\${COMP_WORDS[@]:1:at}" "$cur" 2>/dev/null) || return
  if [ "$words" = ":files" ]; then
    COMPREPLY=($(compgen -f -- "$last"))
  else
    # compgen -W would run what stands in a word
    COMPREPLY=()
    while IFS= read -r word; do
      [[ -n $word && $word == "$cur"* ]] && COMPREPLY+=("$(printf %q "\${word#"$head"}")")
    done <<< "$words"
  fi
}
complete -o bashdefault -F _mbc_flow mbc-flow`,
  zsh: `#compdef mbc-flow
_mbc_flow() {
  local -a candidates
  candidates=("\${(@f)$(mbc-flow completion words -- "\${(@)words[2,$CURRENT]}" 2>/dev/null)}")
  if [[ "\${candidates[1]}" == ":files" ]]; then _files; else compadd -a candidates; fi
}
if [ "$funcstack[1]" = "_mbc_flow" ]; then _mbc_flow; else compdef _mbc_flow mbc-flow; fi`,
  fish: `function __mbc_flow_complete
  set -l words (mbc-flow completion words -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)
  if test "$words[1]" = ":files"
    __fish_complete_path (commandline -ct)
  else
    printf '%s\\n' $words
  end
end
complete -c mbc-flow -f -a '(__mbc_flow_complete)'`,
};
