import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { isObject, parsedJson } from '../json/json.js';
import type { QueueGateway } from '../ports/aws.js';
import { type ClientSettings, equip, sdkConfig, sender } from './client.js';

/** ReceiveMessage gives no more. */
const mostMessages = 10;
/** SQS answers from some of its servers at a time: an empty answer is not the end. */
const emptyAnswers = 2;

/** SQS over the AWS SDK: only ever looked at. */
export function createQueueGateway(settings: ClientSettings): QueueGateway {
  const client = equip(
    new SQSClient({ ...sdkConfig(settings), useQueueUrlAsEndpoint: false, md5: false }),
    settings,
  );
  const send = sender(settings, 'SQS');
  return {
    async describe(url) {
      const { Attributes = {} } = await send('GetQueueAttributes', () =>
        client.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] })),
      );
      const count = (name: keyof typeof Attributes): number => Number(Attributes[name] ?? 0);
      const policy = parsedJson(Attributes.RedrivePolicy);
      const deadLetterArn = isObject(policy) ? policy.deadLetterTargetArn : undefined;
      return {
        waiting: count('ApproximateNumberOfMessages') + count('ApproximateNumberOfMessagesDelayed'),
        inFlight: count('ApproximateNumberOfMessagesNotVisible'),
        ...(typeof deadLetterArn === 'string' && { deadLetterArn }),
      };
    },

    async url(arn) {
      const name = arn.slice(arn.lastIndexOf(':') + 1);
      const { QueueUrl = '' } = await send('GetQueueUrl', () =>
        client.send(new GetQueueUrlCommand({ QueueName: name })),
      );
      return QueueUrl;
    },

    async peek(url, atMost) {
      const bodies = new Map<string, string>();
      for (let empty = 0; empty < emptyAnswers && bodies.size < atMost; ) {
        const before = bodies.size;
        const { Messages = [] } = await send('ReceiveMessage', () =>
          client.send(
            // Visible again before the answer is here: nobody misses a message that was only looked at.
            new ReceiveMessageCommand({
              QueueUrl: url,
              MaxNumberOfMessages: mostMessages,
              VisibilityTimeout: 0,
            }),
          ),
        );
        for (const { MessageId = '', Body = '' } of Messages) bodies.set(MessageId, Body);
        if (bodies.size === before) empty++;
      }
      return [...bodies.values()];
    },
  };
}
