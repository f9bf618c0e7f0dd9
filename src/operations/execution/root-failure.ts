import { FlowError } from '../../errors.js';
import type { StepFunctionsGateway } from '../../ports/aws.js';
import { decodeFailure } from '../../workflow/failure/cause.js';
import { createModel, type ExecutionModel, type Failure } from '../../workflow/history/execution-model.js';
import { applyEvents } from '../../workflow/history/fold.js';

/** A failure that came from another execution: the innermost one that could be read. */
export interface RootFailure extends Failure {
  executionArn: string;
}

/** Executions nest, but not without end. */
const DEEPEST = 6;

type States = Pick<StepFunctionsGateway, 'historyPages' | 'listExecutions'>;

/** Follows a failure through nested executions and the children of map runs. Undefined when it began right here. */
export async function findRootFailure(
  states: States,
  model: ExecutionModel,
): Promise<RootFailure | undefined> {
  let root: RootFailure | undefined;
  let inner: ExecutionModel | undefined = model;
  const seen = new Set<string>();
  for (let depth = 0; inner && depth < DEEPEST; depth++) {
    const executionArn = await failedInside(states, inner);
    if (executionArn === undefined || seen.has(executionArn)) break;
    seen.add(executionArn);
    inner = await readModel(states, executionArn);
    if (inner?.failure) root = { executionArn, ...inner.failure };
  }
  return root;
}

/** The execution inside that made this one fail. */
async function failedInside(states: States, model: ExecutionModel): Promise<string | undefined> {
  if (!model.failure) return undefined;
  const nested = decodeFailure(model.failure.error, model.failure.cause).executionArn;
  if (nested !== undefined) return nested;
  const run = model.mapRuns.findLast(
    ({ status, stateName }) => status === 'FAILED' && stateName === model.failure?.stateName,
  );
  if (!run) return undefined;
  const children = states.listExecutions({ mapRunArn: run.mapRunArn, status: 'FAILED', atMost: 1 });
  return await readable(async () => {
    for await (const { executionArn } of children) return executionArn;
    return undefined;
  });
}

const readModel = (states: States, executionArn: string): Promise<ExecutionModel | undefined> =>
  readable(async () => {
    const model = createModel();
    for await (const page of states.historyPages(executionArn)) applyEvents(model, page);
    return model;
  });

/** What may not be read (another account, an EXPRESS child, gone) leaves the failure where it is known. */
async function readable<T>(read: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof FlowError) return undefined;
    throw error;
  }
}
