import type { Env, Evaluation, Step, Stimulus } from '../asl/execution.js';
import type { QueryAnswer } from '../asl/query.js';
import { type Execution, transition } from '../asl/transition.js';

/** Of executions that are only thought through: nobody hears of their tokens and map runs. */
export const imagined: Env = { taskToken: () => 'token', mapRunArn: () => 'map run', random: () => 0.5 };

/** A transition and those that its expressions need before it is through. `told`: what JSONata made of them. */
export async function moved(
  execution: Execution,
  stimulus: Stimulus,
  told: (evaluation: Evaluation, answers: QueryAnswer[]) => void = () => {},
): Promise<Step> {
  const all = transition(execution, stimulus);
  // What an answer sets off is appended, and walked in its turn.
  for (const effect of all.effects) {
    if (effect.type !== 'Evaluate') continue;
    const { evaluateJsonata } = await import('../asl/evaluate-jsonata.mjs');
    const answers = await evaluateJsonata(effect.evaluation);
    told(effect.evaluation, answers);
    const { at } = stimulus;
    const step = transition(execution, { type: 'Evaluated', at, evaluationId: effect.evaluationId, answers });
    all.events.push(...step.events);
    all.effects.push(...step.effects);
  }
  return all;
}
