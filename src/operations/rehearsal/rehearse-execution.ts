import { DefinitionError, parseDefinition, type StateMachine } from '../../asl/definition.js';
import type { Evaluate } from '../../asl/engine/map-item.js';
import type { ExecutionSpec } from '../../asl/engine/protocol.js';
import { exitCodes, FlowError } from '../../errors.js';
import type { Json, JsonObject } from '../../json/json.js';
import { parseWritten } from '../../json/lossless.js';
import type { Gateways } from '../../ports/aws.js';
import { lackOf } from '../../workflow/history/incomplete-history.js';
import { machineName } from '../../workflow/names/arn.js';
import type { MapRunCall } from '../../workflow/rehearsal/play.js';
import { type Rehearsed, rehearse } from '../../workflow/rehearsal/rehearse.js';
import type { MapRunReply, Reply, TaskCall } from '../../workflow/rehearsal/reply.js';
import { playedMapRun } from './play-map-run.js';
import type { ReadItems } from './read-items.js';
import type { RecordedExecution } from './recorded-execution.js';

export interface RehearsalOrder {
  recorded: RecordedExecution;
  /** What is to run: JSON text, and what it is called. */
  definition: string;
  source: string;
  /** JSON text. */
  input: string;
  evaluate: Evaluate;
  readItems: ReadItems;
  /** What the user has answered, or a function that runs here. Undefined: the recording answers. */
  reply(call: TaskCall, recorded: readonly Reply[] | undefined): Promise<readonly Reply[] | undefined>;
  mapRun(call: MapRunCall): Promise<MapRunReply | undefined>;
  /** What the ItemReader of this Map reads, by the user. */
  items?(call: MapRunCall): Json[] | JsonObject | undefined;
  /** For the children of map runs; undefined: a saved history, whose children nobody can read. */
  gateways: Pick<Gateways, 'states' | 'logs' | 'objects'> | undefined;
  /** Epoch milliseconds. */
  now: number;
}

export interface Rehearsal extends Rehearsed {
  order: RehearsalOrder;
  /** What is missing: of a map run, what its child asks. */
  missing?: TaskCall | MapRunCall;
  /** What the recorded history lacks, after "the history ". */
  lack?: string;
}

const NOWHERE = 'arn:aws:states:us-east-1:123456789012';

/** Runs an execution again with other means. @throws FlowError 2 where AWS would refuse the definition */
export async function rehearseExecution(order: RehearsalOrder): Promise<Rehearsal> {
  const { recorded, definition, source, input, evaluate, reply, mapRun } = order;
  const { events, name, type, roleArn } = recorded;
  const stateMachineArn = recorded.stateMachineArn ?? `${NOWHERE}:stateMachine:machine`;
  const startDate = events[0]?.timestamp;
  const ranDefinition = recorded.definition ?? definition;
  const definitions = { ran: parseWritten(ranDefinition), now: parseWritten(definition) };
  const spec: ExecutionSpec = {
    executionArn: recorded.executionArn ?? `${NOWHERE}:execution:machine:${name}`,
    name,
    roleArn,
    stateMachineArn,
    stateMachineName: machineName(stateMachineArn),
    type,
    startDate: startDate && !Number.isNaN(startDate) ? startDate : 0,
    input,
  };
  let inside: TaskCall | MapRunCall | undefined;
  const around = {
    gateways: order.gateways,
    definitions,
    parent: spec,
    evaluate,
    readItems: order.readItems,
    reply,
    now: order.now,
    missing: (call: TaskCall | MapRunCall) => {
      inside = call;
    },
  };
  const rehearsed = await rehearse({
    events,
    ranDefinition,
    definition,
    machine: compiled(definition, type, source),
    spec,
    evaluate,
    reply,
    mapRun: async (call, run, then) =>
      (await mapRun(call)) ?? then ?? (await playedMapRun(call, run, order.items?.(call), around)),
  });
  const { missing } = rehearsed.played;
  return { ...rehearsed, order, missing: missing && (inside ?? missing), lack: lackOf(events) };
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
