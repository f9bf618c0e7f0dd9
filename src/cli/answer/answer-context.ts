import type { Answering } from '../../operations/answer/answer-context.js';
import { createDefinitions } from '../../operations/find/definition-of-execution.js';
import type { Decision } from '../../workflow/answer/approval-decision.js';
import type { Context } from '../shell/context.js';
import type { Target } from '../shell/target.js';

/** All that answering on this target takes. */
export async function answeringOn(
  context: Context,
  target: Target,
  decision: Decision,
  { force = false, run }: { force?: boolean; run?: string },
): Promise<Answering> {
  const { states } = target.gateways;
  return {
    decision,
    by: await target.callerArn(),
    force,
    run,
    target: target.name,
    states,
    definitions: createDefinitions(states),
    audit: target.audited(context.audit),
    evaluate: context.evaluate,
    clock: context.clock,
    pollMilliseconds: target.pollMilliseconds,
    waits: context.waits,
    signal: context.signal,
  };
}
