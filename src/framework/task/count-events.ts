import { isObject, type Json, type JsonObject } from '../../json/json.js';

/** Without a limit of its own a retrier tries so often again. */
const defaultAttempts = 3;
/** Nobody means a limit beyond this one: it stands for "always". */
const mostAttempts = 100;

/**
 * How many history events one run of a workflow leaves at most: every state is entered once (loops can't be foreseen)
 * and every retry that it allows happens.
 */
export function eventsOfWorkflow(workflow: Json | undefined): number {
  if (!isObject(workflow) || !isObject(workflow.States)) return 0;
  return Object.values(workflow.States).reduce<number>(
    (sum, state) => sum + (isObject(state) ? eventsOfState(state) : 0),
    0,
  );
}

function eventsOfState(state: JsonObject): number {
  // …StateEntered and …StateExited.
  return 2 + attemptsOf(state) * eventsOfAttempt(state);
}

function eventsOfAttempt(state: JsonObject): number {
  switch (state.Type) {
    case 'Task':
      // Scheduled, Started, and how it ended; those that wait for something are Submitted too.
      return /\.(sync(:\d)?|waitForTaskToken)$/.test(String(state.Resource)) ? 4 : 3;
    case 'Parallel':
      return 2 + branchesOf(state).reduce<number>((sum, branch) => sum + eventsOfWorkflow(branch), 0);
    case 'Map':
      // Its own items can't be foreseen: one stands for them.
      return 4 + eventsOfWorkflow(state.ItemProcessor ?? state.Iterator);
    default:
      return 0;
  }
}

const branchesOf = ({ Branches }: JsonObject): Json[] => (Array.isArray(Branches) ? Branches : []);

function attemptsOf({ Retry }: JsonObject): number {
  if (!Array.isArray(Retry)) return 1;
  const retries = Retry.filter(isObject).map(({ MaxAttempts }) =>
    typeof MaxAttempts === 'number' ? MaxAttempts : defaultAttempts,
  );
  return (
    1 +
    Math.min(
      mostAttempts,
      retries.reduce((sum, attempts) => sum + attempts, 0),
    )
  );
}
