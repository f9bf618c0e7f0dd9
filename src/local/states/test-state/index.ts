import type { Probe } from '../../../asl/engine/test-state-probe.js';
import { isObject, type Json, type JsonObject } from '../../../json/json.js';
import { jsonText, parseOwn } from '../../../json/lossless.js';
import { AwsError } from '../../ports.js';
import type { StatesContext } from '../context.js';
import { textProblem } from '../json-problem.js';
import { invalid } from '../requests/arns-names-pages.js';
import type { Input } from '../requests/model.js';
import { mockedContext, retryCount, standInContext } from './context.js';
import { mockedOutcome } from './mock.js';
import { createPerformer } from './performer.js';
import { type Subject, subjectOf } from './subject.js';
import { type Trial, tryState } from './trial.js';

/** Runs one state alone: for real, or with a mock in place of what it calls. */
export async function testState(
  context: StatesContext,
  request: Input<'TestState'>,
  gone: AbortSignal,
): Promise<JsonObject> {
  const { input = '{}', mock, inspectionLevel = 'INFO' } = request;
  const problem = textProblem(input);
  if (problem !== undefined)
    throw new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${problem}'`);
  const subject = await subjectOf(request);
  const mocked = mock && mockedOutcome(subject, mock, request);
  if (!mocked) checkUnmocked(subject, request);
  const around =
    request.context === undefined
      ? standInContext(subject, request, parseOwn(input), context.clock.now())
      : mockedContext(request.context, subject);
  const probe: Probe = {
    state: subject.name,
    context: around,
    variables: variablesOf(request.variables),
    retries: request.stateConfiguration?.retrierRetryCount ?? retryCount(around),
    stages: {},
  };
  const performer = createPerformer(context, subject, request, mocked, gone);
  const trial = await tryState(context, subject, input, probe, performer.perform);
  if (inspectionLevel === 'INFO') return outcome(trial, probe);
  return {
    ...outcome(trial, probe),
    inspectionData: { ...inspection(subject, input, probe, trial), ...performer.mapStages },
  };
}

/** @throws AwsError InvalidDefinition, ValidationException: AWS runs these with a mock only */
function checkUnmocked({ type, definition }: Subject, { roleArn }: Input<'TestState'>): void {
  const refuse = (what: string): never => {
    throw new AwsError('InvalidDefinition', what);
  };
  if (type === 'Map' || type === 'Parallel')
    refuse(
      'TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]',
    );
  if (type !== 'Task') return;
  if (roleArn === undefined) throw invalid('RoleArn must be specified when testing a Task state');
  const resource = String(definition.Resource);
  if (/\.(?:sync(?::2)?|waitForTaskToken)$|:activity:/.test(resource))
    refuse(`TestState API does not support '${resource}' without a mock`);
}

function variablesOf(text = '{}'): JsonObject {
  const refuse = (): never => {
    throw invalid('Variables must be a JSON object');
  };
  if (textProblem(text) !== undefined) refuse();
  const variables = parseOwn(text);
  return isObject(variables) ? variables : refuse();
}

/** Texts of errors begin so, where an execution's events can be named. */
const prefix = /^An error occurred while executing the state '.*' \(entered at the event id #\d+\)\. /s;

function outcome({ execution, output, nextState }: Trial, { handled }: Probe): JsonObject {
  const { error, cause } = handled?.failure ?? execution;
  const failure = defined({ error, cause: cause?.replace(prefix, '') });
  if (handled?.by === 'Retry') return { status: 'RETRIABLE', ...failure };
  if (execution.status === 'TIMED_OUT') return { status: 'FAILED', error: 'States.Timeout' };
  if (execution.status !== 'SUCCEEDED') return { status: 'FAILED', ...failure };
  return { status: handled ? 'CAUGHT_ERROR' : 'SUCCEEDED', ...failure, ...defined({ output, nextState }) };
}

/** What came of the data on its way; a Parallel's way in is not walked, as its branches are mocked. */
function inspection(
  { type }: Subject,
  input: string,
  { stages, handled, exhausted }: Probe,
  { variables }: Trial,
): JsonObject {
  const hidden = type === 'Parallel' ? ['afterInputPath', 'afterParameters', 'afterArguments', 'result'] : [];
  const shown = Object.entries(stages).filter(([stage]) => !hidden.includes(stage));
  return {
    input,
    ...Object.fromEntries(shown),
    ...(Object.keys(variables).length > 0 && { variables: jsonText(variables) }),
    ...(handled
      ? { errorDetails: errorDetails(handled) }
      : exhausted !== undefined && { errorDetails: { retryIndex: exhausted } }),
  };
}

const errorDetails = ({ by, index, seconds }: NonNullable<Probe['handled']>): JsonObject =>
  by === 'Catch'
    ? { catchIndex: index }
    : { retryIndex: index, ...defined({ retryBackoffIntervalSeconds: seconds && Math.round(seconds) }) };

const defined = (members: Record<string, Json | undefined>): JsonObject =>
  Object.fromEntries(
    Object.entries(members).filter((entry): entry is [string, Json] => entry[1] !== undefined),
  );
