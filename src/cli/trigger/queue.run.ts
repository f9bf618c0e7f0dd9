import { draftMessages } from '../../operations/trigger/draft-records.js';
import type { Place } from '../../operations/trigger/plan-trigger.js';
import type { Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import { jsonDocuments, readArgument } from '../shell/input/read-documents.js';
import { runTrigger } from './deliver.js';
import type { declaration } from './queue.js';

export const run: Run<typeof declaration> = async (context, [queue, message], options) => {
  const { attribute = [], group: groupId, sns } = options;
  const bodies = await readBodies(context, message);
  const attributes = Object.fromEntries(attribute);
  return await runTrigger(context, options, {
    kind: 'queue',
    name: queue,
    draft: async (place) =>
      draftMessages(
        bodies,
        { attributes, groupId, topicArn: sns === undefined ? undefined : topicOf(sns, place) },
        place,
      ),
  });
};

/** The text itself is the body; one message a line where each line is JSON. */
async function readBodies(context: Context, given: string): Promise<string[]> {
  const document = await readArgument(context, given);
  try {
    return jsonDocuments(document).map(({ text }) => text.trim());
  } catch {
    return [document.text.trimEnd()];
  }
}

/** `true`: the framework's topic. */
function topicOf(sns: string | true, { region, account, prefix = '' }: Place): string {
  const topic = sns === true ? `${prefix}main-sns` : sns;
  return topic.startsWith('arn:') ? topic : `arn:aws:sns:${region}:${account}:${topic}`;
}
