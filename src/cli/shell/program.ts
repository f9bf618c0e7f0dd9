import { Command as CommanderCommand, CommanderError, type Help, Option } from 'commander';
import { exitCodes, FlowError } from '../../errors.js';
import type { Command, OptionSpec } from './command.js';
import { globalOptions } from './global-options.js';
import type { OutputForm } from './printer.js';

/** The flags that every command takes, as commander parsed them. */
export interface GlobalFlags {
  target?: string;
  local?: boolean;
  profile?: string;
  region?: string;
  endpointUrl?: string;
  dataDir?: string;
  output: OutputForm;
  color: boolean;
  quiet: boolean;
  verbose: boolean;
  yes: boolean;
  dryRun: boolean;
}

export interface Invocation {
  command: Command;
  args: (string | string[] | undefined)[];
  options: Record<string, unknown>;
  flags: GlobalFlags;
}

/**
 * Parses the command line. Returns what to run; undefined when help or the version was asked for and is printed by
 * `print`, `columns` wide.
 * @throws FlowError (exit 2) for any invalid command line
 */
export function parseCommandLine(
  argv: string[],
  commands: Command[],
  version: string,
  print: (text: string) => void,
  columns = 80,
): Invocation | undefined {
  let invocation: Invocation | undefined;
  const program = new CommanderCommand('mbc-flow')
    .description('Run, watch and answer AWS Step Functions workflows, on AWS or on this machine.')
    .usage('<command> [options]')
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'show help for mbc-flow or a command')
    .helpCommand(false)
    // Commander's own would name commands that change something.
    .showSuggestionAfterError(false)
    .configureOutput({ writeOut: print, writeErr: () => {}, getOutHelpWidth: () => columns })
    .exitOverride()
    .addHelpText(
      'after',
      '\nNew here? Try mbc-flow demo, then mbc-flow import your.csv, mbc-flow watch @last\n',
    );
  const shared = globalOptions.map((option) => {
    const made = toOption(option);
    program.addOption(made);
    return made.attributeName();
  });
  const groups = new Map<string, CommanderCommand>();
  for (const command of commands) {
    const [name = '', groupName] = command.name.split(' ').reverse();
    const group = groupName === undefined ? undefined : groupOf(program, groups, groupName);
    const sub = (group ?? program).command(name).summary(command.summary);
    sub.showSuggestionAfterError(true).aliases(command.aliases ?? []);
    for (const { syntax, description } of command.arguments ?? []) sub.argument(syntax, description);
    // Start-up is a feature: the flags of the commands that are not meant are not even built.
    if (![name, ...(command.aliases ?? [])].some((word) => argv.includes(word))) continue;
    sub.description(`${command.summary}. ${command.description ?? ''}`.trim());
    for (const option of command.options ?? []) sub.addOption(toOption(option));
    addGlobalOptions(sub);
    sub.addHelpText('after', examplesText(command, columns));
    sub.action((...received: unknown[]) => {
      const args = received
        .slice(0, -2)
        .map((arg, at) => arg ?? (command.arguments?.[at]?.syntax.includes('...') ? [] : undefined));
      const options = parsedOptions(command, sub.opts(), shared);
      const levels = [sub, ...(group ? [group] : []), program];
      invocation = { command, args: args as Invocation['args'], options, flags: globalFlags(levels, shared) };
    });
  }
  // After the commands are made, which would inherit it.
  for (const command of [program, ...groups.values()]) command.configureHelp({ formatHelp: commandListHelp });
  if (argv.length === 0) {
    program.outputHelp();
    return undefined;
  }
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    const group = [...groups].find(([name]) => argv.includes(name));
    if (error.code === 'commander.help' && group) {
      group[1].outputHelp();
      return undefined;
    }
    const unknown = error.code === 'commander.unknownCommand';
    if (unknown && !group) throw unknownCommand(argv, error, commands);
    throw usageError(error, unknown ? group?.[0] : meantCommand(argv, commands));
  }
  return invocation;
}

/** The command's own options; those that are declared with `parse` as what it makes of them. */
function parsedOptions(
  command: Command,
  values: Record<string, unknown>,
  shared: string[],
): Record<string, unknown> {
  const options = Object.fromEntries(Object.entries(values).filter(([name]) => !shared.includes(name)));
  for (const { flags, parse } of command.options ?? []) {
    if (!parse) continue;
    const option = new Option(flags);
    const [long, name] = [option.long ?? flags, option.attributeName()];
    const value = options[name];
    if (typeof value === 'string') options[name] = parse(value, long);
    else if (Array.isArray(value)) options[name] = value.map((text: string) => parse(text, long));
  }
  return options;
}

/** Of commands whose names are two words: what the first of them holds. */
function groupOf(
  program: CommanderCommand,
  groups: Map<string, CommanderCommand>,
  name: string,
): CommanderCommand {
  const known = groups.get(name);
  if (known) return known;
  const group = program.command(name).usage('<command> [options]').helpCommand(false);
  addGlobalOptions(group);
  groups.set(name, group);
  return group;
}

function addGlobalOptions(command: CommanderCommand): void {
  for (const option of globalOptions)
    command.addOption(toOption({ ...option, default: undefined }).helpGroup('Global options:'));
}

/** Names that other tools use for our changing commands: suggested by this list, never by similarity. */
const elsewhere: Record<string, string> = {
  cancel: 'stop',
  kill: 'stop',
  abort: 'stop',
  retry: 'redrive',
  resubmit: 'rerun',
  run: 'start',
  execute: 'start',
};

/** No command that changes something is suggested for looking like what was typed. */
function unknownCommand(argv: string[], error: CommanderError, commands: Command[]): FlowError {
  const word = /'([^']*)'/.exec(error.message)?.[1] ?? argv[0] ?? '';
  const known = Object.hasOwn(elsewhere, word) ? elsewhere[word] : undefined;
  const like = commands.filter(({ changes }) => !changes).map(({ name }) => name);
  const near = known ?? like.find((name) => isTypoOf(word, name));
  return new FlowError(exitCodes.usage, 'BadUsage', `unknown command '${word}'`, {
    hint: near === undefined ? 'mbc-flow --help' : `mbc-flow ${near}`,
  });
}

/** One letter more, less or other, or two neighbours exchanged. */
function isTypoOf(word: string, name: string): boolean {
  if (word === name || Math.abs(word.length - name.length) > 1 || word.length < 3) return false;
  let at = 0;
  while (at < word.length && word[at] === name[at]) at++;
  const rest = (text: string, from: number): string => text.slice(from);
  return (
    rest(word, at + 1) === rest(name, at + 1) ||
    rest(word, at + 1) === rest(name, at) ||
    rest(word, at) === rest(name, at + 1) ||
    (word[at] === name[at + 1] && word[at + 1] === name[at] && rest(word, at + 2) === rest(name, at + 2))
  );
}

/** The name of the command that a bad command line is of: the longest whose words it has. */
function meantCommand(argv: string[], commands: Command[]): string | undefined {
  return commands
    .map(({ name }) => name)
    .filter((name) => name.split(' ').every((word) => argv.includes(word)))
    .sort((a, b) => b.split(' ').length - a.split(' ').length)[0];
}

/** What can be done comes before the flags that all of it shares. */
function commandListHelp(program: CommanderCommand, help: Help): string {
  const entries = {
    'Commands:': help
      .visibleCommands(program)
      .flatMap((command) =>
        command.commands.length === 0
          ? [commandRow(command, help)]
          : command.commands.map((sub) => commandRow(sub, help, `${command.name()} `)),
      ),
    'Global options:': help
      .visibleOptions(program)
      .map((option) => [help.optionTerm(option), help.optionDescription(option)]),
  };
  const width = Math.max(...Object.values(entries).flatMap((list) => list.map(([term = '']) => term.length)));
  const lists = Object.entries(entries).flatMap(([heading, list]) => [
    heading,
    ...list.map(([term = '', description = '']) => help.formatItem(term, width, description, help)),
    '',
  ]);
  const about = help.commandDescription(program);
  const description = about === '' ? [] : [help.boxWrap(about, help.helpWidth ?? 80), ''];
  return [`Usage: ${help.commandUsage(program)}`, '', ...description, ...lists].join('\n');
}

const commandRow = (command: CommanderCommand, help: Help, before = ''): string[] => [
  before + help.subcommandTerm(command).replace(' [options]', ''),
  help.subcommandDescription(command),
];

/** A flag given after the command's name wins over one before it, and all over the default, which the last has. */
function globalFlags(levels: CommanderCommand[], shared: string[]): GlobalFlags {
  const values: Record<string, unknown> = {};
  for (const name of shared) {
    const given = levels.find((level) => level.getOptionValueSource(name) === 'cli');
    values[name] = (given ?? levels.at(-1))?.getOptionValue(name);
  }
  return {
    ...values,
    quiet: values.quiet === true,
    verbose: values.verbose === true,
    yes: values.yes === true,
    dryRun: values.dryRun === true,
  } as GlobalFlags;
}

function toOption({ flags, description, default: value, choices }: OptionSpec): Option {
  const option = new Option(flags, description);
  if (value !== undefined) option.default(value);
  if (choices) option.choices([...choices]);
  return option;
}

/** Beside each other where they fit; else what an example does stands below it. */
function examplesText({ examples }: Command, columns: number): string {
  const width = Math.max(...examples.map(({ line }) => line.length));
  // Wide characters take more columns than they count.
  const beside = examples.every(
    ({ line, what }) => width + what.length + 4 <= columns && /^[ -~]*$/.test(line),
  );
  const texts = examples.map(({ line, what }) =>
    beside ? `  ${line.padEnd(width)}  ${what}` : `  ${line}\n      ${what}`,
  );
  return `\nExamples:\n${texts.join('\n')}\n`;
}

/** @param command whose help is suggested; undefined for the general help */
function usageError(error: CommanderError, command: string | undefined): FlowError {
  const message = error.message.replace(/^error: /, '').replace(/\s+/g, ' ');
  return new FlowError(exitCodes.usage, 'BadUsage', message, {
    hint: `mbc-flow ${command === undefined ? '' : `${command} `}--help`,
  });
}
