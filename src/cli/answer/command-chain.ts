import { type ExitCode, exitCodes, FlowError } from '../../errors.js';
import type { StuckChain } from '../../framework/command/chain.js';
import { entityLabel, isCalled } from '../../framework/command/chain.js';
import { findPaused } from '../../operations/answer/find-paused.js';
import type { ChainWork, VersionDone } from '../../operations/answer/resume-chain.js';
import { resumeChain, stopChain } from '../../operations/answer/resume-chain.js';
import type { CommandExecution } from '../../operations/answer/stuck-commands.js';
import { chainsIn } from '../../operations/answer/stuck-commands.js';
import { createDefinitions } from '../../operations/find/definition-of-execution.js';
import type { Decision } from '../../workflow/answer/answers.js';
import { isExecutionReference } from '../../workflow/names/arn.js';
import type { Context } from '../shell/context.js';
import { wouldChange } from '../shell/dry-run.js';
import { interrupted } from '../shell/interrupted.js';
import type { Target } from '../shell/target.js';
import { resolving } from './meant.js';

type Chain = StuckChain<CommandExecution>;

/** `resume --chain`: the stuck versions of an entity, the oldest first, each followed to its end before the next. */
export async function resumeChainOf(
  context: Context,
  references: string[],
  options: Record<string, unknown>,
  decision: Decision,
): Promise<ExitCode> {
  const { target, chain, label } = await chainMeant(context, references, options);
  const count = chain.versions.length;
  listVersions(context, chain);
  context.err.notice(
    'The framework runs the sync handlers of each version again: what they set off happens now.',
  );
  const change = `resume ${count} version${count === 1 ? '' : 's'} of ${label}, the oldest first`;
  if (context.dryRun) return await wouldChange(context, target, change, versionsOf(chain));
  await target.confirm(change, { ask: true, several: count > 1 });
  const by = await target.callerArn();
  const { states } = target.gateways;
  const { done, work } = working(context, target, chain);
  const wait = {
    on: `the versions of ${label} to end, the oldest first`,
    missing:
      'each runs its sync handlers: mbc-flow logs command -f shows them; Ctrl-C leaves the others as they are',
  };
  const run = () =>
    resumeChain(
      chain,
      work,
      {
        definitions: createDefinitions(states),
        decision,
        by,
        now: context.clock.now,
        evaluate: context.evaluate,
        force: options.force === true,
      },
      { ...work, audit: context.audit, target: target.name, verb: 'resume', by },
    );
  const all = await context.waits.during(wait, run).catch(leftChain(context, label, count, done));
  context.out.json({ entity: label, versions: done, left: count - done.length });
  if (!all) context.err.notice(`Stopped here: ${count - done.length} versions wait on.`);
  return all ? exitCodes.ok : exitCodes.failed;
}

/** `stop --chain`: gives the stuck versions of an entity up, the oldest first. */
export async function stopChainOf(
  context: Context,
  references: string[],
  options: Record<string, unknown>,
  why: { error?: string; cause?: string },
): Promise<ExitCode> {
  const { target, chain, label } = await chainMeant(context, references, options);
  const count = chain.versions.length;
  listVersions(context, chain);
  const change = `stop ${count} version${count === 1 ? '' : 's'} of ${label}`;
  if (context.dryRun) return await wouldChange(context, target, change, versionsOf(chain));
  await target.confirm(change, { ask: true, several: count > 1 });
  const { done, work } = working(context, target, chain);
  await stopChain(chain, work, why).catch(leftChain(context, label, count, done));
  context.out.json({ entity: label, versions: done, left: 0 });
  return exitCodes.ok;
}

/** What a signal broke off. */
const leftChain =
  (context: Context, entity: string, count: number, done: VersionDone[]) =>
  (error: unknown): never => {
    if (!context.signal.aborted) throw error;
    context.out.json({ entity, versions: done, left: count - done.length });
    throw interrupted(
      context,
      `Interrupted: ${done.length} of ${count} versions of ${entity} are done; one that was answered goes on, the others are as they were.`,
      'the same command again goes on with the others',
      { done: done.length, of: count },
    );
  };

function listVersions(context: Context, { versions }: Chain): void {
  for (const { command, of } of versions)
    context.err.notice(`  v${command.version}  ${of.task?.stateName ?? ''}  ${of.execution.executionArn}`);
}

const versionsOf = ({ versions }: Chain) => ({
  versions: versions.map(({ command, of }) => ({
    version: command.version,
    executionArn: of.execution.executionArn,
  })),
});

function working(
  context: Context,
  target: Target,
  { versions }: Chain,
): { done: VersionDone[]; work: ChainWork } {
  const done: VersionDone[] = [];
  const work: ChainWork = {
    states: target.gateways.states,
    signal: context.signal,
    clock: context.clock,
    pollMilliseconds: target.pollMilliseconds,
    onVersion(one) {
      done.push(one);
      const { version, status, answered, error } = one;
      const how = answered ? '' : status === 'ABORTED' ? '' : ' (woken by the version before)';
      context.err.progress(`${done.length} of ${versions.length} versions`);
      if (context.output === 'ndjson') context.out.json(one);
      context.out.line(`v${version}  ${status}${how}${error === undefined ? '' : `: ${error}`}`);
    },
  };
  return { done, work };
}

/** The one stuck chain that is meant: by its entity, or by an execution or request id of one of its versions. */
async function chainMeant(
  context: Context,
  references: string[],
  options: Record<string, unknown>,
): Promise<{ target: Target; chain: Chain; label: string }> {
  const [reference] = references;
  if (reference === undefined || references.length > 1) {
    throw new FlowError(
      exitCodes.usage,
      'BadUsage',
      'a chain is named by its entity, or by one of its executions',
      {
        hint: 'mbc-flow pending --stuck',
      },
    );
  }
  const target = await context.connect({ changes: true });
  const executionArn = isExecutionReference(reference) ? await target.executionArn(reference) : undefined;
  const scan = await findPaused(await resolving(context, target, { ...options, execution: undefined }));
  context.err.progress('');
  const meant = chainsIn(scan).filter(
    ({ command, versions }) =>
      isCalled(command, reference) ||
      versions.some(
        ({ of: { execution, task } }) =>
          execution.executionArn === executionArn ||
          execution.name === reference ||
          task?.requestIds.includes(reference),
      ),
  );
  const [chain] = meant;
  if (!chain) {
    throw new FlowError(exitCodes.notFound, 'ChainNotFound', `no stuck chain is ${reference}`, {
      hint: `mbc-flow pending --stuck${target.flagsForHints}`,
    });
  }
  if (meant.length > 1) {
    throw new FlowError(exitCodes.conflict, 'SeveralChains', `several stuck chains are ${reference}`, {
      where: meant.map(({ command }) => `${command.table}/${entityLabel(command)}`).join(', '),
      hint: 'name it with its table: table/pk/sk',
    });
  }
  return { target, chain, label: entityLabel(chain.command) };
}
