import { Command as CommanderCommand, CommanderError, Option } from 'commander';
import { exitCodes, FlowError } from '../errors.js';
import type { Command, CommandOption } from './command.js';

/** The flags that every command takes, as commander parsed them. */
export interface GlobalFlags {
  target?: string;
  local?: boolean;
  profile?: string;
  region?: string;
  endpointUrl?: string;
  dataDir?: string;
  output: 'text' | 'json' | 'ndjson';
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

const globalOptions: CommandOption[] = [
  { flags: '--target <name>', description: 'a target of mbc-flow.json, local, or env (MBC_FLOW_TARGET)' },
  { flags: '--local', description: 'the embedded local server, whatever the config says' },
  { flags: '--profile <name>', description: 'AWS profile' },
  { flags: '--region <name>', description: 'AWS region' },
  { flags: '--endpoint-url <url>', description: 'endpoint of every service instead of AWS' },
  {
    flags: '--data-dir <dir>',
    description: "the local server's data (MBC_FLOW_DATA_DIR; default .mbc-flow)",
  },
  {
    flags: '-o, --output <form>',
    description: 'form of the results',
    default: 'text',
    choices: ['text', 'json', 'ndjson'],
  },
  { flags: '--no-color', description: 'no colours (NO_COLOR)' },
  { flags: '-q, --quiet', description: 'results and errors only' },
  { flags: '-v, --verbose', description: 'tell each API call with its duration' },
  { flags: '-y, --yes', description: 'do not ask; needed for protected targets without a terminal' },
  { flags: '-n, --dry-run', description: 'say what would be done, change nothing' },
];

/**
 * Parses the command line. Resolves with what to run; undefined when help or the version was asked for and is
 * printed by `print`.
 * @throws FlowError (exit 2) for anything that is no proper command line
 */
export function parseCommandLine(
  argv: string[],
  commands: Command[],
  version: string,
  print: (text: string) => void,
): Invocation | undefined {
  let invocation: Invocation | undefined;
  const quiet = { writeOut: print, writeErr: () => {} };
  const program = new CommanderCommand('mbc-flow')
    .description('Run, watch and answer AWS Step Functions workflows: on AWS, or on this machine without it.')
    .usage('<command> [options]')
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'help of mbc-flow or of a command')
    .helpCommand(false)
    .configureOutput(quiet)
    .exitOverride()
    .showSuggestionAfterError(true);
  program.addHelpText(
    'after',
    '\nNew here? mbc-flow demo. Then: mbc-flow import your.csv; mbc-flow watch @last\n',
  );
  const shared = new Set<string>();
  for (const option of globalOptions) {
    const made = toOption(option);
    shared.add(made.attributeName());
    program.addOption(made);
  }
  for (const command of commands) {
    const sub = program
      .command(command.name)
      .summary(command.summary)
      .description(`${command.summary}. ${command.description ?? ''}`.trim())
      .configureOutput(quiet)
      .exitOverride();
    for (const { syntax, description } of command.arguments ?? []) sub.argument(syntax, description);
    for (const option of command.options ?? []) sub.addOption(toOption(option));
    for (const option of globalOptions)
      sub.addOption(toOption({ ...option, default: undefined }).helpGroup('Global options:'));
    sub.addHelpText('after', examplesText(command));
    sub.action((...received: unknown[]) => {
      const args = received.slice(0, -2) as Invocation['args'];
      const own = sub.opts();
      const options = Object.fromEntries(Object.entries(own).filter(([name]) => !shared.has(name)));
      invocation = { command, args, options, flags: globalFlags(program, sub, shared) };
    });
  }
  if (argv.length === 0) {
    program.outputHelp();
    return undefined;
  }
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw usageError(error, argv);
  }
  return invocation;
}

/** A flag given after the command's name wins over one before it, and both over the default. */
function globalFlags(program: CommanderCommand, sub: CommanderCommand, shared: Set<string>): GlobalFlags {
  const values: Record<string, unknown> = {};
  for (const name of shared) {
    const given = (command: CommanderCommand): boolean => command.getOptionValueSource(name) === 'cli';
    values[name] = (given(sub) ? sub : program).getOptionValue(name);
  }
  return {
    ...values,
    quiet: values.quiet === true,
    verbose: values.verbose === true,
    yes: values.yes === true,
    dryRun: values.dryRun === true,
  } as GlobalFlags;
}

function toOption({ flags, description, default: value, choices }: CommandOption): Option {
  const option = new Option(flags, description);
  if (value !== undefined) option.default(value);
  if (choices) option.choices(choices);
  return option;
}

function examplesText({ examples }: Command): string {
  const width = Math.max(...examples.map(({ line }) => line.length));
  return `\nExamples:\n${examples.map(({ line, what }) => `  ${line.padEnd(width)}  ${what}`).join('\n')}\n`;
}

function usageError(error: CommanderError, argv: string[]): FlowError {
  const message = error.message.replace(/^error: /, '').replace(/\s+/g, ' ');
  const command = argv.find((word) => !word.startsWith('-'));
  const known = error.code !== 'commander.unknownCommand' && command !== undefined;
  return new FlowError(exitCodes.usage, 'BadUsage', message, {
    hint: `mbc-flow ${known ? `${command} ` : ''}--help`,
  });
}
