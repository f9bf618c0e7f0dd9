import { exitCodes, FlowError } from '../../errors.js';
import { entityLabel, isCalled, type StuckChain } from '../../framework/command/version-chain.js';
import { isExecutionReference } from '../../workflow/names/arn.js';
import { findPaused } from '../pending/find-paused.js';
import { type CommandExecution, chainsIn } from '../pending/stuck-commands.js';
import type { FindingMeant } from './find-steps.js';

/**
 * The one stuck chain that is meant: by its entity, or by an execution or request id of one of its versions.
 * @throws FlowError 3 when there is none, 5 when there are several
 */
export async function findChain(
  reference: string,
  { search, executionArn }: Pick<FindingMeant, 'search' | 'executionArn'>,
): Promise<StuckChain<CommandExecution>> {
  const arn = isExecutionReference(reference) ? await executionArn(reference) : undefined;
  const isMeant = ({ execution, task }: CommandExecution): boolean =>
    execution.executionArn === arn ||
    execution.name === reference ||
    task?.requestIds.includes(reference) === true;
  const meant = chainsIn(await findPaused(search)).filter(
    ({ command, versions }) => isCalled(command, reference) || versions.some(({ of }) => isMeant(of)),
  );
  const [chain] = meant;
  if (!chain) {
    throw new FlowError(exitCodes.notFound, 'ChainNotFound', `no stuck chain is ${reference}`, {
      hint: `mbc-flow pending --stuck${search.flagsForHints}`,
    });
  }
  if (meant.length > 1) {
    throw new FlowError(exitCodes.conflict, 'SeveralChains', `several stuck chains are ${reference}`, {
      where: meant.map(({ command }) => `${command.table}/${entityLabel(command)}`).join(', '),
      hint: 'name it with its table: table/pk/sk',
    });
  }
  return chain;
}
