import { compileMachine, type StateMachine } from '../../asl/definition.js';
import { type Evaluate, listItems } from '../../asl/engine/map-item.js';
import type { Env, ExecutionSpec } from '../../asl/engine/protocol.js';
import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { jsonText } from '../../json/lossless.js';
import type { TestCases } from '../../mocks/step-functions-local.js';
import { parseDuration } from '../definition/duration.js';
import { type MapRunCall, type Played, play } from '../rehearsal/play.js';
import type { MapRunReply, Reply, TaskCall } from '../rehearsal/reply.js';
import type { Place } from '../rehearsal/step-place.js';
import { type AnswerOf, createAnswers } from './answers.js';
import { createTaken, type Taken, transitionKey } from './coverage.js';
import type { FlowAnswer, FlowCase, FlowTestFile } from './file-schema.js';
import { playMapRun } from './play-map-run.js';

/** A state machine under test. */
export interface TestedMachine {
  name: string;
  type: 'STANDARD' | 'EXPRESS';
  definition: JsonObject;
  compiled: StateMachine;
  /** Their names, those inside of others too. */
  states: ReadonlySet<string>;
}

/** What a function that was called for real said. */
export interface FunctionReply {
  replies: readonly Reply[];
  logs: readonly string[];
}

export interface CaseWorld {
  evaluate: Evaluate;
  /** Calls the function that a Task names. */
  callFunction(call: TaskCall): Promise<FunctionReply>;
  mocks?: TestCases;
}

export interface CaseStep {
  place: Place;
  /** Epoch milliseconds of virtual time. */
  at: number;
}

export interface CaseRun {
  played: Pick<Played, 'status' | 'output' | 'error' | 'cause'>;
  /** Every state that was entered, in order; those of a map run's children right after the Map. */
  steps: CaseStep[];
  /** By state, what each call was sent. */
  sent: Map<string, TaskCall[]>;
  logs: string[];
  milliseconds: number;
  /** What was asked, and no answer is given. */
  missing?: TaskCall | MapRunCall;
  taken: Taken;
}

/** Where nobody says when it starts. */
const START = Date.parse('2026-01-01T00:00:00Z');

export async function runCase(
  machine: TestedMachine,
  { answers, start, mocks }: Pick<FlowTestFile, 'answers' | 'start' | 'mocks'>,
  one: FlowCase,
  world: CaseWorld,
): Promise<CaseRun> {
  const startDate = Date.parse(one.start ?? start ?? '') || START;
  const mocked = one.mocks === undefined || mocks === undefined ? undefined : world.mocks?.get(one.mocks);
  const runner = new CaseRunner(world, createAnswers([one.answers, answers], mocked));
  const spec = specOf(machine, jsonText(one.input ?? {}), startDate);
  const { status, output, error, cause, stoppedAt } = await runner.play(spec, machine.compiled, [], []);
  const { steps, sent, logs, missing, taken } = runner;
  const played = { status, output, error, cause };
  return { played, steps, sent, logs, missing, taken, milliseconds: stoppedAt - startDate };
}

const specOf = ({ name, type }: TestedMachine, input: string, startDate: number): ExecutionSpec => ({
  executionArn: `arn:aws:states:us-east-1:123456789012:execution:${name}:test`,
  name: 'test',
  roleArn: 'arn:aws:iam::123456789012:role/test',
  stateMachineArn: `arn:aws:states:us-east-1:123456789012:stateMachine:${name}`,
  stateMachineName: name,
  type,
  startDate,
  input,
  inputIsWritten: true,
});

class CaseRunner {
  readonly steps: CaseStep[] = [];
  readonly sent = new Map<string, TaskCall[]>();
  readonly logs: string[] = [];
  readonly taken = createTaken();
  missing: CaseRun['missing'];
  private readonly env: Env = {
    taskToken: () => 'token',
    mapRunArn: (taskId, label) => `mapRun:${label ?? ''}:${taskId}`,
    random: () => 0.5,
    took: (stateName, clause, index) => this.taken.clauses.add(`${clause} ${index} ${stateName}`),
  };

  constructor(
    private readonly world: CaseWorld,
    private readonly answerOf: AnswerOf,
  ) {}

  /** @param around the iterations of the map runs around the execution */
  async play(
    spec: ExecutionSpec,
    machine: StateMachine,
    around: readonly number[],
    steps: CaseStep[],
  ): Promise<Played> {
    const below = new Map<string, CaseStep[]>();
    const placed = (place: Place): Place =>
      around.length === 0 ? place : { ...place, iterations: [...around, ...place.iterations] };
    const played = await play(spec, machine, {
      evaluate: this.world.evaluate,
      env: this.env,
      hasActivity: () => true,
      reply: (call) => this.reply(around.length === 0 ? call : { ...call, place: placed(call.place) }),
      mapRun: async (call) => {
        const children: CaseStep[] = [];
        below.set(keyOf(placed(call.place)), children);
        return await this.mapRun({ ...call, place: placed(call.place) }, spec, children);
      },
    });
    this.take(played, placed, below, steps);
    if (around.length === 0) for (const step of steps) this.steps.push(step);
    return played;
  }

  private take(
    { events, places }: Played,
    placed: (place: Place) => Place,
    below: Map<string, CaseStep[]>,
    steps: CaseStep[],
  ): void {
    let index = -1;
    for (const event of events) {
      index++;
      const here = places[index];
      if (!here || !event.type.endsWith('StateEntered')) continue;
      this.taken.states.add(here.stateName);
      const before = events[event.previousEventId - 1];
      const from = before?.type.endsWith('StateExited') && places[event.previousEventId - 1]?.stateName;
      if (from) this.taken.transitions.add(transitionKey(from, here.stateName));
      const place = placed(here);
      steps.push({ place, at: event.timestamp });
      const children = below.size > 0 ? below.get(keyOf(place)) : undefined;
      for (const child of children ?? []) steps.push(child);
    }
  }

  private reply(call: TaskCall): readonly Reply[] | undefined | Promise<readonly Reply[]> {
    const { stateName } = call.place;
    const sent = this.sent.get(stateName);
    if (sent) sent.push(call);
    else this.sent.set(stateName, [call]);
    const answer = this.answerOf(call.place);
    if (!answer || answer.items) {
      this.missing ??= call;
      return undefined;
    }
    return answer.call === undefined ? repliesOf(answer) : this.called(call, afterOf(answer));
  }

  private async called(call: TaskCall, delay: number): Promise<readonly Reply[]> {
    const { replies, logs } = await this.world.callFunction(call);
    for (const line of logs) this.logs.push(line);
    return delay === 0 ? replies : replies.map(({ after, what }) => ({ after: after + delay, what }));
  }

  private async mapRun(
    call: MapRunCall,
    parent: ExecutionSpec,
    steps: CaseStep[],
  ): Promise<MapRunReply | undefined> {
    const { spec } = call.effect;
    const answer = this.answerOf(call.place) ?? {};
    if ('error' in answer || 'value' in answer) return mapRunReplyOf(answer);
    const given = answer.items ?? spec.items;
    if (given === undefined || answer.call !== undefined || answer.never) {
      this.missing ??= call;
      return undefined;
    }
    const compiled = compileMachine(isObject(spec.itemProcessor) ? spec.itemProcessor : {});
    const items = listItems(given as Json[] | JsonObject);
    return await playMapRun(call, items, this.world.evaluate, async (child) => {
      const { input, index, at } = child;
      const name = `${parent.name}-${index}`;
      const childSpec = { ...parent, name, input, startDate: at, type: spec.executionType };
      return await this.play(childSpec, compiled, [...call.place.iterations, index], steps);
    });
  }
}

const keyOf = ({ stateName, iterations, visit }: Place): string =>
  JSON.stringify([stateName, iterations, visit]);

/** Milliseconds of a duration in a test file. */
export const durationOf = (given: string | number): number =>
  typeof given === 'number' ? given * 1000 : (parseDuration(given) ?? 0);

const afterOf = ({ after }: FlowAnswer): number => (after === undefined ? 0 : durationOf(after));

export function repliesOf(answer: FlowAnswer): readonly Reply[] {
  if (answer.never) return [];
  const { error, cause } = answer;
  const after = afterOf(answer);
  return error === undefined
    ? [{ after, what: { type: 'TaskSucceeded', output: jsonText(answer.value) } }]
    : [{ after, what: { type: 'TaskFailed', error, cause } }];
}

export function mapRunReplyOf(answer: FlowAnswer): MapRunReply {
  const { error, cause } = answer;
  const after = afterOf(answer);
  return error === undefined
    ? { type: 'MapRunSucceeded', output: jsonText(answer.value), after }
    : { type: 'MapRunFailed', error, cause, after };
}
