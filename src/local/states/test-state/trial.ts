import { randomInt, randomUUID } from 'node:crypto';
import type { HistoryEvent } from '../../../asl/engine/history-event.js';
import type { Effect, Stimulus } from '../../../asl/engine/protocol.js';
import type { Probe } from '../../../asl/engine/test-state-probe.js';
import {
  createExecution,
  type Execution,
  pendingEffects,
  transition,
} from '../../../asl/engine/transition.js';
import { isObject, type Json, type JsonObject } from '../../../json/json.js';
import { parseOwn } from '../../../json/lossless.js';
import type { StatesContext } from '../context.js';
import { type Subject, trialMachine } from './subject.js';

type SetTimer = Extract<Effect, { type: 'SetTimer' }>;
type Call = Exclude<Effect, SetTimer>;

/** How it went, and what the state did with its data. */
export interface Trial {
  execution: Execution;
  output?: string;
  nextState?: string;
  /** Those it began with and those it assigned. */
  variables: JsonObject;
}

/**
 * Runs one state as an execution of its own, and stops where it would be retried.
 * @param perform answers what the state asks of the outside
 */
export async function tryState(
  { clock }: StatesContext,
  subject: Subject,
  input: string,
  probe: Probe,
  perform: (effect: Call, at: number) => Promise<Stimulus>,
): Promise<Trial> {
  const startDate = clock.now();
  const { Execution: facts } = probe.context;
  const { Id = '', Name = '', RoleArn = '' } = isObject(facts) ? facts : {};
  const execution = createExecution(
    {
      executionArn: String(Id),
      name: String(Name),
      roleArn: String(RoleArn),
      stateMachineArn: '',
      stateMachineName: '',
      // It has the five minutes of an EXPRESS execution.
      type: 'EXPRESS',
      startDate,
      input,
    },
    trialMachine(subject),
    {
      taskToken: () => taskToken(probe.context.Task),
      mapRunArn: () => '',
      random: () => randomInt(2 ** 32) / 2 ** 32,
    },
    probe,
  );
  const events: HistoryEvent[] = [];
  let stimulus: Stimulus = { type: 'Start', at: startDate };
  for (;;) {
    for (const event of transition(execution, stimulus).events) events.push(event);
    if (execution.status !== 'RUNNING' || probe.handled?.by === 'Retry') break;
    stimulus = await nextStimulus(execution, clock, perform);
  }
  return { execution, ...exitOf(events, probe.variables) };
}

const taskToken = (task: Json | undefined): string =>
  isObject(task) && typeof task.Token === 'string' ? task.Token : randomUUID();

/** Of the calls under way, and the timers that bound them, what comes first. */
async function nextStimulus(
  execution: Execution,
  clock: StatesContext['clock'],
  perform: (effect: Call, at: number) => Promise<Stimulus>,
): Promise<Stimulus> {
  const effects = pendingEffects(execution);
  const timers = effects.filter((effect) => effect.type === 'SetTimer').sort((a, b) => a.at - b.at);
  const call = effects.find((effect): effect is Call => effect.type !== 'SetTimer');
  let [cancel, release] = [() => {}, () => {}];
  const due = new Promise<Stimulus>((resolve) => {
    const [timer] = timers;
    if (!timer) return;
    cancel = clock.at(timer.at, () =>
      resolve({ type: 'TimerFired', timerId: timer.timerId, at: clock.now() }),
    );
  });
  try {
    if (!call) return await due;
    release = clock.hold();
    return await Promise.race([perform(call, clock.now()), due]);
  } finally {
    release();
    cancel();
  }
}

/** What the state itself handed on, and to whom. */
function exitOf(events: HistoryEvent[], before: JsonObject): Omit<Trial, 'execution'> {
  const exited = events.find((event) => event.type.endsWith('StateExited'));
  const [, next] = events.filter((event) => event.type.endsWith('StateEntered'));
  const left = exited?.stateExitedEventDetails as Exit | undefined;
  const entered = next?.stateEnteredEventDetails as { name: string } | undefined;
  const assigned = Object.entries(left?.assignedVariables ?? {}).map(([name, text]): [string, Json] => [
    name,
    parseOwn(text),
  ]);
  return {
    output: left?.output,
    nextState: entered?.name,
    variables: { ...before, ...Object.fromEntries(assigned) },
  };
}

interface Exit {
  output: string;
  /** JSON texts. */
  assignedVariables?: Record<string, string>;
}
