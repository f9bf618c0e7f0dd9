import { Command as CommanderCommand, CommanderError, Option } from 'commander';
import { exitCodes, FlowError } from '../../errors.js';
import type { Command, CommandGroup, OptionSpec } from './command.js';
import { globalOptions } from './global-options.js';
import { commandListHelp, examplesText, formatItem } from './help/format.js';
import type { OutputForm } from './printer.js';
import { unknownCommand } from './unknown-command.js';
import { isWrongValue, usageError } from './usage-error.js';

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
  utc: boolean;
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
  groups: readonly CommandGroup[],
  version: string,
  print: (text: string) => void,
  columns = 80,
): Invocation | undefined {
  let invocation: Invocation | undefined;
  const program = createProgram(print, columns);
  const shared = globalOptions.map((option) => {
    const made = toGlobalOption(option);
    program.addOption(made);
    return made.attributeName();
  });
  program.command('version', { hidden: true }).action(() => void program.setOptionValue('version', true));
  const named = new Map<string, CommanderCommand>();
  /** Commands of one word, which may have commands of their own: `import`, and `import list`. */
  const plain = new Map<string, CommanderCommand>();
  const commands = groups.flatMap((group) => group.commands);
  for (const command of namedFirst(argv, commands)) {
    const [name = '', groupName] = command.name.split(' ').reverse();
    const group =
      groupName === undefined ? undefined : (plain.get(groupName) ?? namedGroup(program, named, groupName));
    const sub = (group ?? program).command(name).summary(command.summary);
    if (!group) plain.set(name, sub);
    sub.showSuggestionAfterError(true).aliases(command.aliases ?? []);
    for (const { syntax, description } of command.arguments ?? []) sub.argument(syntax, description);
    // Its own flags would take those of the command below it.
    if (isAbove(command, argv, commands)) continue;
    // The flags of those that are not meant are not even built.
    if (![name, ...(command.aliases ?? [])].some((word) => argv.includes(word))) continue;
    buildOptions(sub, command, columns);
    sub.action((...received: unknown[]) => {
      const args = received
        .slice(0, -2)
        .map((arg, at) => arg ?? (command.arguments?.[at]?.syntax.includes('...') ? [] : undefined));
      refuseEmpty(command, args);
      const options = parsedOptions(command, sub.opts(), shared);
      const levels = [sub, ...(group ? [group] : []), program];
      invocation = { command, args: args as Invocation['args'], options, flags: globalFlags(levels, shared) };
    });
  }
  // After the commands are made, which would inherit it.
  for (const command of [program, ...named.values()])
    command.configureHelp({ formatHelp: commandListHelp(groups) });
  if (argv.length === 0) {
    program.outputHelp();
    return undefined;
  }
  /** Known when the whole line is read, so that a flag after it is checked as well. */
  const wantsVersion = (): boolean => program.getOptionValue('version') === true;
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    const group = [...named].find(([name]) => argv.includes(name));
    const unknown = error.code === 'commander.unknownCommand';
    if (isWrongValue(error) || !wantsVersion()) {
      if (error.code === 'commander.help' && group) {
        group[1].outputHelp();
        return undefined;
      }
      if (unknown && !group) throw unknownCommand(argv, error, commands);
      throw usageError(error, argv, unknown ? group?.[0] : meantCommand(argv, commands), commands);
    }
  }
  if (!wantsVersion()) return invocation;
  print(`${version}\n`);
  return undefined;
}

/** Start-up is a feature: where the first word names a command, no other is made. */
function namedFirst([word = '']: string[], commands: readonly Command[]): readonly Command[] {
  const first = commands.find(
    ({ name, aliases = [] }) =>
      name.split(' ')[0] === word || (!name.includes(' ') && aliases.includes(word)),
  );
  if (!first) return commands;
  const [group] = first.name.split(' ');
  return commands.filter(({ name }) => name.split(' ')[0] === group);
}

/** A shell's variable that is not set names nothing, and must not be taken for everything. @throws FlowError 2 */
function refuseEmpty(command: Command, args: unknown[]): void {
  for (const [at, { syntax, mayBeEmpty }] of (command.arguments ?? []).entries())
    if (!mayBeEmpty && [args[at]].flat().some((word) => typeof word === 'string' && word.trim() === ''))
      throw new FlowError(exitCodes.usage, 'BadUsage', `the argument ${syntax} is empty`, {
        hint: `mbc-flow ${command.name} --help`,
      });
}

/** True for `import` where the words are `import list`. */
function isAbove({ name }: Command, words: string[], commands: readonly Command[]): boolean {
  const next = words[words.indexOf(name) + 1];
  return words.includes(name) && commands.some((other) => other.name === `${name} ${next}`);
}

function createProgram(print: (text: string) => void, columns: number): CommanderCommand {
  return (
    new CommanderCommand('mbc-flow')
      .description('Run, watch and answer AWS Step Functions workflows, on AWS or on this machine.')
      .usage('<command> [options]')
      .option('--version', 'print the version')
      .helpOption('-h, --help', 'show help for mbc-flow or a command')
      .helpCommand(false)
      // Commander's own would name commands that change something.
      .showSuggestionAfterError(false)
      .configureOutput({ writeOut: print, writeErr: () => {}, getOutHelpWidth: () => columns })
      .configureHelp({
        formatItem: (term, width, description, help) => formatItem(term, width, description, help),
      })
      .exitOverride()
  );
}

function buildOptions(sub: CommanderCommand, command: Command, columns: number): void {
  sub.description(`${command.summary}. ${command.description ?? ''}`.trim());
  for (const option of command.options ?? []) sub.addOption(toOption(option));
  addGlobalOptions(sub);
  sub.addHelpText('after', examplesText(command, columns));
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
function namedGroup(
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
    command.addOption(toGlobalOption({ ...option, default: undefined }).helpGroup('Global options:'));
}

/** The name of the command that a bad command line is of: the longest whose words it has, and the first of those. */
function meantCommand(argv: string[], commands: readonly Command[]): string | undefined {
  const firstAt = (name: string): number => argv.indexOf(name.split(' ')[0] ?? '');
  return commands
    .map(({ name }) => name)
    .filter((name) => name.split(' ').every((word) => argv.includes(word)))
    .sort((a, b) => b.split(' ').length - a.split(' ').length || firstAt(a) - firstAt(b))[0];
}

/** A flag given after the command's name wins over one before it, and all over the default, which the last has. */
function globalFlags(levels: CommanderCommand[], shared: string[]): GlobalFlags {
  const values: Record<string, unknown> = {};
  for (const name of shared) {
    const given = levels.find((level) => level.getOptionValueSource(name) === 'cli');
    values[name] = (given ?? levels.at(-1))?.getOptionValue(name);
  }
  return {
    ...values,
    utc: values.utc === true,
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

/** Its value is checked as it is read: also where help or the version is all that is asked for. */
function toGlobalOption(spec: OptionSpec): Option {
  const option = toOption(spec);
  const { parse } = spec;
  return parse ? option.argParser((text) => parse(text, option.long ?? spec.flags)) : option;
}
