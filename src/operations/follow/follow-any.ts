import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { exitCodes, FlowError } from '../../errors.js';
import type { Gateways, LogEvent } from '../../ports/aws.js';
import { patiently, rest } from '../../ports/retry.js';
import { createEventBuffer } from '../../workflow/history/event-buffer.js';
import { createModel, type ExecutionModel } from '../../workflow/history/execution-model.js';
import { applyEvents } from '../../workflow/history/fold.js';
import { createLogTail } from '../../workflow/logs/log-tail.js';
import { isExpress } from '../../workflow/names/arn.js';
import {
  type ExpressLog,
  findExpressLog,
  historyOf,
  linesOf,
  noLines,
  RECENT_MILLISECONDS,
  readLines,
} from './express-log.js';
import { type FollowOptions, followExecution } from './follow-execution.js';
import { toLine } from './tail-logs.js';

/** Follows any execution: a STANDARD one by its history, an EXPRESS one by its machine's log. */
export const followAnyExecution = (
  gateways: Pick<Gateways, 'states' | 'logs'>,
  executionArn: string,
  options: FollowOptions,
): Promise<ExecutionModel> =>
  isExpress(executionArn)
    ? followExpressExecution(gateways, executionArn, options)
    : followExecution(gateways.states, executionArn, options);

/** How long is waited, in milliseconds, for a first line; */
const FIRST_LINE = 60_000;
/** for a line that others have overtaken (delivery is at best effort: some never come); */
const OVERTAKEN = 10_000;
/** and for the next one: the execution may wait for as long as it may live, five minutes. */
const NEXT_LINE = 6 * 60_000;

/**
 * Folds the execution's lines as they come, in the order of their ids, until its end or until `signal` fires.
 * @throws FlowError 2 that says what to enable, 3 where no line comes, 1 where its end is never told
 */
async function followExpressExecution(
  { states, logs }: Pick<Gateways, 'states' | 'logs'>,
  executionArn: string,
  options: FollowOptions,
): Promise<ExecutionModel> {
  const { signal, clock, onUpdate } = options;
  const log = await findExpressLog(states, executionArn);
  const model = createModel();
  const buffer = createEventBuffer();
  const fold = (events: HistoryEvent[]): void => {
    if (events.length === 0) return;
    const changes = applyEvents(model, events);
    onUpdate?.(model, [], events, changes);
  };
  const first = await linesOf(logs, log, executionArn, clock.now());
  let newsAt = clock.now();
  const tail = createLogTail((first[0]?.timestamp ?? newsAt) - RECENT_MILLISECONDS, true);
  const readOn = (): Promise<LogEvent[]> =>
    patiently(options, () => readLines(logs, log.group, executionArn, tail.from(log.group, clock.now())));
  for (let page = first; ; page = await readOn()) {
    const fresh = tail.take(page.map(toLine), clock.now());
    if (fresh.length > 0) {
      newsAt = clock.now();
      fold(buffer.add(historyOf(fresh).events));
    }
    const silent = clock.now() - newsAt;
    if (!log.complete || (buffer.held > 0 && silent >= OVERTAKEN)) fold(buffer.flush());
    if (model.status !== 'RUNNING' || signal.aborted) return model;
    refuseToWait(log, executionArn, model, silent);
    await rest(options, options.pollMilliseconds);
    if (signal.aborted) return model;
  }
}

function refuseToWait(log: ExpressLog, executionArn: string, model: ExecutionModel, silent: number): void {
  if (!log.complete || (model.lastEventId === 0 && silent >= FIRST_LINE)) throw noLines(log, executionArn);
  if (silent < NEXT_LINE) return;
  throw new FlowError(exitCodes.failed, 'EndNotLogged', `${log.group} never told the end of this execution`, {
    where: executionArn,
    hint: 'CloudWatch Logs may lose a line: look at what it should have done',
  });
}
