import { exitCodes, FlowError } from '../../errors.js';
import { editJson } from '../../files/editor.js';
import { parsedAsWritten } from '../../json/json.js';
import { sendAnswers } from '../../operations/answer/send-answers.js';
import { planSteps } from '../../operations/desk/plan-steps.js';
import { parentOfChild } from '../../operations/execution/parent-of-child.js';
import { planRedrive, refuseUnredrivable } from '../../operations/execution/plan-redrive.js';
import { stopExecution } from '../../operations/execution/stop-executions.js';
import { inputOfExecution } from '../../operations/start/execution-input.js';
import { prepareStart } from '../../operations/start/prepare-start.js';
import { startExecution } from '../../operations/start/start-execution.js';
import * as answers from '../../views/answer/answers.js';
import type { Act } from '../../views/desk/acts.js';
import { redrivePlanLines } from '../../views/execution/redrive-plan.js';
import { namesOf } from '../../views/execution/stop-redrive-documents.js';
import { oneLine } from '../../views/text/safe-text.js';
import type { Decision } from '../../workflow/answer/approval-decision.js';
import { executionParts, machineName } from '../../workflow/names/arn.js';
import { consoleUrl } from '../../workflow/names/console-url.js';
import { rerunName } from '../../workflow/names/rerun-name.js';
import { answeringOn } from '../answer/answer-context.js';
import { changeOf } from '../answer/question.js';
import { searchOn } from '../answer/search-options.js';
import { browse } from '../execution/open-browser.js';
import type { Context } from '../shell/context.js';
import type { Target } from '../shell/target.js';

/** What acts need of the screen. */
export interface ActingDesk {
  context: Context;
  /** Its calls are made at once. */
  target: Target;
  /** Before the next question: what is decided. */
  tell(line: string): void;
  /** A text; undefined: left. */
  ask(question: string): Promise<string | undefined>;
  busy(text: string): void;
  done(text: string, failed?: boolean): void;
  /** What became of it is looked at at once. `since`: it runs again, epoch milliseconds. */
  changed(executionArn: string, since?: number): void;
  /** Another one was started. */
  open(executionArn: string): void;
  /** The terminal is another program's for a while. */
  aside<T>(work: () => Promise<T>): Promise<T>;
  write(control: string): void;
}

/** Does what a key asked for; what goes wrong is told on the screen. */
export async function perform(act: Act, desk: ActingDesk): Promise<void> {
  try {
    await acts[act.type](act as never, desk);
  } catch (error) {
    if (!(error instanceof FlowError)) throw error;
    const said = error.hint === undefined ? error.message : `${error.message} (${error.hint})`;
    desk.done(said, error.code !== 'Declined');
  }
}

type Acting<T extends Act['type']> = (act: Extract<Act, { type: T }>, desk: ActingDesk) => Promise<void>;

const answer: Acting<'answer'> = async ({ verb, steps }, desk) => {
  const { context, target } = desk;
  const decision = await decisionOf(verb, desk);
  if (!decision) return desk.done(`${verb}: nothing was changed`);
  desk.busy(`Reading ${steps.length === 1 ? 'the step' : `${steps.length} steps`}…`);
  const search = { ...(await searchOn(context, target, {})), onProgress() {} };
  const answering = await answeringOn(context, target, decision, {});
  const plan = await planSteps(steps, search, answering);
  const now = context.clock.now();
  const [only] = plan.ready;
  for (const { requestId, error } of plan.refused) desk.tell(answers.refusedLine(requestId, error));
  if (plan.one && only)
    for (const line of answers.questionLines(only, now, context.terminal)) desk.tell(line);
  else for (const one of plan.ready) desk.tell(answers.listedLine(one, now));
  const several = plan.ready.length > 1;
  if (plan.ready.length > 0) await target.confirm(changeOf(plan, verb), { ask: true, several });
  desk.busy(`${verb}…`);
  for await (const event of sendAnswers(plan, answering)) {
    if (event.type === 'answered') {
      desk.done(answers.answeredLine(verb, event.answer, event.result));
      desk.changed(event.answer.task.execution.executionArn);
    } else if (event.type === 'refused')
      desk.done(answers.refusedLine(event.name, event.error, 'not answered: '), true);
  }
};

/** Undefined: left without one. */
async function decisionOf(
  verb: Extract<Act, { type: 'answer' }>['verb'],
  { ask }: ActingDesk,
): Promise<Decision | undefined> {
  if (verb === 'approve') return { verb };
  if (verb === 'reject') {
    const reason = (await ask('Reason: '))?.trim();
    return reason ? { verb, reason } : undefined;
  }
  if (verb === 'fail') {
    const error = await ask('Error name: ');
    const cause = error === undefined ? undefined : await ask('Cause: ');
    return error === undefined || cause === undefined
      ? undefined
      : { verb, ...(error !== '' && { error }), ...(cause !== '' && { cause }) };
  }
  const text = await ask('Answer as JSON (nothing: the usual one): ');
  if (text === undefined || text.trim() === '') return text === undefined ? undefined : { verb };
  const value = parsedAsWritten(text);
  if (value === undefined)
    throw new FlowError(exitCodes.usage, 'InvalidAnswer', 'the answer is not valid JSON');
  return { verb, answer: value };
}

const redrive: Acting<'redrive'> = async ({ executions }, desk) => {
  const { context, target } = desk;
  const { states } = target.gateways;
  desk.busy('Reading what a redrive would do…');
  const arns = [
    ...new Set(await Promise.all(executions.map(({ executionArn }) => parentOf(executionArn, target)))),
  ];
  for (const arn of arns) {
    const plan = await planRedrive(states, arn);
    for (const line of redrivePlanLines(plan, context.clock.now(), false, target.flagsForHints))
      desk.tell(line);
    if (arns.length === 1) refuseUnredrivable(plan, target.flagsForHints);
  }
  const several = arns.length > 1;
  await target.confirm(`redrive ${several ? `${arns.length} executions: ` : ''}${namesOf(arns)}`, {
    ask: true,
    several,
  });
  await each(arns, desk, async (arn) => {
    const { redriveDate } = await states.redriveExecution(arn);
    desk.done(`redriven ${nameOf(arn)}`);
    desk.changed(arn, redriveDate.getTime());
  });
};

/** The execution of a map run is redriven by its parent. */
async function parentOf(executionArn: string, { gateways }: Target): Promise<string> {
  if (!executionParts(executionArn).stateMachineArn?.includes('/')) return executionArn;
  const { states } = gateways;
  return (await parentOfChild(states, await states.describeExecution(executionArn))) ?? executionArn;
}

const stop: Acting<'stop'> = async ({ executions }, desk) => {
  const { target } = desk;
  const arns = executions.map(({ executionArn }) => executionArn);
  const several = arns.length > 1;
  await target.confirm(`stop ${several ? `${arns.length} executions: ` : ''}${namesOf(arns)}`, {
    ask: true,
    several,
  });
  await each(arns, desk, async (arn) => {
    await stopExecution(target.gateways.states, arn, {}, target.flagsForHints);
    desk.done(`stopped ${nameOf(arn)}`);
    desk.changed(arn);
  });
};

const rerun: Acting<'rerun'> = async ({ executionArn, edit }, desk) => {
  const { context, target } = desk;
  const { evaluate, clock } = context;
  const { states } = target.gateways;
  const before = await states.describeExecution(executionArn);
  const given = inputOfExecution(before);
  const input = edit ? await desk.aside(() => editJson(context, given, 'input')) : given;
  const { stateMachineArn } = before;
  const name = rerunName(before.name, clock.now());
  await prepareStart(
    { stateMachineArn, name, input, where: executionArn, again: false, check: 'skip' },
    { states, evaluate, clock },
  );
  desk.tell(`input  ${oneLine(input)}`);
  await target.confirm(`start ${machineName(stateMachineArn)} again as ${name}`, { ask: true });
  const started = await startExecution(states, { stateMachineArn, name, input });
  await target.rememberExecution(started.executionArn);
  desk.done(`started ${name}`);
  desk.changed(started.executionArn);
  desk.open(started.executionArn);
};

const openConsole: Acting<'console'> = async ({ arn }, { context, done }) => {
  const url = consoleUrl(arn);
  await browse(context, url);
  done(`console: ${url}`);
};

/** OSC 52: the terminal puts it on the clipboard, through ssh and tmux too, where it may. */
const copy: Acting<'copy'> = async ({ text }, { write, done }) => {
  write(`\u001b]52;c;${Buffer.from(text).toString('base64')}\u0007`);
  done(`copied ${text}`);
};

const acts: { [T in Act['type']]: Acting<T> } = {
  answer,
  redrive,
  stop,
  rerun,
  console: openConsole,
  copy,
};

/** One after the other; what one could not be done to does not keep the others. */
async function each(
  arns: readonly string[],
  desk: ActingDesk,
  work: (arn: string) => Promise<void>,
): Promise<void> {
  for (const arn of arns) {
    if (desk.context.signal.aborted) return;
    desk.busy(nameOf(arn));
    try {
      await work(arn);
    } catch (error) {
      if (!(error instanceof FlowError)) throw error;
      desk.done(`${nameOf(arn)}: ${error.message}`, true);
    }
  }
}

const nameOf = (arn: string): string => executionParts(arn).name ?? arn;
