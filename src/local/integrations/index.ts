import type { Effect, Stimulus } from '../../asl/engine/protocol.js';
import type { Clock } from '../clock.js';
import type { Functions } from '../ports.js';
import type { ExecutionRow } from '../runtime/execution-tables.js';
import { isStoreLoss } from '../store/port.js';
import { parseResource, type Service, type ServiceCall, TaskFailure } from './call.js';
import { httpInvoke } from './http-task.js';
import { callFunction, lambdaInvoke, sdkLambdaInvoke } from './lambda.js';
import type { Mocks } from './mocks.js';
import { runsHere, traitsOf } from './services.js';

type InvokeTask = Extract<Effect, { type: 'InvokeTask' }>;

export interface IntegrationsOptions {
  clock: Clock;
  functions: Functions;
  startExecution: Service;
  /** Every service that is reached over HTTP. */
  endpoints: Service;
  mocks?: Mocks;
}

/** Calls what a Task state's `Resource` names, and turns the outcome into the stimulus that AWS's answer would be. */
export function createIntegrations(options: IntegrationsOptions) {
  const { clock, functions, mocks } = options;
  /** What the server runs itself; all else is somebody else's, or mocked. */
  const own: Record<string, Service> = {
    'lambda:invoke': (call) => lambdaInvoke(functions, call),
    'aws-sdk:lambda:invoke': (call) => sdkLambdaInvoke(functions, call),
    'states:startExecution': options.startExecution,
    'http:invoke': httpInvoke,
  };

  return async (task: InvokeTask, execution: ExecutionRow, signal: AbortSignal): Promise<Stimulus> => {
    const { taskId, stateName, resource, parameters } = task;
    const succeeded = (output: string): Stimulus => ({
      type: 'TaskSucceeded',
      at: clock.now(),
      taskId,
      output,
    });
    try {
      const parsed = parseResource(resource);
      if (!parsed) return succeeded(await callFunction(functions, resource, parameters, signal));
      const call: ServiceCall = {
        ...parsed,
        execution,
        taskId,
        stateName,
        given: parameters,
        signal,
      };
      const service = own[`${call.service}:${call.action}`];
      if (!service && !runsHere(traitsOf(call.service))) {
        const mocked = await mocks?.answer(call);
        // A mock is what the Task comes to, not what its call is first answered with.
        if (mocked !== undefined) return succeeded(mocked);
      }
      const output = await (service ?? options.endpoints)(call);
      if (call.pattern === 'call') return succeeded(output);
      return { type: 'TaskSubmitted', at: clock.now(), taskId, output };
    } catch (error) {
      const { error: name, message } = failureOf(error);
      return { type: 'TaskFailed', at: clock.now(), taskId, error: name, cause: message };
    }
  };
}

/** A fault of ours fails one Task; only a failed disk must stop the server. */
function failureOf(error: unknown): TaskFailure {
  if (error instanceof TaskFailure) return error;
  if (isStoreLoss(error)) throw error;
  const { message } = error instanceof Error ? error : new Error(String(error));
  return new TaskFailure('States.TaskFailed', `mbc-flow's local server failed: ${message}`);
}
