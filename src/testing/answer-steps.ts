import { exitCodes, FlowError } from '../errors.js';
import { parsedJson } from '../json/json.js';
import type { LocalServer } from '../local/index.js';
import { findMeant } from '../operations/answer/find-steps.js';
import { prepareAnswer } from '../operations/answer/prepare-answer.js';
import { send } from '../operations/answer/send-answer.js';
import { createDefinitions } from '../operations/find/definition-of-execution.js';
import type { PausedTask } from '../operations/pending/read-paused.js';
import { type Resolving, resolveAll, resolveExecution } from '../operations/pending/resolve-paused.js';
import { noMemory } from '../ports/execution-memory.js';
import type { Decision } from '../workflow/answer/approval-decision.js';
import { redactedValue } from '../workflow/history/redact.js';
import type { StepReference } from './core-types.js';
import type { TestedStates } from './gateway.js';

/** Finds the steps that wait, and answers them as the commands do. */
export function createAnswering(
  states: TestedStates,
  { clock, evaluate }: Pick<LocalServer, 'clock' | 'evaluate'>,
) {
  const definitions = createDefinitions(states);
  const search = (executionArn?: string): Resolving => ({
    states,
    memory: noMemory,
    executionArn,
    deep: true,
    now: clock.now,
    signal: new AbortController().signal,
    onProgress() {},
    wanted: { conditions: [] },
    audit: { append: async () => {}, async *read() {} },
    targetName: 'the test',
    flagsForHints: '',
  });
  const paused = async (executionArn?: string): Promise<PausedTask[]> =>
    (await resolveAll(search(executionArn))).flatMap(({ task }) => task ?? []);

  const find = async (
    step: StepReference | undefined,
    executions: readonly string[],
  ): Promise<PausedTask | undefined> => {
    if (step === undefined) return only(await paused());
    if ('execution' in step) {
      if (step.scheduledId === undefined)
        return await resolveExecution(step.execution, search(step.execution));
      return (await paused(step.execution)).find(({ scheduledId }) => scheduledId === step.scheduledId);
    }
    const executionArn = async (reference: string): Promise<string> => {
      const found = executions.find((arn) => arn === reference || arn.split(':')[7] === reference);
      if (found !== undefined) return found;
      throw new FlowError(exitCodes.notFound, 'ExecutionNotFound', `there is no execution '${reference}'`);
    };
    const meant = { kind: 'reference', reference: step.reference } as const;
    const [found] = await findMeant(meant, { search: search(), definitions, executionArn });
    if (found?.error) throw found.error;
    return found?.task;
  };

  return {
    /** JSON text. @param executions in the order in which they began: time may have stood between them */
    async pending(executions: readonly string[]): Promise<string> {
      const began = ({ execution }: PausedTask): number => executions.indexOf(execution.executionArn);
      const tasks = (await paused()).sort((a, b) => a.since - b.since || began(a) - began(b));
      const steps = tasks.map((task) => ({
        requestId: task.requestId,
        state: task.stateName,
        execution: task.execution.executionArn,
        kind: task.kind,
        since: task.since,
        timeoutAt: task.timeoutAt,
        iteration: task.iteration,
        sent: redactedValue(parsedJson(task.parameters ?? 'null')),
        scheduledId: task.scheduledId,
      }));
      return JSON.stringify(steps);
    },
    async decide(step: StepReference | undefined, decision: Decision, executions: readonly string[]) {
      try {
        const task = await find(step, executions);
        if (!task) throw new FlowError(exitCodes.conflict, 'NotPaused', 'this step waits no more');
        const preparing = { decision, by: 'test', force: false, states, definitions, clock, evaluate };
        const { token, sending } = await prepareAnswer(task, preparing);
        await send(states, token.reveal(), sending);
      } catch (error) {
        throw withoutCommands(error);
      }
    },
  };
}

function only(tasks: PausedTask[]): PausedTask {
  const [task, another] = tasks;
  if (task && !another) return task;
  const steps = tasks.map(({ stateName, requestId }) => `${stateName}${requestId ? ` (${requestId})` : ''}`);
  throw new FlowError(
    exitCodes.conflict,
    task ? 'SeveralSteps' : 'NotPaused',
    task ? `${tasks.length} steps wait: ${steps.join(', ')}` : 'nothing waits for an answer',
    task && { hint: 'say which one: its request id, its execution, or what pending() tells' },
  );
}

/** What is hinted at are commands and their flags, which a test has not. */
function withoutCommands(error: unknown): unknown {
  if (!(error instanceof FlowError) || !/mbc-flow |--/.test(error.hint ?? '')) return error;
  const { exitCode, code, message, where } = error;
  const hint = code === 'SeveralSteps' ? 'pass what pending() tells' : undefined;
  return new FlowError(exitCode, code, message, { where, hint });
}
