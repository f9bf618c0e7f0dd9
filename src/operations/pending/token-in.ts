import { findToken, type TaskToken } from '../../workflow/answer/task-token.js';
import { findState } from '../../workflow/definition/pauses.js';
import type { PausedTask } from './read-paused.js';

/** The token of a paused step, where its history has one. */
export const tokenIn = (task: PausedTask, definition: string): TaskToken | undefined =>
  task.kind === 'token'
    ? findToken(task.parameters, findState(definition, task.stateName)?.state)
    : undefined;
