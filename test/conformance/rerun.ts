import { compileMachine, parseDefinition } from '../../src/asl/definition.js';
import { evaluateJsonata } from '../../src/asl/evaluate-jsonata.mjs';
import type { Effect, Env, ExecutionSpec, MapRunSpec, Stimulus } from '../../src/asl/execution.js';
import type { HistoryEvent } from '../../src/asl/history-event.js';
import { isObject, type Json, type JsonObject } from '../../src/asl/json.js';
import type { StateMachine } from '../../src/asl/machine.js';
import { createBatcher, itemSelector } from '../../src/asl/map-item.js';
import { createExecution, type Execution, transition } from '../../src/asl/transition.js';
import { alike, isJson, normal } from './compare.js';
import { detailsOf, type RecordedEvent, type RecordedExecution } from './record.js';

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
export async function rerun(recorded: RecordedExecution, events: RecordedEvent[]): Promise<HistoryEvent[]> {
  const machine = parseDefinition(deployed(recorded, events), recorded.type);
  const begin = detailsOf(events[0] ?? { type: '' });
  const given = recorded.inputs[0];
  const asRecorded = typeof begin.input === 'string' ? begin.input : JSON.stringify(begin.input);
  const input = given === undefined || given.includes('${') ? asRecorded : given;
  const execution = createExecution(spec(recorded.type, input, String(begin.roleArn)), machine, env);
  return await drive(execution, recordedAnswers(events, recorded), events);
}

type Answers = (effect: Effect, scheduled: HistoryEvent | undefined) => Unplaced[] | Promise<Unplaced[]>;
/** A stimulus without its moment. */
type Unplaced = Stimulus extends infer S ? (S extends Stimulus ? Omit<S, 'at'> : never) : never;

async function drive(
  execution: Execution,
  answers: Answers,
  recorded: RecordedEvent[],
): Promise<HistoryEvent[]> {
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
      else if (effect.type === 'Evaluate')
        queue.push({
          type: 'Evaluated',
          evaluationId: effect.evaluationId,
          answers: await evaluateJsonata(effect.evaluation),
        });
      else if (effect.type === 'FindActivity')
        queue.push({
          type: 'Evaluated',
          evaluationId: effect.evaluationId,
          answers: [{ value: recorded.some(({ type }) => type === 'ActivityScheduled') }],
        });
      else if (effect.type === 'InvokeTask' || effect.type === 'StartMapRun')
        queue.push(...(await answers(effect, scheduledOf(history, effect.taskId))));
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

/** A task's *Scheduled event: the newest, where its id is not the task's. */
const scheduledOf = (history: HistoryEvent[], taskId: number): HistoryEvent | undefined =>
  history.find(({ id }) => id === taskId) ?? history.findLast(({ type }) => type.endsWith('Scheduled'));

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

async function mapRunAnswer(
  taskId: number,
  run: MapRunSpec,
  events: RecordedEvent[],
  used: Set<number>,
  recorded: RecordedExecution,
): Promise<Unplaced[]> {
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
  if (run.items) return [{ type: 'MapRunSucceeded', taskId, output: await runChildren(run, recorded) }];
  const exited = events.find((event) => event.type === 'MapStateExited' && event.id > started.id);
  const { output } = detailsOf(exited ?? { type: '' });
  return [
    { type: 'MapRunSucceeded', taskId, output: typeof output === 'string' ? output : JSON.stringify(output) },
  ];
}

/** Child executions, one after the other; their functions behave as their names say. */
async function runChildren(run: MapRunSpec, recorded: RecordedExecution): Promise<string> {
  const machine: StateMachine = compileMachine(run.itemProcessor as JsonObject);
  const outputs: string[] = [];
  for (const input of await childInputs(run)) {
    const child = createExecution(spec(run.executionType, input, 'role'), machine, env);
    await drive(child, (effect) => childAnswer(effect, recorded), []);
    outputs.push(child.output ?? 'null');
  }
  return `[${outputs.join(',')}]`;
}

async function childInputs(run: MapRunSpec): Promise<string[]> {
  const select = itemSelector(run, evaluateJsonata);
  const selected = await Promise.all((run.items ?? []).map((item, index) => select(index, item)));
  const batcher = createBatcher(run);
  const inputs: string[] = [];
  for (const text of selected.map((input) => JSON.stringify(input))) {
    if (!batcher) inputs.push(text);
    else if (batcher.add(text) === 'full') {
      inputs.push(batcher.take());
      batcher.add(text);
    }
  }
  if (batcher && batcher.count > 0) inputs.push(batcher.take());
  return inputs;
}

async function childAnswer(effect: Effect, recorded: RecordedExecution): Promise<Unplaced[]> {
  if (effect.type === 'StartMapRun')
    return [
      { type: 'MapRunSucceeded', taskId: effect.taskId, output: await runChildren(effect.spec, recorded) },
    ];
  if (effect.type !== 'InvokeTask') return [];
  const { taskId, parameters } = effect;
  if (!recorded.lambdaHandlers.includes('id_function.py'))
    throw new Error(`No answer for ${effect.resource}`);
  const service = effect.resource.includes(':::') && isObject(parameters);
  const output = service ? { Payload: parameters.Payload ?? {} } : parameters;
  return [{ type: 'TaskSucceeded', taskId, output: JSON.stringify(output) }];
}
