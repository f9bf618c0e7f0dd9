import { DefinitionError, parseDefinition, type StateMachine } from '../../asl/definition.js';
import type { Evaluate } from '../../asl/engine/map-item.js';
import { exitCodes, FlowError } from '../../errors.js';
import { machineName } from '../../workflow/names/arn.js';
import type { MapRunCall } from '../../workflow/rehearsal/play.js';
import { type Rehearsed, rehearse } from '../../workflow/rehearsal/rehearse.js';
import type { MapRunReply, Reply, TaskCall } from '../../workflow/rehearsal/reply.js';
import type { RecordedExecution } from './recorded-execution.js';

export interface RehearsalOrder {
  recorded: RecordedExecution;
  /** What is to run: JSON text, and what it is called. */
  definition: string;
  source: string;
  /** JSON text. */
  input: string;
  evaluate: Evaluate;
  /** What the user has answered, or a function that runs here. Undefined: the recording answers. */
  reply(call: TaskCall, recorded: readonly Reply[] | undefined): Promise<readonly Reply[] | undefined>;
  mapRun(call: MapRunCall): Promise<MapRunReply | undefined>;
}

export interface Rehearsal extends Rehearsed {
  order: RehearsalOrder;
}

const NOWHERE = 'arn:aws:states:us-east-1:123456789012';

/** Runs an execution again with other means. @throws FlowError 2 where AWS would refuse the definition */
export async function rehearseExecution(order: RehearsalOrder): Promise<Rehearsal> {
  const { recorded, definition, source, input, evaluate, reply, mapRun } = order;
  const { events, name, type, roleArn } = recorded;
  const stateMachineArn = recorded.stateMachineArn ?? `${NOWHERE}:stateMachine:machine`;
  const startDate = events[0]?.timestamp;
  const rehearsed = await rehearse({
    events,
    ranDefinition: recorded.definition ?? definition,
    definition,
    machine: compiled(definition, type, source),
    spec: {
      executionArn: recorded.executionArn ?? `${NOWHERE}:execution:machine:${name}`,
      name,
      roleArn,
      stateMachineArn,
      stateMachineName: machineName(stateMachineArn),
      type,
      startDate: startDate && !Number.isNaN(startDate) ? startDate : 0,
      input,
    },
    evaluate,
    reply,
    mapRun,
  });
  return { ...rehearsed, order };
}

function compiled(definition: string, type: 'STANDARD' | 'EXPRESS', source: string): StateMachine {
  try {
    return parseDefinition(definition, type);
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error;
    const { message, location } = error.diagnostics.find(({ severity }) => severity === 'ERROR') ??
      error.diagnostics[0] ?? { message: error.message };
    throw new FlowError(
      exitCodes.usage,
      'InvalidDefinition',
      `AWS would refuse this state machine: ${message}${location ? ` (at ${location})` : ''}`,
      { where: source, hint: `mbc-flow lint ${source}` },
    );
  }
}
