import { existsSync, readFileSync } from 'node:fs';
import { compileMachine, parseDefinition } from '../../src/asl/definition.js';
import type { Effect, Env, ExecutionSpec, MapRunSpec, Stimulus } from '../../src/asl/execution.js';
import type { HistoryEvent } from '../../src/asl/history-event.js';
import { isObject, type Json, type JsonObject } from '../../src/asl/json.js';
import type { StateMachine } from '../../src/asl/machine.js';
import { createBatcher, itemSelector } from '../../src/asl/map-item.js';
import { createExecution, type Execution, transition } from '../../src/asl/transition.js';

const HISTORIES = new URL('../../../shared/material/histories/localstack-executions.jsonl', import.meta.url);

/** What AWS recorded, with JSON strings inside of events parsed. */
export interface RecordedEvent {
  id: number;
  previousEventId: number;
  type: string;
  [details: string]: Json;
}
export interface RecordedExecution {
  id: string;
  test: string;
  definitions: string[];
  inputs: string[];
  type: 'STANDARD' | 'EXPRESS';
  lambdaHandlers: string[];
  awsValidated: boolean;
  recorded: { get_execution_history?: { events: RecordedEvent[] } };
}

/** Undefined where the material is not at hand. */
export function recordedExecutions(): RecordedExecution[] | undefined {
  if (!existsSync(HISTORIES)) return undefined;
  const lines = readFileSync(HISTORIES, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as RecordedExecution);
}

export function detailsOf(event: { type: string }): JsonObject {
  const entries: [string, unknown][] = Object.entries(event);
  const found = entries.find(([key]) => key.endsWith('EventDetails'))?.[1] as Json | undefined;
  return isObject(found) ? found : {};
}

const ACTIVITY = 'arn:aws:states:us-east-1:111111111111:activity:recorded';

/** The definition as it was deployed: what stood in `${…}` is read off the record. */
export function deployed(recorded: RecordedExecution, events: RecordedEvent[]): string {
  const resources = events.flatMap((event) => {
    if (event.type === 'ActivityScheduled') return ACTIVITY;
    return event.type === 'LambdaFunctionScheduled' ? String(detailsOf(event).resource) : [];
  });
  const fallback = /activity/i.test(recorded.definitions[0] ?? '')
    ? ACTIVITY
    : 'arn:aws:lambda:us-east-1:111111111111:function:recorded';
  return (recorded.definitions[0] ?? '').replace(
    /"Resource": "\$\{[^"]*\}"/g,
    () => `"Resource": "${resources[0] ?? fallback}"`,
  );
}

const env: Env = {
  taskToken: (taskId) => `token-${taskId}`,
  mapRunArn: (taskId, label) =>
    `arn:aws:states:us-east-1:111111111111:mapRun:machine/${label ?? 'label'}:${taskId}`,
  random: (n) => ((n * 7919) % 1000) / 1000,
};

function spec(type: 'STANDARD' | 'EXPRESS', input: string, roleArn: string): ExecutionSpec {
  return {
    executionArn: 'arn:aws:states:us-east-1:111111111111:execution:machine:name',
    name: 'name',
    roleArn,
    stateMachineArn: 'arn:aws:states:us-east-1:111111111111:stateMachine:machine',
    stateMachineName: 'machine',
    type,
    startDate: Date.UTC(2026, 0, 1),
    input,
  };
}

/** Runs the recorded definition; integrations answer as they did on AWS. */
export function rerun(recorded: RecordedExecution, events: RecordedEvent[]): HistoryEvent[] {
  const machine = parseDefinition(deployed(recorded, events), recorded.type);
  const begin = detailsOf(events[0] ?? { type: '' });
  const given = recorded.inputs[0];
  const asRecorded = typeof begin.input === 'string' ? begin.input : JSON.stringify(begin.input);
  const input = given === undefined || given.includes('${') ? asRecorded : given;
  const execution = createExecution(spec(recorded.type, input, String(begin.roleArn)), machine, env);
  return drive(execution, recordedAnswers(events, recorded), events);
}

type Answers = (effect: Effect, scheduled: HistoryEvent | undefined) => Unplaced[];
/** A stimulus without its moment. */
type Unplaced = Stimulus extends infer S ? (S extends Stimulus ? Omit<S, 'at'> : never) : never;

function drive(execution: Execution, answers: Answers, recorded: RecordedEvent[]): HistoryEvent[] {
  const history: HistoryEvent[] = [];
  const timers = new Map<number, number>();
  const queue: Unplaced[] = [{ type: 'Start' }];
  let now = execution.spec.startDate;
  while (execution.status === 'RUNNING') {
    const next = queue.shift() ?? dueTimer() ?? stop();
    const step = transition(execution, { ...next, at: now } as Stimulus);
    history.push(...step.events);
    for (const effect of step.effects) {
      if (effect.type === 'SetTimer') timers.set(effect.timerId, effect.at);
      else if (effect.type === 'CancelTimer') timers.delete(effect.timerId);
      else if (effect.type === 'InvokeTask' || effect.type === 'StartMapRun')
        queue.push(
          ...answers(
            effect,
            history.find(({ id }) => id === effect.taskId),
          ),
        );
    }
  }
  return history;

  function dueTimer(): Unplaced | undefined {
    const [first] = [...timers].sort(([a, x], [b, y]) => x - y || a - b);
    if (!first) return undefined;
    timers.delete(first[0]);
    now = Math.max(now, first[1]);
    return { type: 'TimerFired', timerId: first[0] };
  }

  function stop(): Unplaced {
    const aborted = recorded.find(({ type }) => type === 'ExecutionAborted');
    if (!aborted) throw new Error('Nothing is left to happen, but the execution goes on');
    const { error, cause } = detailsOf(aborted);
    return { type: 'Stop', error: text(error), cause: text(cause) };
  }
}

const text = (value: Json | undefined): string | undefined =>
  value === undefined || typeof value === 'string' ? value : JSON.stringify(value);

function recordedAnswers(events: RecordedEvent[], recorded: RecordedExecution): Answers {
  const used = new Set<number>();
  return (effect, scheduled) => {
    if (effect.type === 'StartMapRun')
      return mapRunAnswer(effect.taskId, effect.spec, events, used, recorded);
    if (effect.type !== 'InvokeTask' || !scheduled) return [];
    const found = events.find(
      (event) =>
        !used.has(event.id) &&
        event.type === scheduled.type &&
        alike(withoutResource(event), withoutResource(scheduled)),
    );
    if (!found) throw new Error(`AWS did not schedule ${JSON.stringify(scheduled)}`);
    used.add(found.id);
    return answersAfter(found, events, effect.taskId);
  };
}

const withoutResource = (event: { type: string }): Json => {
  const { resource: _, ...rest } = detailsOf(event);
  return normal(rest);
};

function answersAfter(scheduled: RecordedEvent, events: RecordedEvent[], taskId: number): Unplaced[] {
  const answers: Unplaced[] = [];
  let at: RecordedEvent | undefined = scheduled;
  while (at) {
    const id: number = at.id;
    at = events.find(
      (event) => event.previousEventId === id && /^(Task|Activity|LambdaFunction)(?!State)/.test(event.type),
    );
    const details = at ? detailsOf(at) : {};
    const output =
      typeof details.output === 'string' && isJson(details.output)
        ? details.output
        : JSON.stringify(details.output);
    if (at?.type.endsWith('Submitted')) answers.push({ type: 'TaskSubmitted', taskId, output });
    if (at?.type === 'ActivityStarted')
      answers.push({ type: 'TaskStarted', taskId, workerName: text(details.workerName) });
    if (at?.type.endsWith('Succeeded')) answers.push({ type: 'TaskSucceeded', taskId, output });
    if (at?.type.endsWith('Failed'))
      answers.push({ type: 'TaskFailed', taskId, error: text(details.error), cause: text(details.cause) });
    if (at && /Scheduled$/.test(at.type)) break;
  }
  return answers;
}

function isJson(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}

function mapRunAnswer(
  taskId: number,
  run: MapRunSpec,
  events: RecordedEvent[],
  used: Set<number>,
  recorded: RecordedExecution,
): Unplaced[] {
  const started = events.find(({ id, type }) => type === 'MapRunStarted' && !used.has(id));
  if (!started) throw new Error('AWS started no map run here');
  used.add(started.id);
  const failed = events.find(
    (event) => event.type === 'MapRunFailed' && event.previousEventId === started.id,
  );
  if (failed) {
    const { error, cause } = detailsOf(failed);
    return [{ type: 'MapRunFailed', taskId, error: String(error), cause: text(cause) }];
  }
  if (run.items) return [{ type: 'MapRunSucceeded', taskId, output: runChildren(run, recorded) }];
  const exited = events.find((event) => event.type === 'MapStateExited' && event.id > started.id);
  const { output } = detailsOf(exited ?? { type: '' });
  return [
    { type: 'MapRunSucceeded', taskId, output: typeof output === 'string' ? output : JSON.stringify(output) },
  ];
}

/** Child executions, one after the other; their functions behave as their names say. */
function runChildren(run: MapRunSpec, recorded: RecordedExecution): string {
  const machine: StateMachine = compileMachine(run.itemProcessor as JsonObject);
  const select = itemSelector(run);
  const inputs = (run.items ?? []).map((item, index) => JSON.stringify(select(index, item)));
  const batcher = createBatcher(run);
  const batches = batcher
    ? inputs.flatMap((input) =>
        batcher.add(input) === 'full' ? [batcher.take(), void batcher.add(input)] : [],
      )
    : inputs;
  if (batcher && batcher.count > 0) batches.push(batcher.take());
  const outputs = batches
    .filter((batch) => typeof batch === 'string')
    .map((input) => {
      const child = createExecution(spec(run.executionType, input, 'role'), machine, env);
      drive(child, (effect) => childAnswer(effect, recorded), []);
      return child.output ?? 'null';
    });
  return `[${outputs.join(',')}]`;
}

function childAnswer(effect: Effect, recorded: RecordedExecution): Unplaced[] {
  if (effect.type === 'StartMapRun')
    return [{ type: 'MapRunSucceeded', taskId: effect.taskId, output: runChildren(effect.spec, recorded) }];
  if (effect.type !== 'InvokeTask') return [];
  const { taskId, parameters } = effect;
  if (!recorded.lambdaHandlers.includes('id_function.py'))
    throw new Error(`No answer for ${effect.resource}`);
  const service = effect.resource.includes(':::') && isObject(parameters);
  const output = service ? { Payload: parameters.Payload ?? {} } : parameters;
  return [{ type: 'TaskSucceeded', taskId, output: JSON.stringify(output) }];
}

/** `RedriveCount` is missing in recordings from before there was one. */
const NOISE = new Set([
  'SdkHttpMetadata',
  'SdkResponseMetadata',
  'timestamp',
  'EnteredTime',
  'StartTime',
  'RedriveCount',
]);

/** JSON texts parsed, noise dropped. */
export function normal(value: unknown): Json {
  if (typeof value === 'string') {
    if (!/^\s*[[{"]/.test(value) || !isJson(value)) return value;
    return normal(JSON.parse(value));
  }
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value !== 'object' || value === null) return value as Json;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (NOISE.has(key) ? [] : [[key, normal(item)]])),
  );
}

/** Both normalised. `<…>` and the like stand for what differs from run to run. */
export function alike(expected: Json | undefined, actual: Json | undefined): boolean {
  if (typeof expected === 'string' && typeof actual === 'string')
    return expected === actual || like(expected, actual);
  if (typeof expected === 'string' && /^<[^>]+>$/.test(expected)) return true;
  // Whether a scalar's JSON text was parsed differs between recordings.
  if (typeof expected !== typeof actual && String(expected) === String(actual)) return true;
  if (Array.isArray(expected) && Array.isArray(actual))
    return expected.length === actual.length && expected.every((item, i) => alike(item, actual[i]));
  if (isObject(expected) && isObject(actual)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...keys].every((key) => alike(expected[key], actual[key]));
  }
  return expected === actual;
}

const PLACEHOLDERS =
  /(<(?:<[^<>]*>|[^<>])*>|activity_arn|map_run_arn|(?:lambda_)?function_name|^date$|^timestamp$)/;

function like(expected: string, actual: string): boolean {
  if (!PLACEHOLDERS.test(expected)) return false;
  const source = expected
    .split(PLACEHOLDERS)
    .map((part, i) => (i % 2 === 1 ? '[\\s\\S]*' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  return new RegExp(`^${source.join('')}$`).test(actual);
}

/** The first difference by the material's rules, or undefined. */
export function difference(expected: RecordedEvent[], actual: HistoryEvent[]): string | undefined {
  const open = actual.map((event) => ({
    event,
    shown: normal({ type: event.type, details: detailsOf(event) }),
  }));
  const partner = new Map<number, HistoryEvent>();
  for (const event of expected) {
    const shown = normal({ type: event.type, details: detailsOf(event) });
    const index = open.findIndex((candidate) => alike(shown, candidate.shown));
    const found = open[index];
    if (!found) {
      const near = open.find((candidate) => candidate.event.type === event.type);
      return `expected ${event.id}<${event.previousEventId} ${JSON.stringify(shown)}\n     got ${JSON.stringify(near?.shown)}`;
    }
    open.splice(index, 1);
    partner.set(event.id, found.event);
  }
  // Recordings with ids taken out have lost some of their events too.
  const lost = (expected.at(-1)?.id ?? 0) - expected.length;
  if (open.length > lost && open[0]) return `unexpected ${JSON.stringify(open[0].shown)}`;
  return expected
    .map((event) => chainDifference(event, expected, actual, partner))
    .find((found) => found !== undefined);
}

/** Two recordings of the same thing differ in these. */
const LOOSE = new Set(['MapStateExited', 'EvaluationFailed']);

function chainDifference(
  event: RecordedEvent,
  expected: RecordedEvent[],
  actual: HistoryEvent[],
  partner: Map<number, HistoryEvent>,
): string | undefined {
  // Some recordings have the ids of parallel events taken out.
  if (LOOSE.has(event.type) || Number(event.id) === 0) return undefined;
  const before = expected.find(({ id }) => id !== 0 && id === event.previousEventId);
  const ours = partner.get(event.id);
  const oursBefore = actual.find(({ id }) => id === ours?.previousEventId);
  if (before === undefined && event.previousEventId !== 0) return undefined;
  if (before?.type === oursBefore?.type) return undefined;
  return `${event.type} ${event.id} follows ${before?.type}, ours ${oursBefore?.type}`;
}
