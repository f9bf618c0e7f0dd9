import type { JsonObject } from '../../json/json.js';
import { statesOf } from '../machine.js';
import type { Rule } from '../rule.js';
import { passesToken, taskFacts } from '../task.js';

const LIMITS = ['TimeoutSeconds', 'TimeoutSecondsPath', 'HeartbeatSeconds', 'HeartbeatSecondsPath'];
const limited = (state: JsonObject): boolean => LIMITS.some((field) => state[field] !== undefined);

/** What EXPRESS executions live at most. */
const EXPRESS_SECONDS = 300;

const untimed: Rule = {
  code: 'MF001',
  title: 'A paused step without a timeout',
  severity: 'warning',
  why: 'A step that waits for its token (or for an activity worker) waits a year where nobody answers, and no alarm sees it: an execution that never ends fails no metric.',
  instead: '"TimeoutSeconds": 604800 on the state (and a Catch for States.Timeout), or a HeartbeatSeconds.',
  check(machine, report) {
    if (machine.definition.TimeoutSeconds !== undefined) return;
    for (const { name, state, place } of statesOf(machine))
      if (taskFacts(state)?.pauses && !limited(state))
        report(
          place,
          `'${name}' waits for an answer without TimeoutSeconds: unanswered, it waits for a year`,
        );
  },
};

const tokenless: Rule = {
  code: 'MF007',
  title: 'The task token is not passed',
  severity: 'warning',
  why: 'A .waitForTaskToken step ends only when somebody answers with its token. Where no parameter carries $$.Task.Token, nobody can: the step can do nothing but time out.',
  instead: '"Payload": { "input.$": "$", "context.$": "$$", "taskToken.$": "$$.Task.Token" }',
  check(machine, report) {
    for (const { name, state, place } of statesOf(machine)) {
      const task = taskFacts(state);
      if (task?.callback && !passesToken(task.parameters))
        report(place, `'${name}' waits for a token that it passes to nobody`);
    }
  },
};

const outlived: Rule = {
  code: 'MF019',
  title: 'A wait longer than an EXPRESS execution lives',
  severity: 'warning',
  why: 'An EXPRESS execution is ended after five minutes. A longer wait or timeout in it never comes to pass.',
  instead: 'A STANDARD machine (or children of ExecutionType STANDARD) for what takes longer.',
  check(machine, report) {
    const tooLong = (value: unknown): boolean => typeof value === 'number' && value > EXPRESS_SECONDS;
    if (machine.type === 'EXPRESS' && tooLong(machine.definition.TimeoutSeconds))
      report(['TimeoutSeconds'], 'an EXPRESS execution ends after 300 seconds, whatever its TimeoutSeconds');
    for (const { name, state, place, type } of statesOf(machine)) {
      if (type !== 'EXPRESS') continue;
      for (const field of ['Seconds', 'TimeoutSeconds'])
        if (tooLong(state[field]))
          report([...place, field], `'${name}' outlasts its EXPRESS execution, which ends after 300 seconds`);
    }
  },
};

export const waiting = [untimed, tokenless, outlived];
