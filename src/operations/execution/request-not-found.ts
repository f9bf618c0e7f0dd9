import { exitCodes, FlowError } from '../../errors.js';
import { nearMisses } from '../../workflow/answer/near-misses.js';

/** No execution has this request id. @param others those that were seen on the way */
export function requestNotFound(
  requestId: string,
  others: string[],
  target: { name: string; flagsForHints: string },
): FlowError {
  const near = nearMisses(requestId, others);
  return new FlowError(
    exitCodes.notFound,
    'RequestNotFound',
    `no execution with request id ${requestId} on target ${target.name}${near.length > 0 ? `; near: ${near.join(', ')}` : ''}`,
    { hint: `mbc-flow list${target.flagsForHints} --since 7d`, details: { near } },
  );
}
