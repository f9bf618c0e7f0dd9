import { isObject, type Json, parsedJson } from '../../../json/json.js';
import type { Gateways } from '../../../ports/aws.js';

/** Messages of 255 KB at most, each with many rows. */
const mostMessages = 100;

/** The rows of an import that are in the dead-letter queue, as they were queued: nothing is taken out. */
export async function deadLetters(
  { queues }: Pick<Gateways, 'queues'>,
  deadLetterArn: string,
  jobId: string,
): Promise<Json[]> {
  const bodies = await queues.peek(await queues.url(deadLetterArn), mostMessages);
  return bodies.flatMap((body) => {
    const message = parsedJson(body);
    const isOurs = isObject(message) && message.sourceId === jobId && Array.isArray(message.items);
    return isOurs ? (message.items as Json[]) : [];
  });
}
