import { exitCodes, FlowError } from '../../../errors.js';
import type { CommandGroup } from '../command.js';
import { parseCommandLine } from '../parse-command-line.js';
import { topicText } from './topics.js';

/** The page of a command, of a group of commands (`task`), or of a topic. @throws FlowError 2 */
export function helpText(words: string[], groups: readonly CommandGroup[], columns: number): string {
  const [topic = ''] = words;
  const text = words.length === 1 ? topicText(topic, columns) : undefined;
  if (text !== undefined) return text;
  const names = groups
    .flatMap(({ commands }) => commands)
    .flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  const wanted = words.join(' ');
  if (words.length > 0 && !names.some((name) => name === wanted || name.startsWith(`${wanted} `)))
    throw new FlowError(exitCodes.usage, 'UnknownTopic', `no command or help topic '${wanted}'`, {
      hint: 'mbc-flow help',
    });
  let page = '';
  parseCommandLine([...words, '--help'], groups, '', (part) => (page += part), columns);
  return page;
}
