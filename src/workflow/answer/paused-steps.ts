import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { detailsOf, numberOf, textOf } from '../history/event-details.js';
import { createModel, currentStates, iterationOf, type Wait } from '../history/execution-model.js';
import { applyEvents } from '../history/fold.js';
import type { RecentHistory } from '../history/recent-history.js';
import { redactTokens } from '../history/redact.js';
import { allRequestIds, findRequestId } from '../names/request-id.js';

/** A step that waits for an answer from outside. Times are epoch milliseconds. */
export interface PausedStep {
  /** An activity's token is the worker's alone: it never stands in a history. */
  kind: 'token' | 'activity';
  stateName: string;
  /** Id of the event that scheduled this attempt: with the execution, the step's identity. */
  scheduledId: number;
  enteredId: number;
  /** `lambda:invoke.waitForTaskToken`, or the activity's ARN. */
  resource: string;
  since: number;
  timeoutAt?: number;
  /** Unknown once it has passed: a heartbeat came in between, which no history records. */
  heartbeatAt?: number;
  /** Index of the innermost inline Map's iteration. */
  iteration?: number;
  /** The one that people would call it by. */
  requestId?: string;
  /** All that were sent with it or came into its state. */
  requestIds: string[];
  /** JSON text of what was sent, with the token in it. */
  parameters?: string;
  /** JSON text of the state's input. */
  input?: string;
}

export interface OpenWork {
  running: boolean;
  steps: PausedStep[];
  /** Their children are executions of their own, and may be paused. */
  mapRunArns: string[];
  /** The innermost states at work, for those who ask why nothing is paused. */
  stateNames: string[];
}

/** What is open at the end of a history. `executionInput`: JSON text, where it is known. */
export function openWork(
  { events, read }: RecentHistory,
  executionInput: string | undefined,
  now: number,
): OpenWork {
  const model = createModel();
  applyEvents(model, events);
  const current = currentStates(model);
  const steps = current.flatMap((node) => {
    const { wait } = node;
    if (wait?.kind !== 'token' && wait?.kind !== 'activity') return [];
    const scheduled = read.find(({ id }) => id === wait.scheduledId);
    const entered = scheduled && entryOf(scheduled, node.name, read);
    const sent = scheduled ? detailsOf(scheduled) : {};
    const parameters = textOf(sent.parameters ?? sent.input);
    const input = entered && textOf(detailsOf(entered).input);
    const step: PausedStep = {
      kind: wait.kind,
      stateName: node.name,
      scheduledId: wait.scheduledId,
      enteredId: entered?.id ?? wait.scheduledId,
      resource: wait.resource ?? '',
      since: wait.since,
      timeoutAt: deadline(wait.since, sent.timeoutInSeconds),
      heartbeatAt: upcoming(deadline(beatsFrom(wait, read), sent.heartbeatInSeconds), now),
      iteration: iterationOf(node),
      requestId: findRequestId(parameters) ?? findRequestId(input) ?? findRequestId(executionInput),
      requestIds: [...allRequestIds(parameters), ...allRequestIds(input)],
      parameters,
      input,
    };
    return [step];
  });
  return {
    running: model.status === 'RUNNING',
    steps,
    mapRunArns: model.mapRuns.filter(({ status }) => status === 'RUNNING').map(({ mapRunArn }) => mapRunArn),
    stateNames: current.map(({ name }) => name),
  };
}

/** A function that has the token is not waited for while it runs: its heartbeats count from when it returned. */
function beatsFrom({ since, scheduledId, resource }: Wait, read: HistoryEvent[]): number | undefined {
  if (!resource?.startsWith('lambda:')) return since;
  const after = (type: string, id: number | undefined): HistoryEvent | undefined =>
    read.find((event) => event.type === type && event.previousEventId === id);
  return after('TaskSubmitted', after('TaskStarted', scheduledId)?.id)?.timestamp;
}

/** The entry into the state of a task's event: on the way back, or (after a redrive, which cuts it) the newest before. */
function entryOf(event: HistoryEvent, stateName: string, read: HistoryEvent[]): HistoryEvent | undefined {
  const isEntry = (other: HistoryEvent): boolean =>
    other.type === 'TaskStateEntered' && detailsOf(other).name === stateName;
  const byId = new Map(read.map((other) => [other.id, other]));
  for (let at: HistoryEvent | undefined = event; at; at = byId.get(at.previousEventId)) {
    if (isEntry(at)) return at;
    if (at.type === 'ExecutionRedriven') break;
  }
  return read.findLast((other) => other.id < event.id && isEntry(other));
}

function deadline(since: number | undefined, seconds: unknown): number | undefined {
  const limit = numberOf(seconds);
  return limit === undefined || since === undefined ? undefined : since + limit * 1000;
}

const upcoming = (time: number | undefined, now: number): number | undefined =>
  time !== undefined && time > now ? time : undefined;

/** Request ids as they may be kept on disk: what looks like a token is none of them. */
export const keepable = (ids: string[]): string[] => ids.filter((id) => redactTokens(id) === id);

/** Why the history of a paused step has no token that could be used. */
export function whyNoToken({ kind, parameters }: Pick<PausedStep, 'kind' | 'parameters'>): string {
  if (kind === 'activity')
    return 'the token of an activity goes to the worker that took it, never into the history';
  if (parameters === undefined)
    return 'its history came without the data (an encrypted machine needs kms:Decrypt)';
  return 'what was sent has no token that can be told (its state passes none, or passes it in another form)';
}
