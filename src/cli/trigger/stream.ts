import { FlowError } from '../../errors.js';
import type { Attributes } from '../../events/attribute-value.js';
import type { StreamEventName } from '../../events/stream-record.js';
import type { Command, Context } from '../shell/command.js';
import { jsonDocuments, readArgument } from '../shell/read-documents.js';
import { runTrigger, sharedOptions, whichFunction } from './deliver.js';

export const triggerStream: Command = {
  name: 'trigger stream',
  changes: true,
  summary: "Deliver a row to a function, as its table's stream would",
  description: `The event is the one of AWS's event source mapping, with one record; several rows are delivered one by one, in their order. ${whichFunction}`,
  arguments: [
    { syntax: '<table>', description: 'with or without the prefix of the target' },
    {
      syntax: '<item>',
      description: 'row as JSON, a list, NDJSON, or what aws dynamodb printed: a file, @file, -, or the text',
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
  async run(context, [table, item], options) {
    const { draftStreamRecords, keyNames } = await import('../../operations/trigger/draft-records.js');
    const items = await readItems(context, String(item), options.marshalled);
    const [old] =
      typeof options.old === 'string' ? await readItems(context, options.old, options.marshalled) : [];
    const eventName = options.event as StreamEventName;
    const named =
      typeof options.keys === 'string' ? options.keys.split(',').map((key) => key.trim()) : undefined;
    return await runTrigger(context, options, {
      kind: 'stream',
      name: String(table),
      prefix: ({ tablePrefix }) => tablePrefix,
      async draft(place, { tables }) {
        const keys = named ?? (await keyNames(tables, place.name, items));
        return draftStreamRecords(items, { eventName, old, keys }, place);
      },
    });
  },
};

/** The rows of a JSON document, a list of them, or one a line. */
async function readItems(context: Context, given: string, flag: unknown): Promise<Attributes[]> {
  const [{ itemsIn, toAttributes }, { parseExact }] = await Promise.all([
    import('../../events/attribute-value.js'),
    import('../../json/exact.js'),
  ]);
  const marshalled = flag === true ? true : undefined;
  return jsonDocuments(await readArgument(context, given)).flatMap(({ text, where }) => {
    return itemsIn(parseExact(text)).map((item) => {
      try {
        return toAttributes(item, marshalled);
      } catch (error) {
        throw error instanceof FlowError ? placed(error, where) : error;
      }
    });
  });
}

const placed = ({ exitCode, code, message, where, hint }: FlowError, file: string): FlowError =>
  new FlowError(exitCode, code, message, { where: `${file} at ${where}`, hint });
