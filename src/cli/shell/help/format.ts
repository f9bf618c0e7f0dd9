import type { Command as CommanderCommand, Help } from 'commander';
import type { Command, CommandGroup } from '../command.js';
import { helpTopics } from './topic-names.js';

/** What stands beside a term needs this many columns to be read; with fewer it stands below. */
const narrowest = 36;

/** Broken at spaces only: what is longer than the line stands as it is. */
export function wrapped(text: string, columns: number, indent = ''): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > columns) {
      lines.push(indent + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, indent + line].join('\n');
}

/** Terms and what they mean, beside each other where that can be read. */
export function definitions(
  rows: readonly (readonly [string, string])[],
  columns: number,
  width = Math.max(...rows.map(([term]) => term.length)),
): string {
  const beside = columns - width - 4 >= narrowest;
  return rows
    .map(([term, meaning]) => {
      if (meaning === '') return `  ${term}`;
      if (!beside) return `  ${term}\n${wrapped(meaning, columns, '      ')}`;
      const indent = ' '.repeat(width + 4);
      return `  ${term.padEnd(width)}  ${wrapped(meaning, columns, indent).slice(indent.length)}`;
    })
    .join('\n');
}

/** For commander: an item of a command's help, by the same rule. */
export const formatItem = (term: string, width: number, description: string, help: Help): string =>
  definitions([[term, description]], help.helpWidth ?? 80, width);

/** What can be done, by group, comes before the flags that all of it shares. */
export const commandListHelp =
  (groups: readonly CommandGroup[]) =>
  (program: CommanderCommand, help: Help): string => {
    const columns = help.helpWidth ?? 80;
    const rows = new Map(
      help
        .visibleCommands(program)
        .flatMap((command) => [command, ...command.commands])
        .map((command) => [pathOf(command), commandRow(command, program, help)]),
    );
    const lists = groups.flatMap(({ title, commands }) => {
      const shown = commands.flatMap(({ name }) => {
        const row = rows.get(name);
        return row ? [row] : [];
      });
      return shown.length === 0 ? [] : ([[`${title}:`, shown]] as const);
    });
    const options = help
      .visibleOptions(program)
      .map((option) => [help.optionTerm(option), help.optionDescription(option)] as const);
    const all = [...lists, ['Global options:', options] as const];
    const width = Math.max(...all.flatMap(([, list]) => list.map(([term]) => term.length)));
    const about = help.commandDescription(program);
    return [
      `Usage: ${help.commandUsage(program)}`,
      ...(about === '' ? [] : [wrapped(about, columns)]),
      ...all.map(([heading, list]) => `${heading}\n${definitions(list, columns, width)}`),
      ...(program.parent
        ? []
        : [
            wrapped(`Topics, for mbc-flow help <topic>: ${helpTopics.join(', ')}`, columns),
            wrapped(
              'New here? Try mbc-flow demo, then mbc-flow import your.csv, mbc-flow watch @last',
              columns,
            ),
          ]),
      '',
    ]
      .join('\n\n')
      .replace(/\n\n$/, '\n');
  };

/** `start`, `task start`. */
const pathOf = (command: CommanderCommand): string =>
  command.parent?.parent ? `${command.parent.name()} ${command.name()}` : command.name();

const commandRow = (
  command: CommanderCommand,
  program: CommanderCommand,
  help: Help,
): readonly [string, string] => {
  const term = help.subcommandTerm(command).replace(' [options]', '').replace(/\|\S+/, '');
  const group = command.parent && command.parent !== program ? `${command.parent.name()} ` : '';
  return [group + term, help.subcommandDescription(command)];
};

/** Beside each other where they fit; else what an example does stands below it. */
export function examplesText({ examples }: Command, columns: number): string {
  const width = Math.max(...examples.map(({ line }) => line.length));
  // Wide characters take more columns than they count.
  const beside = examples.every(
    ({ line, what }) => width + what.length + 4 <= columns && /^[ -~]*$/.test(line),
  );
  const texts = examples.map(({ line, what }) =>
    beside ? `  ${line.padEnd(width)}  ${what}` : `  ${line}\n${wrapped(what, columns, '      ')}`,
  );
  return `\nExamples:\n${texts.join('\n')}\n`;
}
