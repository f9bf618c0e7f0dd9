import type { Json, JsonObject } from '../../json/json.js';
import type { Path } from '../data/json-path.js';
import { answerSimply } from '../data/jsonata-answer.js';
import type { Query, QueryAnswer } from '../data/jsonata-query.js';
import type { Expression } from '../data/path-or-intrinsic.js';
import type { Template } from '../data/payload-template.js';
import { queriesIn } from '../data/payload-template.js';
import type { Scope } from '../data/scope.js';
import { runtimeError } from '../data/state-error.js';
import type { Frame, OpenEvaluation, Standing, Transition } from './execution.js';
import { type Outcome, WAIT } from './outcome.js';
import { perform } from './recorder.js';

/** A field that may hold queries; what is none of JSONata's is passed over. */
type Field = Template | Expression | Path | number | string | undefined;

/**
 * Runs a phase of a state once all queries of its fields have answers in `scope`. Everything else about a phase is
 * the same for both query languages: one that holds no query, or only such as need no JSONata, runs at once; else the
 * outside evaluates them together, and the phase runs in the transition that brings the answers, which is why it is
 * given its `step`. `frame` is whom the outcome moves on.
 */
export function prepared(
  step: Transition,
  frame: Frame,
  standing: Standing,
  scope: Scope,
  fields: Field[],
  run: (step: Transition) => Outcome,
): Outcome {
  if (standing.state.language === 'JSONPath') return run(step);
  const queries = fields.flatMap((field) => (isTemplate(field) ? queriesIn(field) : []));
  const answers = new Map<Query, QueryAnswer>();
  scope.answers = answers;
  const open: Query[] = [];
  for (const query of queries) {
    const answer = answerSimply(query, scope);
    if (answer) answers.set(query, answer);
    else open.push(query);
  }
  if (open.length === 0) return run(step);
  return evaluate(step, frame, standing, open, scope, (later, given) => {
    open.forEach((query, index) => {
      answers.set(query, given[index] ?? { failure: 'was not evaluated.' });
    });
    return run(later);
  });
}

function evaluate(
  step: Transition,
  frame: Frame,
  standing: Standing,
  queries: Query[],
  scope: Scope,
  run: (step: Transition, answers: QueryAnswer[]) => Outcome,
): Outcome {
  const { execution } = step;
  const evaluation = {
    expressions: queries.map(({ text }) => text),
    states: scope.states(),
    variables: variables(queries, scope),
    at: step.at,
  };
  const evaluationId = ++execution.evaluationsMade;
  return consult(step, frame, standing, { type: 'Evaluate', evaluationId, evaluation }, run);
}

/** Goes on with `run` if the outside says that there is such an activity. */
export function withActivity(
  step: Transition,
  frame: Frame,
  standing: Standing,
  activityArn: string,
  run: (step: Transition) => Outcome,
): Outcome {
  const evaluationId = ++step.execution.evaluationsMade;
  return consult(
    step,
    frame,
    standing,
    { type: 'FindActivity', evaluationId, activityArn },
    (step, [answer]) => {
      if (answer && 'value' in answer && answer.value === true) return run(step);
      throw runtimeError(`The activity ${activityArn} does not exist.`);
    },
  );
}

function consult(
  step: Transition,
  frame: Frame,
  standing: Standing,
  effect: OpenEvaluation['effect'],
  run: OpenEvaluation['run'],
): Outcome {
  step.execution.evaluations.set(effect.evaluationId, { frame, standing, effect, run });
  if (frame.state === standing) standing.waiting = { for: 'evaluation' };
  perform(step, effect);
  return WAIT;
}

function variables(queries: Query[], scope: Scope): JsonObject {
  const found = new Map<string, Json>();
  for (const name of queries.flatMap((query) => query.variables)) {
    const value = scope.variable(name);
    if (value !== undefined) found.set(name, value);
  }
  return Object.fromEntries(found);
}

function isTemplate(field: Field): field is Template {
  return typeof field === 'object' && 'kind' in field && (TEMPLATES as ReadonlySet<string>).has(field.kind);
}

const TEMPLATES: ReadonlySet<Template['kind']> = new Set(['constant', 'array', 'object', 'query']);
