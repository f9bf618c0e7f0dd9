import type { JsonObject } from '../../../src/json/json.js';

/** A machine that begins with the first of its states. */
export const flow = (states: JsonObject, more: JsonObject = {}): JsonObject => ({
  StartAt: Object.keys(states)[0] ?? '',
  States: states,
  ...more,
});

/** A Task that invokes a function. */
export const task = (more: JsonObject = {}): JsonObject => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: 'f', Payload: { 'x.$': '$' } },
  ...more,
});
