import type { StateMachineDescription } from '../../ports/aws.js';
import { functionNames } from '../../workflow/definition/function-names.js';
import { type Check, type Examined, ok, told } from './check.js';

const nameOf = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1);

/** The queues that call the machines' functions: what waits in them, and in their dead-letter queues. */
export async function* checkQueues(
  { gateways, flagsForHints }: Examined,
  machines: StateMachineDescription[],
): AsyncGenerator<Check> {
  const functions = new Set(machines.flatMap(({ definition }) => functionNames(definition)));
  const seen = new Set<string>();
  for (const name of functions) {
    const sources = yield* told(`${nameOf(name)} queues`, async () => ({
      value: (await gateways.functions.eventSources(name)).filter(({ arn }) => /^arn:[^:]*:sqs:/.test(arn)),
      found: [],
    }));
    for (const { arn } of sources ?? []) {
      if (seen.has(arn)) continue;
      seen.add(arn);
      const check = nameOf(arn);
      const deadLetters = yield* told(check, async () => {
        const { waiting, inFlight, deadLetterArn } = await gateways.queues.describe(
          await gateways.queues.url(arn),
        );
        const found: Check =
          deadLetterArn === undefined
            ? {
                check,
                status: 'warning',
                message: `${backlog(waiting, inFlight)}; it has no dead-letter queue: a message that always fails is retried until it expires`,
                hint: 'set its deadLetterQueue (mbc-flow scaffold stack has them)',
              }
            : ok(check, backlog(waiting, inFlight));
        return { value: deadLetterArn, found: [found] };
      });
      if (deadLetters === undefined || seen.has(deadLetters)) continue;
      seen.add(deadLetters);
      const own = nameOf(deadLetters);
      yield* told(own, async () => {
        const { waiting } = await gateways.queues.describe(await gateways.queues.url(deadLetters));
        if (waiting === 0) return { found: [ok(own, 'empty')] };
        const message = `${waiting} ${waiting === 1 ? 'message' : 'messages'} that always failed`;
        return {
          found: [
            {
              check: own,
              status: 'warning',
              message,
              hint: `mbc-flow logs ${nameOf(name)} --errors${flagsForHints}`,
            },
          ],
        };
      });
    }
  }
}

const backlog = (waiting: number, inFlight: number): string =>
  waiting + inFlight === 0 ? 'empty' : `${waiting} waiting, ${inFlight} in flight`;
