import { jsonOf } from '../../asl/data/value.js';
import type { Stimulus } from '../../asl/engine/protocol.js';
import { isActivity } from '../arns.js';
import type { Clock } from '../clock.js';
import type { GivenAnswer, InProcess } from '../options.js';
import type { InvokeTask, Performers } from '../runtime/live-execution.js';
import type { TaskReference } from '../runtime/tokens.js';

type Invoke = Performers['invoke'];

/** Calls what a Task names, but for what is answered in the server's own process. */
export function withGivenAnswers(
  { answer }: Pick<InProcess, 'answer'>,
  clock: Clock,
  deliver: (task: TaskReference, stimulus: Stimulus) => Promise<unknown>,
  call: Invoke,
): Invoke {
  return async (task, row, signal) => {
    const { stateName, resource, taskId } = task;
    const parameters = jsonOf(task.parameters);
    const waits = task.taskToken !== undefined || isActivity(resource);
    const given = await answer({ executionArn: row.arn, stateName, resource, parameters, waits });
    if (!given) return await call(task, row, signal);
    if (given.type === 'never') return undefined;
    const { after = 0 } = given;
    if (after === 0) return stimulusOf(given, task, clock.now());
    const cancel = clock.at(clock.now() + after, () => {
      const stimulus = stimulusOf(given, task, clock.now());
      void deliver({ executionId: row.id, taskId }, stimulus).finally(clock.hold());
    });
    signal.addEventListener('abort', cancel, { once: true });
    return undefined;
  };
}

function stimulusOf(
  given: Exclude<GivenAnswer, { type: 'never' }>,
  { taskId }: InvokeTask,
  at: number,
): Stimulus {
  if (given.type === 'success') return { type: 'TaskSucceeded', at, taskId, output: given.output };
  if (given.type === 'submitted') return { type: 'TaskSubmitted', at, taskId, output: given.output };
  return { type: 'TaskFailed', at, taskId, error: given.error, cause: given.cause };
}
