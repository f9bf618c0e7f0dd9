import { exitCodes, FlowError } from '../../errors.js';
import type { Command, Context } from '../shell/command.js';
import { jsonDocuments, readArgument } from '../shell/read-documents.js';
import { type Place, runTrigger, sharedOptions, whichFunction } from './deliver.js';

export const triggerQueue: Command = {
  name: 'trigger queue',
  changes: true,
  summary: 'Deliver a message to a function, as its queue would',
  description: `The event is the one of AWS's event source mapping, with one message; several are delivered one by one. ${whichFunction}`,
  arguments: [
    { syntax: '<queue>', description: 'with or without the prefix of the target' },
    {
      syntax: '<message>',
      description: 'its body, JSON or text; NDJSON is several: a file, @file, -, or the text',
    },
  ],
  options: [
    { flags: '--sns [topic]', description: 'in the envelope of a topic of SNS (main-sns)' },
    { flags: '--attribute <name=value...>', description: 'attributes of the message' },
    { flags: '--group <id>', description: 'message group, in a FIFO queue' },
    ...sharedOptions,
  ],
  examples: [
    {
      line: 'mbc-flow trigger queue task-action-queue message.json --follow',
      what: 'a message; wait for what it starts',
    },
    {
      line: 'mbc-flow trigger queue notification-queue message.json --sns --attribute action=command-status',
      what: 'as SNS wraps it',
    },
  ],
  async run(context, [queue, message], options) {
    const { draftMessages } = await import('../../operations/trigger/draft-records.js');
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
  },
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
