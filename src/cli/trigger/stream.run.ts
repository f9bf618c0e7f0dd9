import { FlowError } from '../../errors.js';
import { type Attributes, itemsIn, toAttributes } from '../../events/attribute-value.js';
import { parseWritten } from '../../json/lossless.js';
import { draftStreamRecords, keyNames } from '../../operations/trigger/draft-records.js';
import type { Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import { jsonDocuments, readArgument } from '../shell/input/read-documents.js';
import { runTrigger } from './deliver.js';
import type { declaration } from './stream.js';

export const run: Run<typeof declaration> = async (context, [table, item], options) => {
  const { event: eventName, old: before, keys: named, marshalled } = options;
  const items = await readItems(context, item, marshalled);
  const [old] = before === undefined ? [] : await readItems(context, before, marshalled);
  return await runTrigger(context, options, {
    kind: 'stream',
    name: table,
    async draft(place, { tables }) {
      const keys = named ?? (await keyNames(tables, place.name, items));
      return draftStreamRecords(items, { eventName, old, keys }, place);
    },
  });
};

/** The rows of a JSON document, a list of them, or one a line. Not known to be `marshalled`: as they look. */
async function readItems(
  context: Context,
  given: string,
  marshalled: boolean | undefined,
): Promise<Attributes[]> {
  return jsonDocuments(await readArgument(context, given)).flatMap(({ text, where }) =>
    itemsIn(parseWritten(text)).map((item) => {
      try {
        return toAttributes(item, marshalled);
      } catch (error) {
        throw error instanceof FlowError ? placed(error, where) : error;
      }
    }),
  );
}

const placed = ({ exitCode, code, message, where, hint }: FlowError, file: string): FlowError =>
  new FlowError(exitCode, code, message, { where: `${file} at ${where}`, hint });
