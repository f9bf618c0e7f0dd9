import { type CommandGroup, command, declare } from '../command.js';
import { helpTopics } from './topic-names.js';

export const helpDeclaration = declare({
  name: 'help',
  summary: 'Show help for a command or a topic',
  description: `Topics: ${helpTopics.join(', ')}.`,
  arguments: [{ syntax: '[words...]', description: 'a command, or a topic' }],
  examples: [
    { line: 'mbc-flow help import', what: 'the same as mbc-flow import --help' },
    { line: 'mbc-flow help exit-codes', what: 'what a script can tell from the exit code' },
  ],
});

/** `help`; `groups` are the commands that it explains, itself among them. */
export const helpOf = (groups: () => readonly CommandGroup[]) =>
  command(helpDeclaration, async () => {
    const { help } = await import('./help.run.js');
    return { run: help(groups()) };
  });
