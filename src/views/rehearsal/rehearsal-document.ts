import type { Json } from '../../json/json.js';
import { jsonText } from '../../json/lossless.js';
import type { Rehearsal } from '../../operations/rehearsal/rehearse-execution.js';
import { redactTokens } from '../../workflow/history/redact.js';
import type { ComparedStep, WayDifference, WayStep } from '../../workflow/rehearsal/compare-ways.js';
import type { MapRunCall, Played } from '../../workflow/rehearsal/play.js';
import { parametersOf, type TaskCall } from '../../workflow/rehearsal/reply.js';
import type { Place } from '../../workflow/rehearsal/step-place.js';

/** `rehearse -o json`. Data is JSON text, as in AWS's histories. */
export function rehearsalDocument({ played, ways, before, order, missing, lack }: Rehearsal) {
  const { status, output, error, cause, events, stoppedAt } = played;
  const { executionArn, name } = order.recorded;
  return {
    executionArn: executionArn ?? null,
    name,
    definition: order.source,
    status,
    output: output ?? null,
    error: error ?? null,
    cause: cause ?? null,
    before,
    incomplete: lack === undefined ? null : `the history ${lack}`,
    durationSeconds: (stoppedAt - (events[0]?.timestamp ?? stoppedAt)) / 1000,
    same: missing === undefined && ways.first === undefined,
    firstDifference: ways.first ? differenceDocument(ways.first) : null,
    missing: missing ? { ...placeDocument(missing.place), sent: missingSent(missing) ?? null } : null,
    steps: ways.steps.map(stepDocument),
  };
}

const placeDocument = ({ stateName, iterations, visit, attempt }: Place) => ({
  stateName,
  iterations,
  visit,
  ...(attempt > 0 && { attempt }),
});

export function differenceDocument({ place, what, path, before, after, instead }: WayDifference) {
  return {
    ...(place && placeDocument(place)),
    what,
    path,
    before: before ?? null,
    after: after ?? null,
    ...(instead && { instead: placeDocument(instead) }),
  };
}

export const stepDocument = ({ place, type, standing, difference, before, after }: ComparedStep) => ({
  ...placeDocument(place),
  type,
  standing,
  ...(difference && { difference: differenceDocument(difference) }),
  before: before ? visitDocument(before) : null,
  after: after ? visitDocument(after) : null,
});

const visitDocument = ({ input, output, error, cause, attempts }: WayStep) => ({
  input,
  output,
  error,
  cause,
  attempts: attempts.map(({ begun: _, ended: __, ...attempt }) => attempt),
});

export const isTask = (missing: NonNullable<Played['missing']>): missing is TaskCall =>
  !('effect' in missing);

/** What the call that nobody answers is sent. */
export function missingSent(missing: TaskCall | MapRunCall): string | undefined {
  const sent: Json | undefined = isTask(missing) ? parametersOf(missing) : undefined;
  return sent === undefined ? undefined : redactTokens(jsonText(sent));
}
