import { FlowError } from '../../errors.js';
import type { Attributes } from '../../events/attribute-value.js';
import { itemsIn, toAttributes } from '../../events/attribute-value.js';
import type { StreamEventName } from '../../events/stream-record.js';
import { parseExact } from '../../json/exact.js';
import { draftStreamRecords, keyNames } from '../../operations/trigger/draft-records.js';
import type { Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import { jsonDocuments, readArgument } from '../shell/read-documents.js';
import { runTrigger } from './deliver.js';
import type { declaration } from './stream.js';

export const run: Run<typeof declaration> = async (context, [table, item], options) => {
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
};

/** The rows of a JSON document, a list of them, or one a line. */
async function readItems(context: Context, given: string, flag: unknown): Promise<Attributes[]> {
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
