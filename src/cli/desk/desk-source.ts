import { createPace } from '../../operations/desk/call-budget.js';
import { type Attention, type LookAround, lookAround } from '../../operations/desk/poll-target.js';
import { readJobs } from '../../operations/desk/read-jobs.js';
import type { DeskData } from '../../operations/desk/snapshot.js';
import type { Context } from '../shell/context.js';
import type { Target } from '../shell/target.js';

/** A target as a desk uses it: what looks around is paced, what somebody asks for is only counted. */
export interface DeskSource {
  /** Calls are made at once. */
  target: Target;
  looking: LookAround;
}

export function deskSource(
  context: Context,
  target: Target,
  {
    stateMachineArn,
    attention,
    once,
    signal,
  }: { stateMachineArn?: string; attention(): Attention; once?: boolean; signal: AbortSignal },
): DeskSource {
  const { clock } = context;
  // On this machine nobody shares anything.
  const pace = createPace(clock, signal, target.loopback ? 600 : undefined);
  const gateways = target.gatewaysAt(pace.background);
  const looking = lookAround({
    states: gateways.states,
    pace,
    memory: target.memory,
    serverNow: target.serverNow,
    stateMachineArn,
    readJobs: () => readJobs({ ...target, gateways }),
    attention,
    once,
    clock,
    signal,
  });
  return { looking, target: { ...target, gateways: target.gatewaysAt(pace.foreground) } };
}

export const nothingYet: DeskData = {
  executions: { rows: [] },
  paused: { rows: [] },
  jobs: { rows: [] },
  machines: { rows: [] },
  calls: 0,
};
