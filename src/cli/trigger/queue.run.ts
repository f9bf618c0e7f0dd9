import { exitCodes, FlowError } from '../../errors.js';
import { draftMessages } from '../../operations/trigger/draft-records.js';
import type { Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import { jsonDocuments, readArgument } from '../shell/read-documents.js';
import { type Place, runTrigger } from './deliver.js';
import type { declaration } from './queue.js';

export const run: Run<typeof declaration> = async (context, [queue, message], options) => {
  const bodies = await readBodies(context, String(message));
  const attributes = attributesOf(options.attribute as string[] | undefined);
  const groupId = options.group as string | undefined;
  return await runTrigger(context, options, {
    kind: 'queue',
    name: String(queue),
    prefix: ({ prefix }) => prefix,
    draft: async (place) =>
      draftMessages(bodies, { attributes, groupId, topicArn: topicOf(options.sns, place) }, place),
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

function attributesOf(pairs: string[] = []): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
      if (name !== undefined && value !== undefined) return [name, value];
      throw new FlowError(exitCodes.usage, 'BadUsage', `${pair} is no attribute`, {
        where: '--attribute',
        hint: '--attribute action=task-execute',
      });
    }),
  );
}

function topicOf(sns: unknown, { region, account, prefix = '' }: Place): string | undefined {
  if (sns === undefined) return undefined;
  const topic = sns === true ? `${prefix}main-sns` : String(sns);
  return topic.startsWith('arn:') ? topic : `arn:aws:sns:${region}:${account}:${topic}`;
}
