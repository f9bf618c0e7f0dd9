import type { MapRunFailures } from '../../operations/follow/map-run-failures.js';
import type { MapRunCounts, MapRunDescription } from '../../ports/aws.js';
import { adviseOn } from '../../workflow/failure/advice.js';
import { decodeFailure } from '../../workflow/failure/cause.js';
import type { FailureKind } from '../../workflow/failure/reason-groups.js';
import { currentStates, type ExecutionModel, iterationOf } from '../../workflow/history/execution-model.js';
import { reasonGroupDocument } from '../states/reason-groups.js';

/** What a page about an execution is made of. */
export interface Shown {
  executionArn?: string;
  stateMachineArn?: string;
  name?: string;
  model: ExecutionModel;
  /** With counts, as far as they are known. */
  mapRuns: MapRunDescription[];
  /** Where a failure that came from inside another execution began. */
  root?: { executionArn: string; stateName?: string; error?: string; cause?: string };
  /** Of a saved history that ends before its execution did: when. Epoch milliseconds. */
  historyEnds?: number;
  /** X-Ray's page about it, where it was traced. */
  traceUrl?: string;
  /** Of map runs with failed children. */
  mapRunFailures?: MapRunFailures[];
}

/** What `show -o json` prints, and `watch -o json` at the end. Dates are ISO 8601; null where unknown. */
export interface ExecutionDocument {
  executionArn: string | null;
  stateMachineArn: string | null;
  name: string | null;
  status: string;
  startDate: string | null;
  stopDate: string | null;
  /** Of a saved history that ends before its execution did: its last event. The status is that of then. */
  historyEnds?: string;
  redriveCount: number;
  /** The innermost states at work; `iteration` inside an inline Map. */
  current: { stateName: string; since: string | null; attempt: number; iteration?: number }[];
  failure: null | {
    stateName: string | null;
    error: string | null;
    cause: string | null;
    message: string;
    type: string | null;
    frame: string | null;
    requestId: string | null;
    executionArn: string | null;
    /** What it means and what may be done, in a sentence; null where the message says it all. */
    meaning: string | null;
    /** Where it began, when that was inside another execution. */
    root: null | { executionArn: string; stateName: string | null; error: string | null; message: string };
  };
  openTokens: { stateName: string; requestId: string | null; since: string | null; iteration?: number }[];
  mapRuns: {
    mapRunArn: string;
    stateName: string;
    status: string;
    startDate: string | null;
    stopDate: string | null;
    itemCounts: MapRunCounts | null;
    executionCounts: MapRunCounts | null;
    /** Why children failed, as far as they were looked at: by reason, with the first ones. */
    failureGroups?: { reason: string; kind: FailureKind; count: number; examples: unknown[] }[];
  }[];
  /** Inline Maps. */
  maps: {
    stateName: string;
    total: number;
    running: number;
    succeeded: number;
    failed: number;
    aborted: number;
  }[];
  /** What the states of the top level assigned; JSON texts. */
  variables: Record<string, string>;
  /** JSON text, task tokens struck out. */
  input: string | null;
  output: string | null;
}

export function executionDocument(shown: Shown): ExecutionDocument {
  const { model } = shown;
  const current = currentStates(model);
  const place = (node: (typeof current)[number]) => {
    const iteration = iterationOf(node);
    return iteration === undefined ? {} : { iteration };
  };
  return {
    executionArn: shown.executionArn ?? null,
    stateMachineArn: shown.stateMachineArn ?? null,
    name: shown.name ?? null,
    status: model.status,
    startDate: iso(model.startedAt),
    stopDate: iso(model.stoppedAt),
    ...(shown.historyEnds !== undefined && { historyEnds: new Date(shown.historyEnds).toISOString() }),
    redriveCount: model.redriveCount,
    current: current.map((node) => ({
      stateName: node.name,
      since: iso(node.enteredAt),
      attempt: Math.max(1, node.attempts),
      ...place(node),
    })),
    failure: failureOf(shown),
    openTokens: current.flatMap((node) =>
      node.wait?.kind === 'token'
        ? [
            {
              stateName: node.name,
              requestId: node.wait.requestId ?? null,
              since: iso(node.wait.since),
              ...place(node),
            },
          ]
        : [],
    ),
    mapRuns: model.mapRuns.map((run) => {
      const failed = shown.mapRunFailures?.find(({ mapRunArn }) => mapRunArn === run.mapRunArn);
      const counted = shown.mapRuns.find(({ mapRunArn }) => mapRunArn === run.mapRunArn);
      return {
        mapRunArn: run.mapRunArn,
        stateName: run.stateName,
        status: counted?.status ?? run.status,
        startDate: iso(run.startedAt),
        stopDate: iso(run.stoppedAt),
        itemCounts: counted?.itemCounts ?? null,
        executionCounts: counted?.executionCounts ?? null,
        ...(failed && {
          failureGroups: failed.groups.map((group) =>
            reasonGroupDocument(group, ({ executionArn }) => executionArn),
          ),
        }),
      };
    }),
    maps: [...model.maps].map(([stateName, { total, started, succeeded, failed, aborted }]) => ({
      stateName,
      total,
      running: model.status === 'RUNNING' ? started - succeeded - failed - aborted : 0,
      succeeded,
      failed,
      aborted,
    })),
    variables: model.root.variables ?? {},
    input: model.input ?? null,
    output: model.output ?? null,
  };
}

function failureOf({ model, root }: Shown): ExecutionDocument['failure'] {
  if (!model.failure) return null;
  const { stateName, error, cause } = model.failure;
  const decoded = decodeFailure(error, cause);
  return {
    stateName: stateName ?? null,
    error: error ?? null,
    cause: cause ?? null,
    message: decoded.message,
    type: decoded.type ?? null,
    frame: decoded.frame ?? null,
    requestId: decoded.requestId ?? null,
    executionArn: decoded.executionArn ?? null,
    meaning: adviseOn(decoded, error, stateName).meaning ?? null,
    root: root
      ? {
          executionArn: root.executionArn,
          stateName: root.stateName ?? null,
          error: root.error ?? null,
          message: decodeFailure(root.error, root.cause).message,
        }
      : null,
  };
}

/** ISO 8601, or null for a time that is unknown. */
export function iso(time: number | undefined): string | null {
  return time === undefined || !Number.isFinite(time) ? null : new Date(time).toISOString();
}
