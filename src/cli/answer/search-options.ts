import type { Resolving } from '../../operations/pending/resolve-paused.js';
import { parseCondition, type Wanted } from '../../workflow/answer/match-paused.js';
import type { Context } from '../shell/context.js';
import type { Target } from '../shell/target.js';
import type { Choosing } from './options.js';
import { scanProgress } from './scan-progress.js';

/** @throws FlowError 2 where a condition is no `path=value` */
export const wantedOf = ({ state, match = [] }: Pick<Choosing, 'state' | 'match'>): Wanted => ({
  stateName: state,
  conditions: match.map(parseCondition),
});

/** What all searches of paused steps are given. */
export async function searchOn(
  context: Context,
  target: Target,
  { machine, execution, deep = false }: Pick<Choosing, 'machine' | 'execution' | 'deep'>,
  wanted: Wanted = { conditions: [] },
): Promise<Resolving> {
  return {
    states: target.gateways.states,
    memory: target.memory,
    audit: context.audit,
    stateMachineArn: machine === undefined ? undefined : await target.machineArn(machine),
    executionArn: execution === undefined ? undefined : await target.executionArn(execution),
    wanted,
    deep,
    now: context.clock.now,
    serverNow: target.serverNow,
    signal: context.signal,
    onProgress: scanProgress(context),
    targetName: target.name,
    flagsForHints: target.flagsForHints,
  };
}

/** A search, with its progress while it lasts. */
export async function searching<T>({ err }: Context, search: () => Promise<T>): Promise<T> {
  try {
    return await search();
  } finally {
    err.progress('');
  }
}
