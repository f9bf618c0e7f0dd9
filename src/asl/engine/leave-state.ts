import { isObject, type Json } from '../../json/json.js';
import { entriesOf, jsonText } from '../../json/lossless.js';
import type { Path } from '../data/json-path.js';
import { resolveTemplate, type Template } from '../data/payload-template.js';
import { runtimeError } from '../data/state-error.js';
import { exceedsLimit, nestsTooDeeply, textOf, type Value } from '../data/value.js';
import type { State } from '../language/machine.js';
import { dataLimitExceeded, NESTED_TOO_DEEPLY } from './attempt.js';
import { prepared } from './evaluation.js';
import type { Frame, Standing, Transition } from './execution.js';
import type { Outcome } from './outcome.js';
import { note } from './recorder.js';
import { applyPath, applyResultPath, applyTemplate, type ContextExtras, scopeOf } from './state-scope.js';

/** A result on its way out of a state that has ResultSelector, ResultPath and the like. */
export function finishWithResult(
  step: Transition,
  frame: Frame,
  standing: Standing,
  state: Extract<State, { resultSelector?: Template }>,
  result: Value,
): Outcome {
  const scope = scopeOf(step.execution, frame, standing, result);
  const selected = applyTemplate(state.resultSelector, result, scope);
  note(step, standing, 'afterResultSelector', selected);
  const output = applyResultPath(state.resultPath, standing.input, selected);
  note(step, standing, 'afterResultPath', output);
  return finish(step, frame, standing, output, selected, state, { result });
}

/**
 * The last phase of every state: Output or OutputPath, Assign and the size limit. `value` goes out where no Output
 * says otherwise; `assignFrom` is what `$` means in a JSONPath Assign, `extras` what `$states` has to offer.
 */
export function finish(
  step: Transition,
  frame: Frame,
  standing: Standing,
  value: Value,
  assignFrom: Value,
  way: Way = standing.state,
  extras?: ContextExtras,
): Outcome {
  const scope = scopeOf(step.execution, frame, standing, assignFrom, extras);
  return prepared(step, frame, standing, scope, [way.output, way.assign], () => {
    const assigned = way.assign && assignment(way.assign, resolveTemplate(way.assign, scope), standing);
    const output = way.output
      ? applyTemplate(way.output, value, scope)
      : applyPath(way.outputPath, value, scope);
    checkData(textOf(output), standing);
    return { kind: 'exit', output, next: way.next, assigned };
  });
}

/** How to leave a state: as it says itself, as one of its choice rules says, or as a catcher says. */
export interface Way {
  next?: string;
  output?: Template;
  assign?: Template;
  outputPath?: Path | null;
}

/** What one Assign sets: together no larger than any other data of a state. */
function assignment(template: Template, values: Json, standing: Standing): ReadonlyMap<string, Json> {
  if (!isObject(values)) throw runtimeError(`Assign must be an object, but was ${template.kind}`);
  checkData(jsonText(values), standing);
  return new Map(entriesOf(values));
}

function checkData(text: string, { state }: Standing): void {
  if (exceedsLimit(text)) throw dataLimitExceeded(state.name);
  if (nestsTooDeeply(text)) throw runtimeError(NESTED_TOO_DEEPLY);
}
