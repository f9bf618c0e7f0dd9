import type { ExecutionDescription, StepFunctionsGateway } from '../../ports/aws.js';

/** The execution whose map run started this one; undefined for one that was started by itself. */
export async function parentOfChild(
  states: Pick<StepFunctionsGateway, 'describeMapRun'>,
  { mapRunArn }: Pick<ExecutionDescription, 'mapRunArn'>,
): Promise<string | undefined> {
  return mapRunArn === undefined ? undefined : (await states.describeMapRun(mapRunArn)).executionArn;
}
