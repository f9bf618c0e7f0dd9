import { isObject, type Json } from '../../../json/json.js';
import { resolveTemplate } from '../../data/payload-template.js';
import type { Scope } from '../../data/scope.js';
import { runtimeError } from '../../data/state-error.js';
import { exceedsLimit, fromText, textOf } from '../../data/value.js';
import type { Integration, Setting, TaskState } from '../../language/machine.js';
import { dataLimitCause, dataLimitExceeded } from '../attempt.js';
import { prepared, withActivity } from '../evaluation.js';
import type { Frame, OpenTask, Standing, Transition } from '../execution.js';
import { finishWithResult } from '../leave-state.js';
import { type Outcome, WAIT } from '../outcome.js';
import {
  advance,
  cancelTimer,
  closeTask,
  type Details,
  inputDetails,
  note,
  outputDetails,
  perform,
  setTimer,
} from '../recorder.js';
import { applyPath, applyTemplate, integerSetting, scopeOf } from '../state-scope.js';
import { checkParameters } from '../task-parameters.js';

/** Above every event's id. */
const RESERVED_IDS = 100_000_000;

export function task(step: Transition, frame: Frame, standing: Standing, state: TaskState): Outcome {
  const { execution } = step;
  const { integration, language } = state;
  const callback = integration.kind === 'service' && integration.pattern === 'waitForTaskToken';
  // A query may ask for the token before the task is scheduled, and so before its event has an id.
  const reservedId =
    callback && language === 'JSONata' ? RESERVED_IDS + ++execution.evaluationsMade : undefined;
  const taskToken = callback ? execution.env.taskToken(reservedId ?? execution.lastEventId + 1) : undefined;
  const scope = scopeOf(execution, frame, standing, standing.input, { taskToken });
  const fields = [state.parameters, state.timeout, state.heartbeat, state.credentials];
  return prepared(step, frame, standing, scope, fields, (step) => {
    const go = (step: Transition): Outcome =>
      schedule(step, frame, standing, state, scope, { taskToken, reservedId });
    return integration.kind === 'activity'
      ? withActivity(step, frame, standing, state.resource, go)
      : go(step);
  });
}

function schedule(
  step: Transition,
  frame: Frame,
  standing: Standing,
  state: TaskState,
  scope: Scope,
  { taskToken, reservedId }: { taskToken?: string; reservedId?: number },
): Outcome {
  const { execution } = step;
  const { input } = standing;
  const { integration, resource } = state;
  const selected = applyPath(state.inputPath, input, scope);
  note(step, standing, 'afterInputPath', selected);
  const effective = applyTemplate(state.parameters, selected, scope);
  note(step, standing, 'afterParameters', effective);
  if (state.language === 'JSONata' && state.parameters) note(step, standing, 'afterArguments', effective);
  if (exceedsLimit(textOf(effective))) throw dataLimitExceeded(state.name);
  checkParameters(state, effective);
  const inputScope = { ...scope, input: selected };
  const timeoutSeconds = seconds(state.timeout, 'TimeoutSeconds', inputScope);
  const heartbeatSeconds = seconds(state.heartbeat, 'HeartbeatSeconds', inputScope);
  const credentials = state.credentials && taskCredentials(resolveTemplate(state.credentials, inputScope));
  const limits = { timeoutInSeconds: timeoutSeconds, heartbeatInSeconds: heartbeatSeconds };

  const scheduledId = advance(step, frame, scheduledType(integration), scheduledDetails());
  const taskId = reservedId ?? scheduledId;
  const invoke = {
    type: 'InvokeTask',
    taskId,
    stateName: state.name,
    resource,
    parameters: effective,
    taskToken,
  } as const;
  const open: OpenTask = { taskId, frame, state, taskToken, timeoutSeconds, heartbeatSeconds, invoke };
  execution.tasks.set(taskId, open);
  standing.waiting = { for: 'task', task: open };
  perform(step, invoke);
  // An activity starts when a worker takes it; the others are on their way at once.
  if (integration.kind !== 'activity') started(step, open);
  return WAIT;

  function scheduledDetails(): Details {
    if (integration.kind === 'activity')
      return ['activityScheduledEventDetails', { resource, ...inputDetails(effective), ...limits }];
    if (integration.kind === 'lambda')
      return [
        'lambdaFunctionScheduledEventDetails',
        {
          resource,
          ...inputDetails(effective),
          timeoutInSeconds: timeoutSeconds,
          taskCredentials: credentials,
        },
      ];
    return [
      'taskScheduledEventDetails',
      {
        resourceType: integration.resourceType,
        resource: integration.resource,
        region: execution.spec.executionArn.split(':')[3],
        parameters: textOf(effective),
        ...limits,
        taskCredentials: credentials,
      },
    ];
  }
}

/** Of a path only what is positive counts; a definition's own number was validated. */
function seconds(setting: Setting, field: string, scope: Scope): number | undefined {
  const found = integerSetting(setting, field, scope);
  if (found !== undefined && found < 1 && typeof setting === 'object' && 'root' in setting)
    throw runtimeError(
      `The ${field}Path parameter must reference a positive value: ${setting.text} == ${found}`,
    );
  return found;
}

/** The work begins, and with it the time that it may take. */
export function started(step: Transition, task: OpenTask, workerName?: string): void {
  const { frame, state, timeoutSeconds } = task;
  const { integration } = state;
  if (integration.kind === 'activity') {
    task.invoke = undefined;
    advance(step, frame, 'ActivityStarted', ['activityStartedEventDetails', { workerName }]);
  } else if (integration.kind === 'lambda') advance(step, frame, 'LambdaFunctionStarted');
  else advance(step, frame, 'TaskStarted', ['taskStartedEventDetails', named(integration)]);
  if (timeoutSeconds !== undefined)
    task.timeoutTimer = setTimer(step, { of: 'timeout', task, at: step.at + timeoutSeconds * 1000 });
  heartbeat(step, task);
}

export function heartbeat(step: Transition, task: OpenTask): void {
  if (task.heartbeatSeconds === undefined || isCalling(task)) return;
  cancelTimer(step, task.heartbeatTimer);
  task.heartbeatTimer = setTimer(step, { of: 'heartbeat', task, at: step.at + task.heartbeatSeconds * 1000 });
}

/** A function that is handed a token counts for nothing while it runs: its heartbeats count from when it returned. */
const isCalling = ({ state: { integration }, invoke }: OpenTask): boolean =>
  invoke !== undefined &&
  integration.kind === 'service' &&
  integration.resourceType === 'lambda' &&
  integration.pattern === 'waitForTaskToken';

/** The integration answered, and the task goes on waiting for what it set off. */
export function submitted(step: Transition, task: OpenTask, output: string): Outcome {
  const { integration } = task.state;
  if (exceedsLimit(output)) return failed(step, task, 'States.DataLimitExceeded', dataLimitCause(who(task)));
  if (integration.kind !== 'service' || integration.pattern === 'call' || !task.invoke) return WAIT;
  const wasCalling = isCalling(task);
  task.invoke = undefined;
  const details = { ...named(integration), ...outputDetails(fromText(output)) };
  advance(step, task.frame, 'TaskSubmitted', ['taskSubmittedEventDetails', details]);
  if (wasCalling) heartbeat(step, task);
  return WAIT;
}

export function succeeded(step: Transition, task: OpenTask, standing: Standing, output: string): Outcome {
  const { frame, state } = task;
  const { integration } = state;
  if (exceedsLimit(output)) return failed(step, task, 'States.DataLimitExceeded', dataLimitCause(who(task)));
  closeTask(step, task, false);
  const value = fromText(output);
  note(step, standing, 'result', value);
  const details = outputDetails(value);
  if (integration.kind === 'activity')
    advance(step, frame, 'ActivitySucceeded', ['activitySucceededEventDetails', details]);
  else if (integration.kind === 'lambda')
    advance(step, frame, 'LambdaFunctionSucceeded', ['lambdaFunctionSucceededEventDetails', details]);
  else
    advance(step, frame, 'TaskSucceeded', [
      'taskSucceededEventDetails',
      { ...named(integration), ...details },
    ]);
  return finishWithResult(step, frame, standing, state, value);
}

export function failed(
  step: Transition,
  task: OpenTask,
  error: string | undefined,
  cause: string | undefined,
): Outcome {
  closeTask(step, task, false);
  ended(step, task, 'Failed', { error, cause });
  return { kind: 'fail', error, cause };
}

export function timedOut(step: Transition, task: OpenTask, heartbeat: boolean): Outcome {
  closeTask(step, task, true);
  ended(step, task, 'TimedOut', { error: 'States.Timeout' });
  return { kind: 'fail', error: 'States.Timeout', alias: heartbeat ? 'States.HeartbeatTimeout' : undefined };
}

function ended(
  step: Transition,
  task: OpenTask,
  how: 'Failed' | 'TimedOut',
  fields: Record<string, unknown>,
): void {
  const { integration } = task.state;
  if (integration.kind === 'service')
    advance(step, task.frame, `Task${how}`, [`task${how}EventDetails`, { ...named(integration), ...fields }]);
  else if (integration.kind === 'lambda')
    advance(step, task.frame, `LambdaFunction${how}`, [`lambdaFunction${how}EventDetails`, fields]);
  else advance(step, task.frame, `Activity${how}`, [`activity${how}EventDetails`, fields]);
}

function scheduledType({ kind }: Integration): string {
  return kind === 'service'
    ? 'TaskScheduled'
    : kind === 'lambda'
      ? 'LambdaFunctionScheduled'
      : 'ActivityScheduled';
}

const named = ({ resourceType, resource }: Extract<Integration, { kind: 'service' }>) => ({
  resourceType,
  resource,
});

/** As AWS names the culprit of a result that is too large. */
const who = ({ state }: OpenTask): string =>
  state.integration.kind === 'service' ? state.integration.resourceType : state.resource;

function taskCredentials(credentials: Json): { roleArn: Json | undefined } | undefined {
  return isObject(credentials) ? { roleArn: credentials.RoleArn } : undefined;
}
