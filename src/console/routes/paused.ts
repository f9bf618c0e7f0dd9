import { answeringOn } from '../../cli/answer/answer-context.js';
import { searchOn } from '../../cli/answer/search-options.js';
import { exitCodes, FlowError } from '../../errors.js';
import { isObject, type Json, type JsonObject, parsedAsWritten } from '../../json/json.js';
import type { ReadyAnswer } from '../../operations/answer/plan-answers.js';
import { sendAnswers } from '../../operations/answer/send-answers.js';
import { latestAnswers } from '../../operations/audit/latest-answers.js';
import { latestChanges } from '../../operations/audit/latest-changes.js';
import { type ChosenStep, planSteps } from '../../operations/desk/plan-steps.js';
import { createDefinitions } from '../../operations/find/definition-of-execution.js';
import { answerDocument, plannedDocument, refusedDocument } from '../../views/answer/answers.js';
import { answerFields } from '../../workflow/answer/answer-fields.js';
import { type Decision, decidesOnApproval } from '../../workflow/answer/approval-decision.js';
import { findState } from '../../workflow/definition/pauses.js';
import { machineOfExecution } from '../../workflow/names/arn.js';
import type { AnsweredDocument, AnswerPlanDocument, EarlierAnswer, PausedStepDocument } from '../api.js';
import type { Console } from '../console.js';
import { optionalTextIn, textIn } from '../http/fields.js';
import type { Route } from '../http/route.js';

/** Steps of one request. */
const MOST = 200;
/** Earlier answers that are shown, of so many that are looked at: a trail in a bucket takes a call for each. */
const [SHOWN, LOOKED_AT, TRAIL] = [10, 1_000, 50];

export const pausedRoutes: Route[] = [
  {
    method: 'POST',
    path: '/api/paused/step',
    changes: false,
    async run({ body }, console): Promise<PausedStepDocument> {
      const { executionArn, stateName } = stepIn(body);
      const { gateways } = await console.target();
      const execution = await gateways.states.describeExecution(executionArn);
      const definition = await createDefinitions(gateways.states).of(execution);
      const defined = findState(definition, stateName);
      return {
        fields: defined ? answerFields(defined) : [],
        rejectsBy: defined && decidesOnApproval(defined) ? 'answer' : 'failure',
        earlier: await earlierAnswers(console, machineOfExecution(executionArn), stateName),
      };
    },
  },
  {
    method: 'POST',
    path: '/api/paused/plan',
    changes: false,
    async run({ body }, console): Promise<AnswerPlanDocument> {
      const { plan } = await planned(body, console);
      return {
        ready: plan.ready.map((one) => ({ ...plannedDocument(one), effect: effectOf(one) })),
        refused: plan.refused.map(refusedDocument),
      };
    },
  },
  {
    method: 'POST',
    path: '/api/paused/answer',
    changes: true,
    async run({ body }, console): Promise<AnsweredDocument> {
      const { plan, answering } = await planned(body, console);
      const done: AnsweredDocument = { answered: [], refused: [] };
      for await (const event of sendAnswers(plan, answering)) {
        if (event.type === 'answered') {
          done.answered.push(answerDocument(event.answer, event.result));
          console.desk.touch(event.answer.task.execution.executionArn);
        } else if (event.type === 'refused') done.refused.push(refusedDocument(event));
      }
      return done;
    },
  },
];

async function planned(body: JsonObject, { context, target }: Console) {
  const connected = await target();
  const answering = await answeringOn(context, connected, decisionIn(body), { force: body.force === true });
  const search = { ...(await searchOn(context, connected, {})), onProgress() {} };
  return { plan: await planSteps(stepsIn(body), search, answering), answering };
}

/** What the machine would do; null where that cannot be tried here. */
const effectOf = ({ trial }: ReadyAnswer): AnswerPlanDocument['ready'][number]['effect'] =>
  trial ? { entered: trial.entered, retried: trial.retried, ended: trial.ended ?? null } : null;

function stepsIn(body: JsonObject): ChosenStep[] {
  const { steps } = body;
  if (!Array.isArray(steps) || steps.length === 0 || steps.length > MOST)
    throw bad(`steps must be a list of 1 to ${MOST}`);
  return steps.map((step) => stepIn(isObject(step) ? step : {}));
}

const stepIn = (step: JsonObject): ChosenStep => ({
  executionArn: textIn(step, 'executionArn'),
  stateName: textIn(step, 'stateName'),
  ...(typeof step.iteration === 'number' && { iteration: step.iteration }),
});

/** As the commands' flags say it. @throws FlowError 2 */
function decisionIn(body: JsonObject): Decision {
  const said = isObject(body.decision) ? body.decision : {};
  const answer = jsonIn(said);
  switch (said.verb) {
    case 'approve': {
      const fields = isObject(said.fields) ? said.fields : undefined;
      return { verb: 'approve', comment: optionalTextIn(said, 'comment'), fields, ...answer };
    }
    case 'reject':
      return { verb: 'reject', reason: textIn(said, 'reason') };
    case 'resume':
      return { verb: 'resume', ...answer };
    case 'fail':
      return { verb: 'fail', error: optionalTextIn(said, 'error'), cause: optionalTextIn(said, 'cause') };
    default:
      throw bad('decision.verb must be approve, reject, resume or fail');
  }
}

/** JSON comes as text, so that its numbers stay as they were written. */
function jsonIn(said: JsonObject): { answer?: Json } {
  const text = optionalTextIn(said, 'answer');
  if (text === undefined || text.trim() === '') return {};
  const answer = parsedAsWritten(text);
  if (answer === undefined)
    throw new FlowError(exitCodes.usage, 'InvalidAnswer', 'the answer is not valid JSON');
  return { answer };
}

async function earlierAnswers(
  { context }: Console,
  stateMachineArn: string,
  stateName: string,
): Promise<EarlierAnswer[]> {
  const trail = await context.auditTrail();
  const all: Said[] = trail
    ? await latestChanges(trail, { limit: TRAIL })
    : await latestAnswers(context.audit, { limit: LOOKED_AT });
  const same = all.filter(
    (one) =>
      one.stateName === stateName &&
      one.executionArn !== undefined &&
      machineOfExecution(one.executionArn) === stateMachineArn,
  );
  return same.slice(0, SHOWN).map(({ time, verb, caller, outcome, executionArn = '', requestId }) => ({
    time,
    verb,
    caller,
    outcome,
    executionArn,
    requestId: requestId ?? null,
  }));
}

/** What a line of the local file and an entry of a target's trail have in common. */
interface Said {
  time: string;
  verb: string;
  caller: string;
  outcome: string;
  executionArn?: string;
  stateName?: string;
  requestId?: string;
}

const bad = (message: string): FlowError => new FlowError(exitCodes.usage, 'BadRequest', message);
