import { OUT_OF_MEMORY, OUT_OF_TIME } from '../../asl/data/jsonata-limits.mjs';
import type { Evaluate } from '../../asl/engine/map-item.js';
import type { Env, Evaluation, Step, Stimulus } from '../../asl/engine/protocol.js';
import { type Execution, transition } from '../../asl/engine/transition.js';

/** Of executions that are only thought through: nobody hears of their tokens and map runs. */
export const imagined: Env = { taskToken: () => 'token', mapRunArn: () => 'map run', random: () => 0.5 };

/** Evaluations after which a trial gives up: what goes round in JSONata may do so for hours. */
const MOST_EVALUATIONS = 1000;

/**
 * A transition and those that its expressions need before it is through: at once where it has none. `told`: what was
 * evaluated. Throws where an expression passes a limit here (on AWS it may not), and what `evaluate` throws.
 */
export function moved(
  execution: Execution,
  stimulus: Stimulus,
  evaluate: Evaluate,
  told: (evaluation: Evaluation) => void = () => {},
): Step | Promise<Step> {
  const step = transition(execution, stimulus);
  return step.effects.some(({ type }) => type === 'Evaluate')
    ? evaluated(execution, stimulus, step, evaluate, told)
    : step;
}

async function evaluated(
  execution: Execution,
  { at }: Stimulus,
  all: Step,
  evaluate: Evaluate,
  told: (evaluation: Evaluation) => void,
): Promise<Step> {
  let evaluations = 0;
  // What an answer sets off is appended, and walked in its turn.
  for (const effect of all.effects) {
    if (effect.type !== 'Evaluate') continue;
    if (++evaluations > MOST_EVALUATIONS) throw new Error('too many evaluations');
    const answers = await evaluate(effect.evaluation);
    for (const answer of answers)
      if ('failure' in answer && [OUT_OF_TIME, OUT_OF_MEMORY].includes(answer.failure))
        throw new Error(answer.failure);
    told(effect.evaluation);
    const step = transition(execution, { type: 'Evaluated', at, evaluationId: effect.evaluationId, answers });
    for (const event of step.events) all.events.push(event);
    for (const effect of step.effects) all.effects.push(effect);
  }
  return all;
}

/** What a trial makes of an error: undefined, as it can't be thought through here, unless the user broke it off. */
export function untried(error: unknown): undefined {
  if (error instanceof Error && error.name === 'AbortError') throw error;
}
