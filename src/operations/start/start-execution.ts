import { exitCodes, FlowError } from '../../errors.js';
import { jsonDifferences } from '../../json/difference.js';
import { parseOwn } from '../../json/lossless.js';
import type { StepFunctionsGateway } from '../../ports/aws.js';
import { redactTokens } from '../../workflow/history/redact.js';
import { executionArnOf } from '../../workflow/names/arn.js';
import { startUnlessThere } from '../execution/start-once.js';
import { refuseLargeInput } from './check-input.js';

export interface Start {
  stateMachineArn: string;
  name: string;
  /** JSON text. */
  input: string;
}

export interface Started {
  executionArn: string;
  startDate: Date;
  /** It was there before: its status, where that is known. */
  former?: string;
}

type States = Pick<StepFunctionsGateway, 'startExecution' | 'describeExecution'>;

/**
 * Starts one execution. A name that was given before means the same execution where its input is the same.
 * @throws FlowError 2 for an input beyond AWS's limit, 5 when the name is taken with another input
 */
export async function startExecution(states: States, start: Start): Promise<Started> {
  refuseLargeInput(start.input);
  return await startUnlessThere(states, start, async (_, error) => {
    const former = await formerExecution(states, start);
    if (former) return former;
    throw error;
  });
}

/**
 * The execution that was started before under this name with this input; undefined where there is none, or where the
 * caller may not see it.
 * @throws FlowError 5 when it had another input
 */
export async function formerExecution(
  states: Pick<StepFunctionsGateway, 'describeExecution'>,
  { stateMachineArn, name, input }: Start,
): Promise<Started | undefined> {
  const executionArn = executionArnOf(stateMachineArn, name);
  const former = await states.describeExecution(executionArn).catch((error: unknown) => {
    if (error instanceof FlowError && mayBeAbsent.has(error.exitCode)) return undefined;
    throw error;
  });
  if (former?.input === undefined) return undefined;
  const { startDate, status } = former;
  const differences = jsonDifferences(parseOwn(former.input), parseOwn(input));
  if (differences.length === 0) return { executionArn, startDate, former: status };
  const lines = differences.slice(0, mostShown).map(({ path, before, after }) => {
    return `${path}: ${shown(before)} there, ${shown(after)} here`;
  });
  const more = differences.length - mostShown;
  throw new FlowError(
    exitCodes.conflict,
    'ExecutionAlreadyExists',
    [
      `${name} was started with another input at ${startDate.toISOString()} (${status})`,
      ...lines,
      ...(more > 0 ? [`and ${more} more`] : []),
    ].join('\n  '),
    {
      where: executionArn,
      hint: 'use another --name to start another execution',
      details: { differences: differences.map(({ path }) => path) },
    },
  );
}

const mayBeAbsent = new Set<number>([exitCodes.notFound, exitCodes.denied]);
const mostShown = 10;

function shown(text: string | undefined): string {
  if (text === undefined) return 'nothing';
  const safe = redactTokens(text);
  return safe.length > 60 ? `${safe.slice(0, 60)}…` : safe;
}
