import { evaluateJsonata } from '../../../src/asl/data/evaluate-jsonata.mjs';
import { compileMachine } from '../../../src/asl/definition.js';
import type { HistoryEvent } from '../../../src/asl/engine/history-event.js';
import type { Env, ExecutionSpec } from '../../../src/asl/engine/protocol.js';
import type { Json, JsonObject } from '../../../src/json/json.js';
import { parseWritten } from '../../../src/json/lossless.js';
import { type Played, type PlayWorld, play } from '../../../src/workflow/rehearsal/play.js';
import { type RehearsalPlan, type Rehearsed, rehearse } from '../../../src/workflow/rehearsal/rehearse.js';
import type { Reply, TaskCall } from '../../../src/workflow/rehearsal/reply.js';

/** Executions that ran in a made world, as histories. */

export const specOf = (input: Json): ExecutionSpec => ({
  executionArn: 'arn:aws:states:us-east-1:123456789012:execution:m:e',
  name: 'e',
  roleArn: 'arn:aws:iam::123456789012:role/r',
  stateMachineArn: 'arn:aws:states:us-east-1:123456789012:stateMachine:m',
  stateMachineName: 'm',
  type: 'STANDARD',
  startDate: Date.parse('2026-01-01T00:00:00Z'),
  input: JSON.stringify(input),
});

const env: Env = { taskToken: (id) => `AQCEAAAA${id}`, mapRunArn: (id) => `run-${id}`, random: () => 0.3 };

export type Answer = (call: TaskCall) => readonly Reply[] | undefined;

export const succeeded = (value: Json, after = 10): Reply[] => [
  { after, what: { type: 'TaskSucceeded', output: JSON.stringify(value) } },
];
export const failed = (error: string, cause = 'because', after = 10): Reply[] => [
  { after, what: { type: 'TaskFailed', error, cause } },
];

const compiled = (definition: JsonObject) =>
  compileMachine(parseWritten(JSON.stringify(definition)) as JsonObject);

export async function ran(
  definition: JsonObject,
  input: Json,
  reply: Answer,
  world: Partial<PlayWorld> = {},
): Promise<Played> {
  return await play(specOf(input), compiled(definition), {
    reply,
    mapRun: async () => undefined,
    hasActivity: () => true,
    evaluate: evaluateJsonata,
    env,
    ...world,
  });
}

export async function again(
  events: readonly HistoryEvent[],
  ranDefinition: JsonObject,
  definition: JsonObject,
  input: Json,
  more: Partial<RehearsalPlan> = {},
): Promise<Rehearsed> {
  return await rehearse({
    events,
    ranDefinition: JSON.stringify(ranDefinition),
    definition: JSON.stringify(definition),
    machine: compiled(definition),
    spec: specOf(input),
    evaluate: evaluateJsonata,
    ...more,
  });
}
