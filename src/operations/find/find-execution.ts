import { exitCodes, FlowError } from '../../errors.js';
import type { ExecutionSummary, StepFunctionsGateway } from '../../ports/aws.js';
import { nearMisses } from '../../workflow/answer/near-misses.js';
import { executionArnOf, machineName } from '../../workflow/names/arn.js';
import { readTypedName, typedName, typedNames } from '../../workflow/names/typed-name.js';

type States = Pick<StepFunctionsGateway, 'listStateMachines' | 'describeExecution' | 'listExecutions'>;

export interface KnownReferences {
  /** What was started on this target, the newest first. */
  started(): Promise<string[]>;
  machineArn(reference: string): Promise<string>;
  targetName: string;
  flagsForHints: string;
}

/** Executions of each machine that are looked through for a prefix. */
const MOST_LISTED = 1000;

/** `@last`, `@2`, `<machine>@last`, `<machine>@2`. */
const RECENT = /^(.*)@(last|[1-9]\d{0,3})$/;

/**
 * ARN of the execution that `reference` means: an ARN, a console URL, `@last`, `@2` (the one before it),
 * `<machine>@last`, `<machine>:<name>`, a name, or the beginning of a name that is nobody else's.
 * @throws FlowError 3 when there is none, 5 when several are meant: they are listed
 */
export async function findExecution(
  states: States,
  reference: string,
  known: KnownReferences,
): Promise<string> {
  const qualified = await ofMachine(states, reference);
  if (qualified !== undefined) return qualified;
  const [, machine, number] = RECENT.exec(reference) ?? [];
  if (
    machine !== undefined &&
    !/^(?:arn:[^:]*:states:[^:]*:[^:]*:(?:execution|express):|https?:)/.test(reference)
  ) {
    const nth = number === 'last' ? 1 : Number(number);
    return machine === ''
      ? await startedHere(reference, nth, known)
      : await newestOf(states, reference, await known.machineArn(machine), nth, known);
  }
  const arn = arnIn(reference);
  if (arn !== undefined) return arn;
  const machines: string[] = [];
  for await (const { type, stateMachineArn } of states.listStateMachines())
    if (type === 'STANDARD') machines.push(stateMachineArn);
  const named: string[] = [];
  for (const stateMachineArn of machines) {
    const candidate = executionArnOf(stateMachineArn, reference);
    if (await exists(states, candidate)) named.push(candidate);
  }
  return one(reference, named) ?? (await byPrefix(states, machines, reference, known));
}

/** As tables print what its name alone does not tell; a map run's child is found in no other way. */
async function ofMachine(states: States, reference: string): Promise<string | undefined> {
  const typed = readTypedName(reference);
  if (!typed) return undefined;
  for await (const { stateMachineArn } of states.listStateMachines()) {
    if (machineName(stateMachineArn) !== typed.machine) continue;
    const candidate = executionArnOf(stateMachineArn + typed.label, typed.name);
    return (await exists(states, candidate)) ? candidate : undefined;
  }
  return undefined;
}

async function startedHere(reference: string, nth: number, known: KnownReferences): Promise<string> {
  const started = await known.started();
  const found = started[nth - 1];
  if (found !== undefined) return found;
  const message =
    started.length === 0
      ? `nothing has been started on target ${known.targetName} yet`
      : `only the last ${started.length} executions started on target ${known.targetName} are remembered`;
  throw new FlowError(exitCodes.notFound, 'NoLastExecution', message, {
    where: reference,
    hint: `mbc-flow list${known.flagsForHints}`,
  });
}

async function newestOf(
  states: States,
  reference: string,
  stateMachineArn: string,
  nth: number,
  { flagsForHints }: KnownReferences,
): Promise<string> {
  let seen = 0;
  for await (const { executionArn } of states.listExecutions({ stateMachineArn, atMost: nth }))
    if (++seen === nth) return executionArn;
  const message =
    seen === 0 ? `${stateMachineArn} has no executions` : `${stateMachineArn} has only ${seen} executions`;
  throw new FlowError(exitCodes.notFound, 'ExecutionNotFound', message, {
    where: reference,
    hint: `mbc-flow list${flagsForHints}`,
  });
}

/** Only where no execution has the very name. */
async function byPrefix(
  states: States,
  machines: string[],
  reference: string,
  { targetName, flagsForHints }: KnownReferences,
): Promise<string> {
  const listed: ExecutionSummary[] = [];
  for (const stateMachineArn of machines) {
    let count = 0;
    for await (const execution of states.listExecutions({ stateMachineArn, atMost: MOST_LISTED })) {
      listed.push(execution);
      if (++count === MOST_LISTED) break;
    }
  }
  const begun = listed
    .filter(({ name }) => name.startsWith(reference))
    .map(({ executionArn }) => executionArn);
  const found = reference === '' ? undefined : one(reference, begun);
  if (found !== undefined) return found;
  const near = nearMisses(
    reference,
    listed.map(({ executionArn }) => typedName(executionArn)),
  );
  throw new FlowError(
    exitCodes.notFound,
    'ExecutionNotFound',
    `there is no execution ${reference} on target ${targetName}${near.length > 0 ? `; near: ${near.join(', ')}` : ''}`,
    { hint: `mbc-flow list${flagsForHints}`, details: near.length > 0 ? { near } : undefined },
  );
}

/** Undefined when there is none. @throws FlowError 5 when there are several */
function one(reference: string, found: string[]): string | undefined {
  if (found.length < 2) return found[0];
  const shown = found.slice(0, 10).map(typedNames(found)).join(', ');
  throw new FlowError(
    exitCodes.conflict,
    'SeveralExecutions',
    `${found.length} executions match ${reference}`,
    {
      where: found.length > 10 ? `${shown}, and ${found.length - 10} more` : shown,
      hint: 'use one of these, or the ARN',
      details: { candidates: found },
    },
  );
}

/** In an ARN as it is, or in the address of the console's page. */
function arnIn(reference: string): string | undefined {
  if (reference.startsWith('arn:')) return reference;
  if (!/^https?:\/\//.test(reference)) return undefined;
  return /arn:[\w-]+:states:[\w-]+:\d+:(?:execution|express):[^?#&/]+(?:\/[^:?#&]+)?:[^?#&]+/.exec(
    decoded(reference),
  )?.[0];
}

const decoded = (url: string): string => {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
};

async function exists(states: Pick<States, 'describeExecution'>, arn: string): Promise<boolean> {
  try {
    await states.describeExecution(arn);
    return true;
  } catch (error) {
    // A reference that is no possible name is refused as an invalid ARN: no such execution either.
    const { exitCode } = error as FlowError;
    if (exitCode === exitCodes.notFound || exitCode === exitCodes.usage) return false;
    throw error;
  }
}
