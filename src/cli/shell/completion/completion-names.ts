import { readConfig } from '../../../config/config.js';
import type { NameKind } from '../../../files/kept/name-cache.js';
import { listExecutions } from '../../../operations/execution/list-executions.js';
import { listMachines } from '../../../operations/find/list-machines.js';
import { findPaused } from '../../../operations/pending/find-paused.js';
import { listBatches } from '../../../operations/task/list-batches.js';
import { typedNames } from '../../../workflow/names/typed-name.js';
import type { Context } from '../context.js';
import type { Target } from '../target.js';

/** A shell waits for each word: what does not answer so soon is offered as it was known last. */
const PATIENCE = 300;
/** What was shown just now is not asked for again. */
const FRESH = 5_000;

const mostExecutions = 50;

/** A slow or missing target is not reported: completion offers what was known last, or nothing. */
export async function namesOf(context: Context, kind: NameKind, target?: string): Promise<string[]> {
  const { clock, names, signal } = context;
  const known = await names.load(kind, target);
  if (known && clock.now() - known.at < FRESH) return known.names;
  const look = lookups[kind];
  const otherwise = known?.names ?? (kind === 'machines' ? configured(context, target) : []);
  if (!look) return otherwise;
  const found = async (): Promise<string[]> => {
    // A server is not started for a word.
    const chosen = await context.connect({ changes: false, carry: false }).catch(() => undefined);
    const here = target === undefined || target === chosen?.name;
    const reached = here ? chosen : target === 'local' ? undefined : await context.connectNamed(target);
    if (!reached) return otherwise;
    const now = await look(reached, context);
    if (!now) return otherwise;
    await names.save(kind, now, target);
    return now;
  };
  const late = clock.sleep(PATIENCE, signal).then(() => undefined);
  const answer = await Promise.race([found().catch(() => undefined), late.catch(() => undefined)]);
  return answer ?? otherwise;
}

/** By the config alone, and the roles that a target may have. */
function configured({ cwd, env }: Context, target: string | undefined): string[] {
  try {
    const { targets, defaultTarget, local } = readConfig(cwd);
    const name = target ?? (env.MBC_FLOW_TARGET || defaultTarget) ?? 'local';
    const own = name === 'local' ? local.machines : targets[name]?.machines;
    return [...new Set([...Object.keys(own ?? {}), 'command', 'import-csv', 'sfn-task'])];
  } catch {
    return [];
  }
}

type Lookup = (target: Target, context: Context) => Promise<string[] | undefined>;

/** Of AWS, paused steps, batches and jobs take more calls than a shell has time for: those shown last are offered. */
const lookups: Partial<Record<NameKind, Lookup>> = {
  machines: async ({ gateways }) => (await listMachines(gateways.states)).map(({ name }) => name),
  executions: async ({ gateways }, { clock }) => {
    const { executions, seen } = await listExecutions(gateways.states, {
      limit: mostExecutions,
      now: clock.now(),
    });
    return executions.map(({ executionArn }) => executionArn).map(typedNames(seen));
  },
  requests: async ({ loopback, gateways, memory, serverNow }, { clock, signal }) => {
    if (!loopback) return undefined;
    const { states } = gateways;
    const search = { states, memory, serverNow, deep: false, now: clock.now, signal, onProgress() {} };
    const { tasks } = await findPaused(search);
    return [...new Set(tasks.flatMap(({ requestId }) => requestId ?? []))];
  },
  batches: async ({ loopback, gateways, batches: journal, machineArn }) => {
    if (!loopback) return undefined;
    const stateMachineArn = await machineArn('task');
    const batches = await listBatches({ gateways, journal, stateMachineArn, limit: mostExecutions });
    return batches.map(({ batch }) => batch);
  },
};
