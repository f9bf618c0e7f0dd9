import type { JsonObject } from '../../json/json.js';
import { statesOf } from '../machine.js';
import type { Rule } from '../rule.js';
import { passesToken, taskFacts } from '../task-facts.js';

const LIMITS = ['TimeoutSeconds', 'TimeoutSecondsPath', 'HeartbeatSeconds', 'HeartbeatSecondsPath'];
const limited = (state: JsonObject): boolean => LIMITS.some((field) => state[field] !== undefined);

/** What EXPRESS executions live at most. */
const EXPRESS_SECONDS = 300;

const untimed: Rule = {
  code: 'MF001',
  title: 'Paused step without a timeout',
  severity: 'warning',
  why: 'If nobody answers, a step that waits for its task token (or for an activity worker) waits for a year, and no alarm is raised: an execution that never ends affects no failure metric.',
  instead:
    'Set "TimeoutSeconds": 604800 on the state (with a Catch for States.Timeout), or HeartbeatSeconds.',
  check(machine, report) {
    if (machine.definition.TimeoutSeconds !== undefined) return;
    for (const { name, state, place } of statesOf(machine))
      if (taskFacts(state)?.pauses && !limited(state))
        report(
          place,
          `'${name}' waits for an answer without TimeoutSeconds: without an answer it waits for a year`,
        );
  },
};

const tokenless: Rule = {
  code: 'MF007',
  title: 'Task token not passed',
  severity: 'warning',
  why: 'A .waitForTaskToken step ends only when somebody answers with its token. If no parameter contains $$.Task.Token, nobody can, and the step can only time out.',
  instead: '"Payload": { "input.$": "$", "context.$": "$$", "taskToken.$": "$$.Task.Token" }',
  check(machine, report) {
    for (const { name, state, place } of statesOf(machine)) {
      const task = taskFacts(state);
      if (task?.callback && !passesToken(task.parameters))
        report(place, `'${name}' waits for a task token that it does not pass on`);
    }
  },
};

const outlived: Rule = {
  code: 'MF019',
  title: 'Wait longer than the maximum duration of an EXPRESS execution',
  severity: 'warning',
  why: 'An EXPRESS execution times out after five minutes, so a longer wait or timeout in it never takes effect.',
  instead: 'Use a STANDARD state machine (or child executions of ExecutionType STANDARD) for longer work.',
  check(machine, report) {
    const tooLong = (value: unknown): boolean => typeof value === 'number' && value > EXPRESS_SECONDS;
    if (machine.type === 'EXPRESS' && tooLong(machine.definition.TimeoutSeconds))
      report(
        ['TimeoutSeconds'],
        'an EXPRESS execution times out after 300 seconds, whatever its TimeoutSeconds',
      );
    for (const { name, state, place, type } of statesOf(machine)) {
      if (type !== 'EXPRESS') continue;
      for (const field of ['Seconds', 'TimeoutSeconds'])
        if (tooLong(state[field]))
          report(
            [...place, field],
            `'${name}' outlasts its EXPRESS execution, which times out after 300 seconds`,
          );
    }
  },
};

export const waiting = [untimed, tokenless, outlived];
