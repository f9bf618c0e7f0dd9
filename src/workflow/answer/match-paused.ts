import { evaluatePath, PathNotFound, parsePath } from '../../asl/data/json-path.js';
import { OverLimit } from '../../asl/data/work-limit.js';
import { exitCodes, FlowError } from '../../errors.js';
import type { Json } from '../../json/json.js';
import { jsonText, parseWritten } from '../../json/lossless.js';
import { allRequestIds } from '../names/request-id.js';
import type { PausedStep } from './paused-steps.js';

/** Which paused steps are meant. */
export interface Wanted {
  requestId?: string;
  stateName?: string;
  conditions: Condition[];
}
/** `path=value`: somewhere in what was sent, the state's input or the execution's. */
export interface Condition {
  path: ReturnType<typeof parsePath>;
  value: string;
}
interface Matchable extends PausedStep {
  execution: { executionArn: string };
  executionInput: string;
}

/** @throws FlowError 2 where it is no `path=value` */
export function parseCondition(text: string): Condition {
  const equals = text.indexOf('=');
  const path = text.slice(0, equals).trim();
  try {
    if (equals > 0) return { path: parsePath(rooted(path)), value: text.slice(equals + 1) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new FlowError(exitCodes.usage, 'BadUsage', `'${text}' is no path=value`, {
    where: '--match',
    hint: '--match order.customer=acme',
  });
}

function rooted(path: string): string {
  if (path.startsWith('$')) return path;
  return path.startsWith('[') ? `$${path}` : `$.${path}`;
}

/**
 * The steps that are meant. A request id is taken as narrowly as each execution allows: in a Map over several requests
 * each iteration has its own, though all stand in the execution's input.
 */
export function matching<T extends Matchable>(tasks: T[], { requestId, stateName, conditions }: Wanted): T[] {
  const fitting = tasks.filter(
    (task) =>
      (stateName === undefined || task.stateName === stateName) &&
      conditions.every((condition) => holds(task, condition)),
  );
  if (requestId === undefined) return fitting;
  const byExecution = new Map<string, T[]>();
  // Others of the execution count for what is narrow, also where they are not meant for another reason.
  for (const task of tasks) {
    const { executionArn } = task.execution;
    byExecution.set(executionArn, [...(byExecution.get(executionArn) ?? []), task]);
  }
  const narrow = new Set([...byExecution.values()].flatMap((own) => narrowest(own, requestId)));
  return fitting.filter((task) => narrow.has(task));
}

function narrowest<T extends Matchable>(tasks: T[], requestId: string): T[] {
  const levels: ((task: T) => boolean)[] = [
    (task) => task.requestId === requestId,
    (task) => task.requestIds.includes(requestId),
    (task) => allRequestIds(task.executionInput).includes(requestId),
  ];
  for (const level of levels) {
    const found = tasks.filter(level);
    if (found.length > 0) return found;
  }
  return [];
}

function holds(task: Matchable, { path, value }: Condition): boolean {
  return [task.input, payloadOf(task.parameters), task.parameters, task.executionInput].some((text) =>
    valuesAt(path, text).some((found) => (typeof found === 'string' ? found : jsonText(found)) === value),
  );
}

/** A function's event, without the call's wrapping. */
function payloadOf(parameters: string | undefined): string | undefined {
  const [payload] = valuesAt(parsePath('$.Payload'), parameters);
  return payload === undefined ? undefined : jsonText(payload);
}

function valuesAt(path: Condition['path'], text: string | undefined): Json[] {
  if (text === undefined) return [];
  try {
    const found = evaluatePath(path, parseWritten(text));
    return path.definite ? [found] : (found as Json[]);
  } catch (error) {
    if (error instanceof PathNotFound || error instanceof SyntaxError || error instanceof OverLimit)
      return [];
    throw error;
  }
}
