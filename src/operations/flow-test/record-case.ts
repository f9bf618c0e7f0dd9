import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { exitCodes, FlowError } from '../../errors.js';
import type { JsonObject } from '../../json/json.js';
import type { Gateways } from '../../ports/aws.js';
import {
  caseOf,
  type RecordedForm,
  recordedForms,
  scrubbed,
  scrubbedNames,
} from '../../workflow/flow-test/case-from-recording.js';
import { executionParts, isExpress, machineName, machineOfExecution } from '../../workflow/names/arn.js';
import { readHistory } from '../execution/read-history.js';

export interface RecordedCases {
  machineName: string;
  /** JSON text of the definition that ran. */
  definition: string;
  /** The same case in its forms, the shortest first: not each goes the way that was recorded. */
  forms: JsonObject[];
}

/** @throws FlowError 3 where there is no such execution, 2 where its history has no data */
export async function recordedCases(
  gateways: Pick<Gateways, 'states' | 'logs'>,
  executionArn: string,
  { name, scrub, now }: { name?: string; scrub: readonly string[]; now: number },
): Promise<RecordedCases> {
  const { states } = gateways;
  const events: HistoryEvent[] = [];
  for await (const page of readHistory(gateways, executionArn, {}, { includeExecutionData: true, now }))
    for (const { event } of page) events.push(event);
  if (events[0]?.type !== 'ExecutionStarted')
    throw new FlowError(exitCodes.usage, 'NoHistory', 'the execution has no history with data to record', {
      where: executionArn,
      hint: `mbc-flow history ${executionArn}`,
    });
  if (!/^Execution(?!Started|Redriven)/.test(events.at(-1)?.type ?? ''))
    throw new FlowError(exitCodes.conflict, 'StillRunning', 'the execution has not ended yet', {
      where: executionArn,
      hint: `mbc-flow watch ${executionArn}`,
    });
  // Of an EXPRESS execution AWS knows the machine only, as it is today.
  const { definition } = isExpress(executionArn)
    ? await states.describeStateMachine(machineOfExecution(executionArn))
    : await states.describeStateMachineForExecution(executionArn);
  const called = machineName(machineOfExecution(executionArn));
  const executionName = executionParts(executionArn).name ?? 'recorded';
  const execution = { name: name ?? executionName, events, definition };
  const names = [...scrubbedNames, ...scrub];
  const made = (form: RecordedForm): JsonObject => {
    const { name: own = '', ...one } = caseOf(execution, form);
    return { name: own, ...scrubbed(one, names) };
  };
  return { machineName: called, definition, forms: recordedForms.map(made) };
}
