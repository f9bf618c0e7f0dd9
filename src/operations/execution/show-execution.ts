import type { ExecutionDescription, MapRunDescription, StepFunctionsGateway } from '../../ports/aws.js';
import { createModel, type ExecutionModel } from '../../workflow/history/execution-model.js';
import { applyEvents } from '../../workflow/history/fold.js';
import { readSavedHistory, type SavedHistory } from '../../workflow/history/saved-history.js';
import { executionParts } from '../../workflow/names/arn.js';
import { traceUrl } from '../../workflow/names/console-url.js';
import { allowed } from '../pace/unless-denied.js';
import { findRootFailure, type RootFailure } from './root-failure.js';

/** Everything that one page about an execution needs. */
export interface ShownExecution {
  executionArn?: string;
  stateMachineArn?: string;
  name?: string;
  model: ExecutionModel;
  /** With counts, in the order they started; none for a saved history. */
  mapRuns: MapRunDescription[];
  /** Where a failure that came from inside another execution began. */
  root?: RootFailure;
  /** X-Ray's page about it, where it was traced. */
  traceUrl?: string;
  /** Of a saved history that ends before its execution did: when. Epoch milliseconds. */
  historyEnds?: number;
}

/** Reads a STANDARD execution as it is now. FlowError 3 when there is none. */
export async function showExecution(
  gateway: Pick<
    StepFunctionsGateway,
    'describeExecution' | 'historyPages' | 'describeMapRun' | 'listExecutions'
  >,
  executionArn: string,
): Promise<ShownExecution> {
  const description = await gateway.describeExecution(executionArn);
  const { stateMachineArn, name, traceHeader } = description;
  const model = createModel();
  const read = await allowed(async () => {
    for await (const page of gateway.historyPages(executionArn)) applyEvents(model, page);
    return true;
  });
  if (!read) describeOnly(model, description);
  const mapRuns: MapRunDescription[] = [];
  for (const { mapRunArn } of model.mapRuns) {
    const mapRun = await allowed(() => gateway.describeMapRun(mapRunArn));
    if (mapRun) mapRuns.push(mapRun);
  }
  const root = read ? await allowed(() => findRootFailure(gateway, model)) : undefined;
  return {
    executionArn,
    stateMachineArn,
    name,
    model,
    mapRuns,
    root,
    traceUrl: traceUrl(executionArn, traceHeader),
  };
}

/** Of who may not read its history: how it stands, and not why. */
function describeOnly(model: ExecutionModel, description: ExecutionDescription): void {
  const { status, startDate, stopDate, input, output, error, cause, redriveCount = 0 } = description;
  model.status = status === 'PENDING_REDRIVE' ? 'RUNNING' : status;
  model.startedAt = startDate.getTime();
  model.stoppedAt = stopDate?.getTime();
  Object.assign(model, { input, output, redriveCount });
  if (error !== undefined || cause !== undefined) model.failure = { error, cause };
}

/** The same from a saved history, without calling anyone. FlowError 2 when the text is none. */
export function showSavedExecution(text: string, where: string, only?: string): ShownExecution {
  const saved = readSavedHistory(text, where, only);
  return { ...shownHistory(saved), historyEnds: historyEnds(saved) };
}

/** Epoch milliseconds of the last event, where its execution had not ended. */
export const historyEnds = ({ events }: SavedHistory): number | undefined => {
  const last = events.at(-1);
  return last && !endsExecution(last.type) ? last.timestamp : undefined;
};

const endsExecution = (type: string): boolean =>
  /^Execution(?:Succeeded|Failed|TimedOut|Aborted)$/.test(type);

export function shownHistory({ events, executionArn }: SavedHistory): ShownExecution {
  const model = createModel();
  applyEvents(model, events);
  return { executionArn, ...executionParts(executionArn), model, mapRuns: [] };
}
