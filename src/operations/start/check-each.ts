import type { Evaluate } from '../../asl/engine/map-item.js';
import { exitCodes, FlowError } from '../../errors.js';
import { parsedJson } from '../../json/json.js';
import { jsonErrorOffset } from '../../json/json-positions.js';
import { jsonFault } from '../../json/parse.mjs';
import type { StepFunctionsGateway } from '../../ports/aws.js';
import type { FileSource } from '../../ports/file-source.js';
import type { InputCheck } from '../../workflow/trial/input-check.js';
import { checkFor, describeToStart, misfitLines, refuseLargeInput } from './check-input.js';
import { inputsOf } from './each-inputs.js';

export interface EachCheck {
  stateMachineArn: string;
  /** What names begin with. */
  label: string;
  source: FileSource;
  /** Tries each input on the machine's first states. */
  trial: boolean;
}

interface Around {
  states: Pick<StepFunctionsGateway, 'describeStateMachine'>;
  evaluate: Evaluate;
  clock: { now(): number };
  signal: AbortSignal;
  onProgress(inputs: number): void;
}

interface Problem {
  code: string;
  line: number;
  column: number;
  message: string;
}

const mostProblems = 20;

/**
 * The first pass: reads the file once and changes nothing. Ends early when `signal` fires.
 * @returns how many inputs there are, and the file's stamp
 * @throws FlowError 2 that lists the lines that are no inputs
 */
export async function checkEach(
  { stateMachineArn, label, source, trial }: EachCheck,
  { states, evaluate, clock, signal, onProgress }: Around,
): Promise<{ total: number; stamp: string }> {
  const machine = await describeToStart(states, stateMachineArn);
  if (machine?.type === 'EXPRESS') throw expressMachine(stateMachineArn);
  const check = trial ? checkFor(stateMachineArn, machine, evaluate) : async () => undefined;
  const now = clock.now();
  const stamp = await source.stamp();
  const problems: Problem[] = [];
  let total = 0;
  for await (const { line, name, input } of inputsOf(source, label, signal)) {
    const problem = await problemOf(name, input, check, now);
    if (problem) problems.push({ line, ...problem });
    if (problems.length >= mostProblems) break;
    onProgress(++total);
  }
  if (problems.length > 0) throw badLines(source.path, problems);
  if (total === 0 && !signal.aborted)
    throw new FlowError(exitCodes.usage, 'NoInputs', 'the file contains no inputs', { where: source.path });
  return { total, stamp };
}

const expressMachine = (stateMachineArn: string): FlowError =>
  new FlowError(
    exitCodes.usage,
    'ExpressMachine',
    'executions of an EXPRESS state machine have no unique names: an input could be started twice',
    { where: stateMachineArn, hint: 'start them one by one: mbc-flow start <machine> --input …' },
  );

async function problemOf(
  name: string,
  text: string,
  check: InputCheck,
  now: number,
): Promise<Omit<Problem, 'line'> | undefined> {
  if (parsedJson(text) === undefined)
    return {
      code: 'InvalidInput',
      column: (jsonErrorOffset(text) ?? 0) + 1,
      message: `the line ${jsonFault(text)}`,
    };
  try {
    refuseLargeInput(text);
  } catch (error) {
    return { code: 'InputTooLarge', column: 1, message: (error as Error).message };
  }
  const misfit = await check({ name, input: text }, now);
  if (!misfit) return undefined;
  const message = `it would fail at once in '${misfit.stateName}': ${misfitLines(misfit).join('; ')}`;
  return { code: 'InputDoesNotFit', column: 1, message };
}

function badLines(path: string, problems: Problem[]): FlowError {
  const places = problems.map(({ line, column }) => `${path}:${line}:${column}`);
  const messages = problems.map(({ message }, index) =>
    index === 0 ? message : `${places[index]} ${message}`,
  );
  return new FlowError(exitCodes.usage, problems[0]?.code ?? '', messages.join('\n  '), {
    where: places[0],
    hint: 'nothing was started; correct the lines and run the same command again',
    details: { problems },
  });
}
