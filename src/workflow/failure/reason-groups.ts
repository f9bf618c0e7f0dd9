/** What has to change before it can succeed: nothing but time, or what it was given. */
export type FailureKind = 'transient' | 'data' | 'unknown';

/** Things that failed for one reason. */
export interface ReasonGroup<T> {
  /** Of the first of them. */
  reason: string;
  kind: FailureKind;
  count: number;
  /** The first ones. */
  examples: T[];
}

const mostExamples = 3;

const transient =
  /Throttl|TooManyRequests|Rate exceeded|ThroughputExceeded|SlowDown|LimitExceeded|ConcurrentInvocation|timed? ?out|Timeout|ETIMEDOUT|ECONN\w+|EPIPE|socket hang up|Service ?Unavailable|ServiceException|InternalServerError|Internal ?Failure|TransactionConflict|StatusCode\.(?:5\d\d|429|408)|signal: killed|OutOfMemory|SdkClientException|try again|temporar/i;
const wrong =
  /ConditionalCheckFailed|ConditionalRequestFailed|Validation|\bInvalid|Bad ?Request|required|is (?:empty|missing|not an?\b)|must (?:be|have|match|not)|should (?:be|not)|duplicate|already exists|unknown (?:code|id|type)|cannot be (?:empty|blank|null)|SyntaxError|StatusCode\.4\d\d|States\.(?:Runtime|ParameterPathFailure|QueryEvaluationError|DataLimitExceeded)|Rejected/i;

/** @param otherwise what a reason is that says neither: a refused row's is its data */
export function failureKind(reason: string, otherwise: FailureKind = 'unknown'): FailureKind {
  if (transient.test(reason)) return 'transient';
  return wrong.test(reason) ? 'data' : otherwise;
}

/** Groups failures by reason but for what differs from one to the next; the most frequent first. */
export function groupReasons<T>(
  failures: Iterable<T>,
  of: (failure: T) => { reason: string; kind: FailureKind; count?: number },
): ReasonGroup<T>[] {
  const groups = new Map<string, ReasonGroup<T>>();
  for (const failure of failures) {
    const { reason, kind, count = 1 } = of(failure);
    const key = alike(reason);
    const group = groups.get(key);
    if (!group) {
      groups.set(key, { reason, kind, count, examples: [failure] });
      continue;
    }
    group.count += count;
    if (group.examples.length < mostExamples) group.examples.push(failure);
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}

/** Something of it may succeed when it is tried again as it is. */
export const someMaySucceed = (groups: readonly { kind: FailureKind }[]): boolean =>
  groups.some(({ kind }) => kind !== 'data');

/** A message without ids, quoted values and numbers. */
export function alike(message: string): string {
  return message
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/gi, '#')
    .replace(/'[^']*'|"[^"]*"/g, '#')
    .replace(/\b\w*\d[\w.:-]*/g, '#')
    .slice(0, 500);
}
