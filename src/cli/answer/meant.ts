import { exitCodes, FlowError } from '../../errors.js';
import type { PreparedAnswer } from '../../operations/answer/prepare-answer.js';
import { prepareAnswer } from '../../operations/answer/prepare-answer.js';
import type { Resolved, Resolving } from '../../operations/answer/resolve-paused.js';
import { resolveAll, resolveExecution, resolveRequests } from '../../operations/answer/resolve-paused.js';
import { createDefinitions } from '../../operations/find/definition-of-execution.js';
import type { Decision } from '../../workflow/answer/answers.js';
import { parseCondition } from '../../workflow/answer/match-paused.js';
import { isExecutionReference } from '../../workflow/names/arn.js';
import type { Context } from '../shell/context.js';
import type { Target } from '../shell/target.js';
import { readIds, textOption } from './read-answer.js';
import { scanProgress } from './scan-progress.js';

export type Meant =
  | { kind: 'one'; reference?: string }
  | { kind: 'many'; requestIds: string[] }
  | { kind: 'all' };

export async function whatIsMeant(
  context: Context,
  references: string[],
  options: Record<string, unknown>,
): Promise<Meant> {
  const from = textOption(options.from);
  const ways = [references.length > 0, from !== undefined, options.all === true].filter(Boolean).length;
  if (ways > 1) throw badUsage('request ids, --from and --all exclude each other');
  if (from !== undefined) {
    const requestIds = await readIds(context, from);
    if (requestIds.length === 0) throw badUsage('there is no request id in it', from);
    return { kind: 'many', requestIds };
  }
  if (options.all === true) {
    if (
      ![options.match, options.machine, options.state, options.execution].some(
        (narrowing) => narrowing !== undefined,
      )
    )
      throw badUsage('--all needs something that narrows it: --match, --machine, --state or --execution');
    return { kind: 'all' };
  }
  if (references.length > 1) return { kind: 'many', requestIds: [...new Set(references)] };
  if (references.length === 0 && options.execution === undefined)
    throw badUsage('name a request id, --from a file of them, or an --execution');
  return { kind: 'one', reference: references[0] };
}

export const badUsage = (message: string, where?: string): FlowError =>
  new FlowError(exitCodes.usage, 'BadUsage', message, { where, hint: 'mbc-flow pending shows what waits' });

/** What all searches of paused steps are given. */
export async function resolving(
  context: Context,
  target: Target,
  options: Record<string, unknown>,
): Promise<Resolving> {
  const machine = textOption(options.machine);
  const execution = textOption(options.execution);
  const conditions = [options.match ?? []].flat().map((text) => parseCondition(String(text)));
  return {
    states: target.gateways.states,
    memory: target.memory,
    audit: context.audit,
    stateMachineArn: machine === undefined ? undefined : await target.machineArn(machine),
    executionArn: execution === undefined ? undefined : await target.executionArn(execution),
    wanted: { stateName: textOption(options.state), conditions },
    deep: options.deep === true,
    now: context.clock.now,
    signal: context.signal,
    onProgress: scanProgress(context),
    targetName: target.name,
    flagsForHints: target.flagsForHints,
  };
}

export async function find(
  context: Context,
  target: Target,
  meant: Meant,
  search: Resolving,
): Promise<Resolved[]> {
  try {
    if (meant.kind === 'all') return await resolveAll(search);
    if (meant.kind === 'many') return await resolveRequests(meant.requestIds, search);
    const { reference } = meant;
    if (reference === undefined) return [{ task: await resolveExecution(search.executionArn ?? '', search) }];
    if (isExecutionReference(reference))
      return [{ task: await resolveExecution(await target.executionArn(reference), search) }];
    const [found = {}] = await resolveRequests([reference], search, { prefixes: true });
    if (found.error?.code !== 'RequestNotFound') return [found];
    // No request id: perhaps the name of an execution.
    const executionArn = await target.executionArn(reference).catch(unlessNotFound);
    return executionArn === undefined ? [found] : [{ task: await resolveExecution(executionArn, search) }];
  } finally {
    context.err.progress('');
  }
}

export interface Item {
  requestId?: string;
  ready?: PreparedAnswer;
  error?: FlowError;
}

export async function prepared(
  context: Context,
  target: Target,
  found: Resolved[],
  decision: Decision,
  { by, force }: { by: string; force: boolean },
): Promise<Item[]> {
  const { states } = target.gateways;
  const preparation = {
    states,
    definitions: createDefinitions(states),
    decision,
    by,
    now: context.clock.now,
    evaluate: context.evaluate,
    force,
  };
  // The oldest execution first: its definition may vouch for the younger ones'.
  const started = ({ task }: Resolved): number => task?.execution.startDate.getTime() ?? 0;
  const items: Item[] = [];
  for (const { requestId, task, error } of [...found].sort((a, b) => started(a) - started(b))) {
    if (!task) {
      items.push({ requestId, error });
      continue;
    }
    try {
      items.push({ requestId, ready: await prepareAnswer(task, preparation) });
    } catch (failure) {
      if (!(failure instanceof FlowError)) throw failure;
      items.push({ requestId, error: failure });
    }
  }
  return items;
}

/** Nothing of that name is no error yet; that several have it is one. */
function unlessNotFound(error: unknown): undefined {
  if (!(error instanceof FlowError) || error.exitCode !== exitCodes.notFound) throw error;
}
