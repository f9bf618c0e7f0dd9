import { command, declare } from '../shell/command.js';
import { sharedOptions, whichFunction } from './options.js';

export const declaration = declare({
  name: 'trigger stream',
  changes: true,
  summary: "Deliver a row to a function, as its table's stream would",
  description: `The event is the one of AWS's event source mapping, with one record; several rows are delivered one by one, in their order. ${whichFunction}`,
  arguments: [
    { syntax: '<table>', description: 'with or without the prefix of the target' },
    {
      syntax: '<item>',
      description:
        'row as JSON, a list, NDJSON, or what aws dynamodb printed: a file, @file, -, or the JSON itself',
    },
  ],
  options: [
    {
      flags: '--event <name>',
      description: 'what happened to the row',
      choices: ['INSERT', 'MODIFY', 'REMOVE'],
      default: 'INSERT',
    },
    { flags: '--old <item>', description: 'the row as it was before (OldImage)' },
    { flags: '--marshalled', description: 'the row has types, {"pk":{"S":"…"}} (default: as it looks)' },
    {
      flags: '--keys <names>',
      description: 'key attributes of the table (default: pk,sk, else what the table says)',
      parse: (text: string): string[] => text.split(',').map((key) => key.trim()),
    },
    ...sharedOptions,
  ],
  examples: [
    {
      line: 'mbc-flow trigger stream sample-command command.json --follow',
      what: 'a published command, from check_version to finish',
    },
    {
      line: 'mbc-flow trigger stream sample-command command.json --dry-run -o json',
      what: 'print the event, deliver nothing',
    },
    {
      line: 'mbc-flow trigger stream tasks - --filter none',
      what: 'whatever the filter says',
    },
  ],
});

export const triggerStream = command(declaration, () => import('./stream.run.js'));
