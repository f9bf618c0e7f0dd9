import { type ExitCode, exitCodes, FlowError } from '../../errors.js';
import { entityLabel, type StuckChain } from '../../framework/command/version-chain.js';
import { findChain } from '../../operations/answer/find-chain.js';
import { resumeChain, stopChain, type VersionDone } from '../../operations/answer/resume-chain.js';
import type { CommandExecution } from '../../operations/pending/stuck-commands.js';
import { versionLine } from '../../views/answer/chain.js';
import type { Decision } from '../../workflow/answer/approval-decision.js';
import type { Context } from '../shell/context.js';
import { wouldChange } from '../shell/dry-run.js';
import { interrupted } from '../shell/interruption.js';
import type { Target } from '../shell/target.js';
import { answeringOn } from './answer-context.js';
import type { AnswerOptions } from './options.js';
import { searching, searchOn } from './search-options.js';

type Chain = StuckChain<CommandExecution>;

/** `resume --chain`: the stuck versions of an entity, the oldest first, each followed to its end before the next. */
export async function resumeChainOf(
  context: Context,
  references: string[],
  options: Pick<AnswerOptions, 'machine' | 'deep' | 'force'>,
  decision: Decision,
): Promise<ExitCode> {
  const target = await context.connect({ changes: true });
  const chain = await chainMeant(context, target, references, options);
  const label = entityLabel(chain.command);
  const count = chain.versions.length;
  listVersions(context, chain);
  context.err.notice(
    'The framework runs the sync handlers of each version again: what they set off happens now.',
  );
  const change = `resume ${versions(count)} of ${label}, the oldest first`;
  if (context.dryRun) return await wouldChange(context, target, change, versionsOf(chain));
  await target.confirm(change, { ask: true, several: count > 1 });
  const answering = await answeringOn(context, target, decision, options);
  const wait = {
    on: `the versions of ${label} to end, the oldest first`,
    missing:
      'each runs its sync handlers: mbc-flow logs command -f shows them; Ctrl-C leaves the others as they are',
  };
  const done = await context.waits.during(wait, () =>
    eachVersion(context, chain, resumeChain(chain, answering)),
  );
  if (done.every(({ status }) => status === 'SUCCEEDED')) return exitCodes.ok;
  context.err.notice(`Stopped here: ${count - done.length} versions wait on.`);
  return exitCodes.failed;
}

/** `stop --chain`: gives the stuck versions of an entity up, the oldest first. */
export async function stopChainOf(
  context: Context,
  references: string[],
  options: Pick<AnswerOptions, 'machine'>,
  why: { error?: string; cause?: string },
): Promise<ExitCode> {
  const target = await context.connect({ changes: true });
  const chain = await chainMeant(context, target, references, options);
  const count = chain.versions.length;
  listVersions(context, chain);
  const change = `stop ${versions(count)} of ${entityLabel(chain.command)}`;
  if (context.dryRun) return await wouldChange(context, target, change, versionsOf(chain));
  await target.confirm(change, { ask: true, several: count > 1 });
  await eachVersion(context, chain, stopChain(chain, target.gateways.states, why, context.signal));
  return exitCodes.ok;
}

/** The one stuck chain that is named. */
async function chainMeant(
  context: Context,
  target: Target,
  [reference, ...others]: string[],
  options: Pick<AnswerOptions, 'machine' | 'deep'>,
): Promise<Chain> {
  if (reference === undefined || others.length > 0) {
    const message = 'a chain is named by its entity, or by one of its executions';
    throw new FlowError(exitCodes.usage, 'BadUsage', message, { hint: 'mbc-flow pending --stuck' });
  }
  const { machine, deep } = options;
  const search = await searchOn(context, target, { machine, deep });
  const { executionArn } = target;
  return await searching(context, () => findChain(reference, { search, executionArn }));
}

const versions = (count: number): string => `${count} version${count === 1 ? '' : 's'}`;

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

/** Prints each version as it is done, and at the end all of them, also where a signal broke it off. */
async function eachVersion(
  context: Context,
  { command, versions }: Chain,
  work: AsyncIterable<VersionDone>,
): Promise<VersionDone[]> {
  const entity = entityLabel(command);
  const of = versions.length;
  const done: VersionDone[] = [];
  const printAll = (): void => context.out.document({ entity, versions: done, left: of - done.length });
  try {
    for await (const one of work) {
      done.push(one);
      context.err.progress(`${done.length} of ${of} versions`);
      context.out.event(one, [versionLine(one)]);
    }
  } catch (error) {
    if (!context.signal.aborted) throw error;
    printAll();
    throw interrupted(
      context,
      `Interrupted: ${done.length} of ${of} versions of ${entity} are done; one that was answered goes on, the others are as they were.`,
      'the same command again goes on with the others',
      { done: done.length, of },
    );
  }
  printAll();
  return done;
}
