import { type ExitCode, exitCodes, FlowError } from '../../errors.js';
import type { JsonObject } from '../../json/json.js';
import { parseWritten } from '../../json/lossless.js';
import {
  type DefinitionSide,
  definitionInUse,
  diffDefinitions,
  diffExecutions,
} from '../../operations/machine/diff.js';
import { unlessDenied } from '../../operations/pace/unless-denied.js';
import { type RecordedExecution, readRecorded } from '../../operations/rehearsal/recorded-execution.js';
import {
  definitionDiffDocument,
  definitionDiffLines,
  executionDiffDocument,
  executionDiffLines,
  sameDefinitions,
  sameExecutions,
} from '../../views/machine/diff.js';
import type { Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import { isFile, readDefinitionFile } from '../shell/input/definition-file.js';
import type { Target } from '../shell/target.js';
import type { declaration } from './diff.js';

export const run: Run<typeof declaration> = async (context, [before, after], { exitCode = false }) => {
  const { out, terminal, clock } = context;
  const [one, other] = [await sideOf(context, before), await sideOf(context, after)];
  const code = (same: boolean): ExitCode => (exitCode && !same ? exitCodes.failed : exitCodes.ok);
  if (one.execution && other.execution) {
    const diff = diffExecutions(one.execution, other.execution);
    out.document(executionDiffDocument(diff), executionDiffLines(diff, terminal));
    return code(sameExecutions(diff));
  }
  const diff = diffDefinitions(definitionOf(one), definitionOf(other));
  const { live } = one;
  if (live?.standard && !sameDefinitions(diff))
    diff.inUse = await definitionInUse(live.target.gateways.states, live.stateMachineArn, diff, clock.now());
  out.document(definitionDiffDocument(diff), definitionDiffLines(diff, terminal));
  return code(sameDefinitions(diff));
};

interface Side {
  reference: string;
  definition?: JsonObject;
  execution?: RecordedExecution;
  /** A machine as it is now. */
  live?: { target: Target; stateMachineArn: string; standard: boolean };
}

async function sideOf(context: Context, reference: string): Promise<Side> {
  if (await isFile(context, reference)) {
    const command = (machine: string) => `mbc-flow graph ${reference} --machine ${machine}`;
    const { definition } = await readDefinitionFile(context, reference, undefined, command);
    return { reference, definition };
  }
  const [, name = '', rest = ''] = /^([\w-]+):(.+)$/s.exec(reference) ?? [];
  const named = name === '' || name === 'arn' ? undefined : await context.connectNamed(name);
  const target = named ?? (await context.connect({ changes: false }));
  return { ...(await onTarget(context, target, named ? rest : reference)), reference };
}

async function onTarget(
  context: Context,
  target: Target,
  reference: string,
): Promise<Omit<Side, 'reference'>> {
  const ofExecution = async (executionArn: string) => ({
    execution: await readRecorded(target.gateways, executionArn, context.clock.now()),
  });
  if (reference.includes('@') || /:(execution|express):|^https?:/.test(reference))
    return await ofExecution(await target.executionArn(reference));
  try {
    const stateMachineArn = await target.machineArn(reference);
    const { definition, type } = await target.gateways.states.describeStateMachine(stateMachineArn);
    const live = { target, stateMachineArn, standard: type === 'STANDARD' };
    return { definition: parseWritten(definition) as JsonObject, live };
  } catch (error) {
    if ((error as FlowError).exitCode !== exitCodes.notFound || reference.startsWith('arn:')) throw error;
    // A name that no machine has may be an execution's; when it is not, the machine is what was missed.
    const found = await target.executionArn(reference).catch(unlessDenied);
    if (found === undefined) throw error;
    return await ofExecution(found);
  }
}

function definitionOf({ reference, definition, execution }: Side): DefinitionSide {
  if (definition) return { reference, definition };
  if (execution?.definition !== undefined)
    return { reference, definition: parseWritten(execution.definition) as JsonObject };
  throw new FlowError(exitCodes.notFound, 'DefinitionUnknown', 'the definition that it ran is not known', {
    where: reference,
  });
}
